// Targets that are cut to the range of those seen up to the last copy (TD7). Whole updates: update_golden_test.cpp.
#include "agent/seen_range.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "agent/learning_rule.h"
#include "ddpg/random.h"

namespace ddpg {
namespace {

constexpr int kBatch = 20;

TEST(SeenRange, IsThatOfWhatWasSeenUpToTheLastCopy) {
  SeenRange range;
  EXPECT_EQ(range.cut(3), 0);
  PanelMatrix y(3, 1);
  y.view().at(0, 0) = -2, y.view().at(1, 0) = 5, y.view().at(2, 0) = std::nanf("");
  range.see(y.view());
  EXPECT_EQ(range.cut(3), 0);
  range.renew();
  EXPECT_EQ(range.cut(3), 3);
  EXPECT_EQ(range.cut(7), 5);
  EXPECT_EQ(range.cut(-INFINITY), -2);
  EXPECT_TRUE(std::isnan(range.cut(std::nanf(""))));
  y.view().at(0, 0) = 9;
  range.see(y.view());
  Snapshot taken;
  range.exchange(taken);
  SeenRange restored;
  Snapshot given(taken.parts(), "x");
  restored.exchange(given);
  for (SeenRange* one : {&range, &restored}) {
    EXPECT_EQ(one->cut(7), 5);
    one->renew();
    EXPECT_EQ(one->cut(10), 9);
    EXPECT_EQ(one->cut(-3), -2);  // what was seen once stays
  }
}

TEST(SeenRange, TargetsDoNotBootstrapBeforeTheFirstCopyAndThenWithinIt) {
  Options options;
  options.batch_size = kBatch;
  options.critic.final_init = 30;
  options.hard_update_interval = 10;
  options.target.clip_to_seen_range = true;
  LearningRule rule(options);
  RandomStream initial(3, "initialisation"), random(0);
  ActorCritic networks(options, {"test", 1, {-1.0f}, {1.0f}, 0}, rule.head->outputs(), initial, Compute{});
  Minibatch minibatch(kBatch, 1, 1);
  for (int r = 0; r < kBatch; r++) {
    minibatch.next_observation.view().at(r, 0) = static_cast<float>(random.normal());
    minibatch.reward[static_cast<std::size_t>(r)] = static_cast<float>(random.normal());
    minibatch.discount[static_cast<std::size_t>(r)] = 0.5f;
  }
  PanelMatrix y(kBatch, 1);
  const auto y_at = [&](int r) { return y.view().at(r, 0); };
  rule.target->compute(minibatch, networks, *rule.head, random, y.view());
  for (int r = 0; r < kBatch; r++) EXPECT_EQ(y_at(r), minibatch.reward[static_cast<std::size_t>(r)]);
  rule.target->copied();
  const auto [least, greatest] = std::ranges::minmax(minibatch.reward);
  rule.target->compute(minibatch, networks, *rule.head, random, y.view());
  int cut = 0;
  for (int r = 0; r < kBatch; r++) {
    const float next = (y_at(r) - minibatch.reward[static_cast<std::size_t>(r)]) / 0.5f;
    EXPECT_GE(next, least - 1e-5);
    EXPECT_LE(next, greatest + 1e-5);
    cut += std::fabs(next - least) < 1e-5 || std::fabs(next - greatest) < 1e-5;
  }
  EXPECT_GT(cut, 0);
}

}  // namespace
}  // namespace ddpg
