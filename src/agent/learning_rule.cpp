// The tables of parts. In each the first that the options ask for is taken; the last one is plain DDPG.
#include "agent/learning_rule.h"

#include <algorithm>
#include <span>

namespace ddpg {
namespace {

const Part<Sampler>* const kSamplers[] = {&uniform_sampler};
const Part<Target>* const kTargets[] = {&bootstrap_target};
const Part<CriticHead>* const kCriticHeads[] = {&squared_error_head};
const Part<Schedule>* const kSchedules[] = {&hard_copies, &soft_updates};

template <class Interface, std::size_t size>
std::unique_ptr<Interface> make(const Part<Interface>* const (&table)[size], const Options& options) {
  const auto found = std::ranges::find_if(table, [&](const auto* part) { return part->wanted(options); });
  return (*(found == std::end(table) ? std::prev(found) : found))->make(options);
}

}  // namespace

LearningRule::LearningRule(const Options& options)
    : sampler(make(kSamplers, options)),
      target(make(kTargets, options)),
      head(make(kCriticHeads, options)),
      schedule(make(kSchedules, options)) {}

}  // namespace ddpg
