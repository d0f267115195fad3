// The RUN|POLICY of the verbs that play a trained policy.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "ddpg/environment.h"
#include "ddpg/policy.h"
#include "program/flags.h"

namespace ddpg::cli {

// What these verbs take first.
void add_target(Flags& flags, std::string& target);

// The policy file that `target` means: itself, or that of the run whose folder it is, the last one or the `best`.
// Throws UsageError when there is none; `verb` is for the example in the message.
std::filesystem::path policy_file(const std::string& target, const std::string& verb, bool best = false);

// The policy in a file, or the one that a training had at that checkpoint.
Policy load_policy(const std::filesystem::path& file);

// The environment that `policy`, read from `file`, was trained in. Throws UsageError where it has been changed since.
std::unique_ptr<Environment> environment_of(const Policy& policy, const std::filesystem::path& file);

}  // namespace ddpg::cli
