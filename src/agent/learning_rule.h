// The learning rule is made of parts, each a small interface with a table of implementations:
//   11        Sampler     which transitions, with which weights         sampler.h
//   12        Target      what Q(s, a) should be: y                     target.h
//   12, 13    CriticHead  what a critic's outputs mean; the loss        critic_head.h
//   13 to 15  Schedule    who takes a step at an update                 schedule.h
// A new one is a file, a declaration in the part's header, and a row in learning_rule.cpp. Not here: the networks
// (actor_critic.h), and the update that the parts make together (learner.cpp).
#pragma once

#include <memory>

#include "agent/critic_head.h"
#include "agent/sampler.h"
#include "agent/schedule.h"
#include "agent/target.h"

namespace ddpg {

// The parts that these options ask for.
struct LearningRule {
  explicit LearningRule(const Options& options, const Kernels& kernels = best_kernels());

  std::unique_ptr<Sampler> sampler;
  std::unique_ptr<CriticHead> head;
  std::unique_ptr<Target> target;
  std::unique_ptr<Schedule> schedule;
};

// What the head that these options ask for has as its critics' outputs.
int outputs_of_critic(const Options& options);

}  // namespace ddpg
