// Minibatches in proportion to priorities: the tree against a plain list, the law by chi-square, and what is learnt and
// kept of each transition.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "agent/learning_rule.h"
#include "agent/sum_tree.h"
#include "ddpg/error.h"

namespace ddpg {
namespace {

TEST(SumTree, FindsWhatAPlainListFinds) {
  RandomStream random(0);
  for (const std::int64_t leaves : {1, 2, 3, 7, 64, 100}) {
    SumTree tree(leaves);
    std::vector<double> list(static_cast<std::size_t>(leaves));
    for (int change = 0; change < 300; change++) {
      const auto leaf = random.below(static_cast<std::uint64_t>(leaves));
      list[leaf] = random.below(4) == 0 ? 0 : static_cast<double>(1 + random.below(8));  // their sums are exact
      tree.set(static_cast<std::int64_t>(leaf), list[leaf]);
      const double total = std::accumulate(list.begin(), list.end(), 0.0);
      ASSERT_EQ(tree.total(), total);
      if (total == 0) continue;
      const double drawn = random.uniform() * total;
      std::size_t expected = 0;
      for (double below = list[0]; drawn >= below; below += list[++expected]) continue;
      ASSERT_EQ(tree.find(drawn), static_cast<std::int64_t>(expected)) << leaves;
      ASSERT_GT(tree.at(tree.find(std::nextafter(total, 0))), 0);
      ASSERT_GT(tree.at(tree.find(total)), 0);  // as rounding may ask
      const auto before = static_cast<std::ptrdiff_t>(random.below(static_cast<std::uint64_t>(leaves)));
      ASSERT_EQ(tree.sum_before(before), std::accumulate(list.begin(), list.begin() + before, 0.0)) << before;
    }
  }
}

Options lap(std::int64_t capacity, Priority priority = Priority::lap) {
  Options options;
  options.replay_capacity = capacity;
  options.replay.priority = priority;
  return options;
}

Replay with_steps(std::int64_t capacity, int transitions) {
  Replay replay(1, 1, capacity);
  replay.begin_episode(std::vector<double>{0});
  for (int t = 0; t < transitions; t++)
    replay.add(std::vector<float>{0}, t, false, false, std::vector<double>{1.0 * t});
  return replay;
}

// How often each transition is drawn in `draws` minibatches of 100.
std::vector<int> drawn(Sampler& sampler, const Replay& replay, RandomStream& random, int draws) {
  std::vector<int> counts(static_cast<std::size_t>(replay.kept().end));
  Minibatch minibatch(100, 1, 1);
  for (int i = 0; i < draws; i++) {
    sampler.sample(replay, random, minibatch);
    for (std::size_t row = 0; row < 100; row++) {
      counts.at(static_cast<std::size_t>(minibatch.index[row]))++;
      EXPECT_EQ(minibatch.reward[row], static_cast<float>(minibatch.index[row]));
    }
  }
  return counts;
}

// Tells the sampler an error of each of these transitions.
void learn(Sampler& sampler, std::int64_t first, const std::vector<float>& errors) {
  Minibatch minibatch(static_cast<int>(errors.size()), 1, 1);
  std::iota(minibatch.index.begin(), minibatch.index.end(), first);
  sampler.learnt(minibatch, errors);
}

double chi_square(const std::vector<int>& counts, std::size_t first, const std::vector<double>& chances) {
  const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
  const double total = std::accumulate(chances.begin(), chances.end(), 0.0);
  double sum = 0;
  for (std::size_t i = 0; i < chances.size(); i++) {
    const double expected = all * chances[i] / total;
    sum += (counts[first + i] - expected) * (counts[first + i] - expected) / expected;
  }
  return sum;
}

// In a ring that has gone round: 30 transitions, numbers 20 to 49.
TEST(PrioritisedSampler, DrawsInProportionToMaxOfErrorAndFloorToTheAlpha) {
  const Replay replay = with_steps(30, 50);
  const LearningRule rule(lap(30));
  RandomStream random(1);
  drawn(*rule.sampler, replay, random, 1);
  std::vector<float> errors;
  std::vector<double> chances;
  for (int i = 0; i < 30; i++) {
    errors.push_back((i % 2 == 0 ? -1.0f : 1.0f) * static_cast<float>(i) / 3);
    chances.push_back(std::pow(std::max(std::fabs(errors.back()), 1.0f), 0.4));
  }
  learn(*rule.sampler, 20, errors);
  const std::vector<int> counts = drawn(*rule.sampler, replay, random, 600);
  EXPECT_LT(chi_square(counts, 20, chances), 67);                // 29 degrees of freedom: one time in 10,000 above
  EXPECT_GT(chi_square(counts, 20, std::vector(30, 1.0)), 500);  // all alike they are not
}

TEST(PrioritisedSampler, PerDrawsByTheErrorAndWeighsItAgain) {
  const Replay replay = with_steps(30, 50);
  Options options = lap(30, Priority::per);
  options.replay.alpha = 0.6;
  options.replay.beta = 0.7;
  options.replay.epsilon = 0.05;
  const LearningRule rule(options);
  RandomStream random(1);
  EXPECT_LT(chi_square(drawn(*rule.sampler, replay, random, 300), 20, std::vector(30, 1.0)), 67);  // all are new
  std::vector<float> errors;
  std::vector<double> chances;
  for (int i = 0; i < 30; i++) {
    errors.push_back((i % 2 == 0 ? -1.0f : 1.0f) * static_cast<float>(i) / 10);
    chances.push_back(std::pow(std::fabs(errors.back()) + 0.05, 0.6));
  }
  learn(*rule.sampler, 20, errors);
  EXPECT_LT(chi_square(drawn(*rule.sampler, replay, random, 600), 20, chances), 67);

  Minibatch minibatch(100, 1, 1);
  rule.sampler->sample(replay, random, minibatch);
  const auto weight_of = [&](std::int64_t index) {  // as the paper has it: the N and the sum go out
    return std::pow(30 * chances[static_cast<std::size_t>(index - 20)], -0.7);
  };
  double largest = 0;
  for (const std::int64_t index : minibatch.index) largest = std::max(largest, weight_of(index));
  for (std::size_t i = 0; i < 100; i++)
    EXPECT_NEAR(minibatch.weight[i], weight_of(minibatch.index[i]) / largest, 1e-5) << i;
  EXPECT_EQ(*std::ranges::max_element(minibatch.weight), 1);
}

TEST(PrioritisedSampler, WeightsOfPerCountMoreAndMore) {
  const Replay replay = with_steps(30, 30);
  Options options = lap(30, Priority::per);
  options.replay.alpha = 1;
  options.replay.beta = Scheduled::linear(0.4, 0.8, 4);
  RandomStream random(1);
  LearningRule rule(options);
  Minibatch minibatch(100, 1, 1);
  for (int step = 0; step < 8; step++) {
    rule.sampler->sample(replay, random, minibatch, step);
    const double beta = std::min(0.4 + 0.1 * step, 0.8);
    for (std::size_t i = 0; i < 100 && step > 0; i++)  // before anything was learnt all weigh the same
      EXPECT_NEAR(minibatch.weight[i], minibatch.index[i] == 3 ? std::pow(1.0 / 9, beta) : 1, 1e-4) << step;
    std::vector<float> errors(30, 1.0f);
    errors[3] = 9;
    learn(*rule.sampler, 0, errors);
  }
}

// Against the naive list of weights, in rings that have gone round or not and where the young end within them or not.
TEST(PrioritisedSampler, FadeDrawsByTheErrorAndLessWithAge) {
  for (const int transitions : {30, 50, 47})
    for (const auto& [decay, floor] :
         {std::pair(0.9, 0.3), std::pair(0.99, 0.1), std::pair(0.7, 0.01), std::pair(1.0, 0.2), std::pair(0.5, 1.0)}) {
      Options options = lap(30, Priority::fade);
      options.replay.decay = decay;
      options.replay.decay_floor = floor;
      const Replay replay = with_steps(30, transitions);
      const LearningRule rule(options);
      RandomStream random(1);
      drawn(*rule.sampler, replay, random, 1);
      std::vector<float> errors;
      std::vector<double> chances;
      for (int i = 0; i < 30; i++) {
        errors.push_back(static_cast<float>(i % 7));
        chances.push_back(std::pow(std::max(errors.back(), 1.0f), 0.4) * std::max(std::pow(decay, 29 - i), floor));
      }
      const int first = transitions - 30;
      learn(*rule.sampler, first, errors);
      const std::vector<int> counts = drawn(*rule.sampler, replay, random, 600);
      EXPECT_LT(chi_square(counts, static_cast<std::size_t>(first), chances), 67)
          << transitions << " " << decay << " " << floor;
    }
}

// In a buffer that is still filling the rest of the ring holds nothing.
TEST(PrioritisedSampler, FadeDrawsOnlyWhatIsThere) {
  Options options = lap(1'000, Priority::fade);
  options.replay.decay = 0.5;
  const LearningRule rule(options);
  RandomStream random(1);
  const Replay replay = with_steps(1'000, 7);
  std::vector<double> chances;
  for (int i = 0; i < 7; i++) chances.push_back(std::max(std::pow(0.5, 6 - i), 0.1));
  EXPECT_LT(chi_square(drawn(*rule.sampler, replay, random, 300), 0, chances), 28);  // 6 degrees of freedom
}

TEST(PrioritisedSampler, WhatIsNewHasTheLargestPriority) {
  Replay replay = with_steps(30, 30);
  const LearningRule rule(lap(30));
  RandomStream random(2);
  EXPECT_LT(chi_square(drawn(*rule.sampler, replay, random, 300), 0, std::vector(30, 1.0)), 67);  // all are new
  std::vector<float> errors(30, 0.0f);
  errors[3] = 32;  // 32^0.4 = 4
  learn(*rule.sampler, 0, errors);
  errors[3] = 0.5f;
  learn(*rule.sampler, 0, errors);  // the largest that there ever was stays
  for (int t = 30; t < 35; t++) replay.add(std::vector<float>{0}, t, false, false, std::vector<double>{0});
  std::vector<double> chances(30, 1.0);
  for (std::size_t i = 25; i < 30; i++) chances[i] = 4;
  EXPECT_LT(chi_square(drawn(*rule.sampler, replay, random, 300), 5, chances), 67);
}

TEST(PrioritisedSampler, ACopyForgetsTheLargestThatIsStoredNoMore) {
  Options options = lap(30);
  options.hard_update_interval = 1;
  options.replay.renew_largest = true;
  Replay replay = with_steps(30, 30);
  const LearningRule rule(options);
  RandomStream random(2);
  rule.sampler->copied();  // before there is anything
  drawn(*rule.sampler, replay, random, 1);
  std::vector<float> errors(30, 0.0f);
  errors[3] = 1024;
  learn(*rule.sampler, 0, errors);
  errors[3] = 32;  // 32^0.4 = 4
  learn(*rule.sampler, 0, errors);
  rule.sampler->copied();
  for (int t = 30; t < 33; t++) replay.add(std::vector<float>{0}, t, false, false, std::vector<double>{0});
  std::vector<double> chances(30, 1.0);
  for (const std::size_t i : {0u, 27u, 28u, 29u}) chances[i] = 4;
  EXPECT_LT(chi_square(drawn(*rule.sampler, replay, random, 300), 3, chances), 67);
}

TEST(PrioritisedSampler, ANumberThatIsNoneCountsAsTheFloor) {
  const Replay replay = with_steps(4, 4);
  const LearningRule rule(lap(4));
  RandomStream random(3);
  drawn(*rule.sampler, replay, random, 1);
  learn(*rule.sampler, 0, {std::nanf(""), INFINITY, -INFINITY, 1});
  EXPECT_LT(chi_square(drawn(*rule.sampler, replay, random, 100), 0, std::vector(4, 1.0)), 21);
}

TEST(PrioritisedSampler, GoesOnAfterASnapshotToTheSameBits) {
  for (const auto& [transitions, priority] : {std::pair(20, Priority::lap), std::pair(50, Priority::lap),
                                              std::pair(50, Priority::per), std::pair(50, Priority::fade)}) {
    const Replay replay = with_steps(30, transitions);
    const LearningRule rule(lap(30, priority)), restored(lap(30, priority));
    RandomStream random(4), same(4);
    drawn(*rule.sampler, replay, random, 1);
    learn(*rule.sampler, transitions - 20, {1, 5, 9, 13, 2});
    Snapshot taken;
    rule.sampler->exchange(taken);
    Snapshot given(taken.parts(), "x");
    restored.sampler->exchange(given);
    drawn(*restored.sampler, replay, same, 0);
    same = random;
    EXPECT_EQ(drawn(*rule.sampler, replay, random, 10), drawn(*restored.sampler, replay, same, 10));
  }
}

// However small or large an error is, its priority is a float above 0, which a checkpoint can keep.
TEST(PrioritisedSampler, PrioritiesOfExtremesCanBeKept) {
  for (const Priority priority : {Priority::lap, Priority::per}) {
    Options options = lap(4, priority);
    options.replay.alpha = 1;
    options.replay.floor = options.replay.epsilon = 1e-300;
    const LearningRule rule(options), restored(options);
    const Replay replay = with_steps(4, 4);
    RandomStream random(6);
    drawn(*rule.sampler, replay, random, 1);
    learn(*rule.sampler, 0, {0, 1e-40f, 3e38f, -3e38f});
    Snapshot taken;
    rule.sampler->exchange(taken);
    Snapshot given(taken.parts(), "x");
    restored.sampler->exchange(given);
  }
}

TEST(PrioritisedSampler, PrioritiesThatCannotBeAreRefused) {
  const LearningRule rule(lap(30));
  const Replay replay = with_steps(30, 8);
  RandomStream random(5);
  drawn(*rule.sampler, replay, random, 1);
  Snapshot taken;
  rule.sampler->exchange(taken);
  for (const float wrong : {0.0f, -1.0f, std::nanf(""), INFINITY}) {
    auto parts = taken.parts();
    for (SnapshotPart& part : parts)
      if (part.name == "priorities") part.bytes.replace(4, 4, reinterpret_cast<const char*>(&wrong), 4);
    Snapshot given(parts, "x");
    EXPECT_THROW(LearningRule(lap(30)).sampler->exchange(given), Error) << wrong;
  }
  Snapshot given(taken.parts(), "x");
  const LearningRule shorter(lap(30));
  shorter.sampler->exchange(given);
  Minibatch minibatch(2, 1, 1);
  EXPECT_THROW(shorter.sampler->sample(with_steps(30, 7), random, minibatch),
               Error);  // more priorities than transitions
}

}  // namespace
}  // namespace ddpg
