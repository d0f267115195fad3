// The tables of parts. In each the first that the options ask for is taken; the last one is plain DDPG.
#include "agent/learning_rule.h"

#include <algorithm>
#include <span>

namespace ddpg {
namespace {

const Part<Sampler>* const kSamplers[] = {&prioritised_sampler, &uniform_sampler};
const Part<Target, CriticHead>* const kTargets[] = {&joined_target, &bootstrap_target};
const Part<CriticHead>* const kCriticHeads[] = {&two_hot_head, &categorical_head, &huber_head, &squared_error_head};
const Part<Schedule>* const kSchedules[] = {&hard_copies, &soft_updates};

template <class Interface, class... Given, std::size_t size>
std::unique_ptr<Interface> make(const Part<Interface, Given...>* const (&table)[size], const Options& options,
                                const Given&... given) {
  const auto found = std::ranges::find_if(table, [&](const auto* part) { return part->wanted(options); });
  return (*(found == std::end(table) ? std::prev(found) : found))->make(options, given...);
}

}  // namespace

int outputs_of_critic(const Options& options) {
  Options of_one_row = options;  // who asks may want to know first what memory a minibatch takes
  of_one_row.batch_size = 1;
  return make(kCriticHeads, of_one_row)->outputs();
}

LearningRule::LearningRule(const Options& options, const Kernels& kernels)
    : sampler(make(kSamplers, options)),
      head(make(kCriticHeads, options)),
      target(make(kTargets, options, *head)),
      schedule(make(kSchedules, options)) {
  head->compute_with(kernels);
}

}  // namespace ddpg
