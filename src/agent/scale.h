// Which numbers are out of scale: bounds of actions so wide that they bound nothing; observations, rewards and values
// far from those that networks learn well from; an actor that is at its bounds for good. A training warns of each once,
// in its rows of progress, and when a number stops being finite the error names what was measured. Nothing that is
// learnt depends on it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ddpg/environment.h"
#include "ddpg/options.h"
#include "support/snapshot.h"

namespace ddpg {

class Scale {
 public:
  Scale(const Options& options, const Specification& specification);

  void see_observation(std::span<const double> observation);
  void see_reward(double reward);
  // A mean of Q over minibatches, in the rewards' unit, and the deviation by which rewards are divided (1: none).
  void see_value(double q, double deviation);
  // The share of an actor's update's actions that were at a bound, 0 to 1.
  void see_saturation(double share);

  // What is out of scale and was not reported before, with the option that helps; "" when nothing is.
  std::string take_warning();
  // Why a number may have stopped being finite, and what helps.
  std::string cause() const;
  // What is wrong with the bounds of the actions; "" when nothing is.
  const std::string& bounds() const { return bounds_; }

  void exchange(Snapshot& snapshot);
  // The size of the rewards that another training's critic has learnt from, where that critic is this one's now.
  void take_learnt(Snapshot& snapshot);

 private:
  std::string observations() const;
  std::string rewards() const;
  std::string values() const;
  std::string ends() const;
  std::string saturation() const;
  void exchange_saturation(Snapshot& snapshot);

  bool normalises_observations_, normalises_rewards_, plays_at_random_, penalises_actions_;
  double discount_;
  bool has_ends_;         // critic.head is a distribution: values lie from v_min_ to v_max_
  double v_min_, v_max_;  // in the unit that is learnt from
  std::string bounds_;
  std::int64_t observations_seen_ = 0, rewards_seen_ = 0;
  std::vector<double> squares_;                    // of each number of the observations, summed
  double reward_ = 0;                              // the size of the largest
  double lowest_reward_ = 0, highest_reward_ = 0;  // and 0
  double q_ = 0;                                   // of the means, the one furthest from 0
  double largest_q_ = 0;                           // the size of the largest, as the critic knows it
  double newest_q_ = 0;                            // the newest, as the critic knows it
  std::int64_t saturated_updates_ = 0;             // of the actor, the last ones, whose every action was at a bound
  // Of each warning, in the order of take_warning(). The last, of saturation, has a name of its own in checkpoints.
  static constexpr std::size_t kWarnings = 5;
  std::array<std::uint8_t, kWarnings> told_{};
};

}  // namespace ddpg
