// What a training starts from, as its options name it: a policy, another run, data. Read once, before the first episode
// begins; a resumed training has it in its checkpoints.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "agent/agent_core.h"
#include "ddpg/options.h"

namespace ddpg {

bool begins_from_something(const Options& options);

// Options whose files mean the same in every working folder: those to start from, and the model of the task.
Options with_absolute_files(Options options);
// The same of one text of that option or setting ("env.xml_file").
std::string with_absolute_file(std::string_view key, const std::string& text);

// What was taken.
struct Beginning {
  std::string sources;  // as JSON, docs/run-folder.md; "": nothing was
  std::string warning;  // what should be known of it; "": nothing
};

// Throws UsageError where a file cannot be read or does not fit, with everything that differs; the agent must not be
// used then. Throws Interrupted when `*stop` becomes true.
Beginning begin_from(const Options& options, AgentCore& agent, const std::atomic<bool>* stop = nullptr);

}  // namespace ddpg
