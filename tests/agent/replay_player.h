// Episodes played into a replay buffer, and the plainest buffer that holds them, for the tests of Replay.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "agent/learning_rule.h"
#include "agent/replay.h"

namespace ddpg::testing {

inline constexpr int kObservations = 3, kActions = 2;

inline bool same(const StoredTransition& a, const StoredTransition& b) {
  return a.observation == b.observation && a.action == b.action && a.next_observation == b.next_observation &&
         a.reward == b.reward && a.terminated == b.terminated && a.truncated == b.truncated;
}

inline void sample(const Replay& replay, RandomStream& random, Minibatch& minibatch) {
  LearningRule(Options()).sampler->sample(replay, random, minibatch);
}

// What the buffer promises, done in the plainest way: whole transitions in a queue.
class NaiveReplay {
 public:
  explicit NaiveReplay(std::size_t capacity) : capacity_(capacity) {}

  void add(const StoredTransition& transition) {
    if (transitions_.size() == capacity_) transitions_.pop_front();
    transitions_.push_back(transition);
  }

  std::int64_t size() const { return static_cast<std::int64_t>(transitions_.size()); }
  const StoredTransition& at(std::int64_t age) const { return transitions_[static_cast<std::size_t>(age)]; }

 private:
  std::size_t capacity_;
  std::deque<StoredTransition> transitions_;
};

// Plays episodes of random length into a buffer, every number in them different: an observation is the number of the
// fresh observation it came as, a reward that of its transition.
class Player {
 public:
  Player(Replay& replay, double end_probability, std::uint64_t seed, int copy = 0)
      : replay_(replay),
        end_probability_(end_probability),
        random_(seed, "player", static_cast<std::uint64_t>(copy)),
        copy_(copy),
        observations_(copy * 100'000) {}

  void end_with(double probability) { end_probability_ = probability; }
  StoredTransition play_step() {
    if (!playing_) replay_.begin_episode(observation_ = fresh(), copy_);
    StoredTransition transition;
    transition.observation = rounded(observation_);
    transition.action = {static_cast<float>(random_.uniform()), static_cast<float>(random_.uniform())};
    transition.reward = static_cast<float>(steps_++);
    const bool ends = random_.uniform() < end_probability_;
    const std::uint64_t how = random_.below(3);
    transition.terminated = ends && how != 0;
    transition.truncated = ends && how != 1;
    observation_ = fresh();
    transition.next_observation = rounded(observation_);
    replay_.add(transition.action, transition.reward, transition.terminated, transition.truncated, observation_, copy_);
    playing_ = !ends;
    return transition;
  }

 private:
  std::vector<double> fresh() {
    const double n = ++observations_;
    return {n, n + 0.25, -n};
  }
  static std::vector<float> rounded(const std::vector<double>& observation) {
    return {observation.begin(), observation.end()};
  }

  Replay& replay_;
  double end_probability_;
  RandomStream random_;
  std::vector<double> observation_;
  int copy_, observations_, steps_ = 0;
  bool playing_ = false;
};

}  // namespace ddpg::testing
