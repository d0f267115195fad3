// The RUN|POLICY of the verbs that play a trained policy.
#pragma once

#include <filesystem>
#include <string>

namespace ddpg::cli {

// The policy file that `target` means: itself, or that of the run whose folder it is. Throws UsageError when there is
// none; `verb` is for the example in the message.
std::filesystem::path policy_file(const std::string& target, const std::string& verb);

}  // namespace ddpg::cli
