// How a public Agent is made, which its options may let begin from files.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "agent/agent_impl.h"
#include "ddpg/error.h"
#include "run/beginning.h"

namespace ddpg {
namespace {

const Options& checked(const Options& options, const Specification& specification, int actors) {
  const std::vector<std::string> wrong = agent_violations(options, specification, actors);
  if (!wrong.empty()) throw UsageError(fmt::format("[agent] {}", fmt::join(wrong, "\n  ")));
  return options;
}

}  // namespace

Agent::Agent(const Options& options, const Specification& specification, int actors)
    : impl_(std::make_unique<Impl>(checked(options, specification, actors), specification, actors)) {
  impl_->warning = begin_from(impl_->options, impl_->core).warning;
}

}  // namespace ddpg
