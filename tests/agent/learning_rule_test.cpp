// The parts of the learning rule one by one: who is chosen, what each says. Whole updates: update_golden_test.cpp.
#include "agent/learning_rule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace ddpg {
namespace {

TEST(LearningRule, HasAScheduleForEachWayOfTheTargets) {
  Options options;
  options.tau = 0.25;
  for (const std::int64_t update : {1, 2, 3}) {
    const Turn turn = LearningRule(options).schedule->turn(update);
    EXPECT_TRUE(turn.actor);
    EXPECT_EQ(turn.tau, 0.25);
    EXPECT_FALSE(turn.copy);
  }
  options.hard_update_interval = 3;
  for (const std::int64_t update : {1, 2, 3, 4, 6}) {
    const Turn turn = LearningRule(options).schedule->turn(update);
    EXPECT_TRUE(turn.actor);
    EXPECT_EQ(turn.tau, 0);
    EXPECT_EQ(turn.copy, update % 3 == 0) << update;
  }
}

// Episodes of three steps, the last of every second terminated; the numbers of a record say which it is.
Replay filled(std::int64_t capacity, int transitions) {
  Replay replay(1, 1, capacity);
  for (int t = 0; t < transitions; t++) {
    if (t % 3 == 0) replay.begin_episode(std::vector<double>{10.0 * t});
    const bool ends = t % 3 == 2;
    replay.add(std::vector<float>{static_cast<float>(t) / 100}, t, ends && t % 2 == 0, ends,
               std::vector<double>{10.0 * t + 5});
  }
  return replay;
}

TEST(LearningRule, TheUniformSamplerSaysWhichTransitionEachRowIs) {
  Options options;
  options.discount = 0.75;
  const Replay replay = filled(40, 100);  // the ring has gone round
  Minibatch minibatch(500, 1, 1);
  RandomStream random(0);
  LearningRule(options).sampler->sample(replay, random, minibatch);
  std::vector<int> drawn(100);
  for (int row = 0; row < 500; row++) {
    const auto i = static_cast<std::size_t>(row);
    const std::int64_t index = minibatch.index[i];
    ASSERT_GE(index, 60);
    ASSERT_LT(index, 100);
    drawn[static_cast<std::size_t>(index)]++;
    const StoredTransition truth = replay.at(index - 60);
    EXPECT_EQ(minibatch.observation.view().at(row, 0), truth.observation[0]);
    EXPECT_EQ(minibatch.action.view().at(row, 0), truth.action[0]);
    EXPECT_EQ(minibatch.next_observation.view().at(row, 0), truth.next_observation[0]);
    EXPECT_EQ(minibatch.reward[i], static_cast<float>(index));
    EXPECT_EQ(minibatch.discount[i], truth.terminated ? 0.0f : 0.75f);
    EXPECT_EQ(minibatch.weight[i], 1.0f);
  }
  for (std::size_t t = 60; t < 100; t++) EXPECT_GT(drawn[t], 0) << t;
}

// Three copies that play in turn, episodes of 1 to 6 steps that end either way or are cut, in a ring that has gone
// round; against a list that keeps everything.
TEST(LearningRule, ReturnsOfSeveralStepsAreThoseOfAPlainList) {
  struct Step {
    float observation, next, reward;
    bool terminated, ended;
    std::int64_t index;
  };
  constexpr float kDiscount = 0.75f;
  std::vector<std::vector<Step>> played(3);
  Replay replay(1, 1, 64, 3);
  RandomStream random(0);
  std::vector<int> left(3, 0);
  std::vector<float> at(3, 0);
  std::int64_t index = 0;
  for (int round = 0; round < 100; round++)
    for (std::size_t copy = 0; copy < 3; copy++) {
      if (left[copy] == 0) {
        at[copy] = static_cast<float>(random.uniform());
        replay.begin_episode(std::vector<double>{at[copy]}, static_cast<int>(copy));
        left[copy] = static_cast<int>(1 + random.below(6));
      }
      const bool ends = --left[copy] == 0, terminated = ends && random.below(2) == 0;
      const Step step{
          at[copy], static_cast<float>(random.uniform()), static_cast<float>(random.normal()), terminated, ends,
          index++};
      replay.add(std::vector<float>{0}, step.reward, terminated, ends && !terminated, std::vector<double>{step.next},
                 static_cast<int>(copy));
      at[copy] = step.next;
      played[copy].push_back(step);
    }

  for (const int n : {2, 3, 8})
    for (const std::vector<Step>& of_copy : played)
      for (std::size_t t = 0; t < of_copy.size(); t++) {
        if (of_copy[t].index < replay.kept().begin) continue;
        double sum = 0, power = 1;
        std::size_t last = t;
        for (int k = 0; k < n; k++) {
          last = t + static_cast<std::size_t>(k);
          sum += power * of_copy[last].reward;
          power *= kDiscount;
          if (of_copy[last].ended || last + 1 == of_copy.size()) break;
        }
        Minibatch minibatch(1, 1, 1);
        minibatch.index = {of_copy[t].index};
        replay.gather_returns(minibatch.index, kDiscount, n, minibatch);
        EXPECT_EQ(minibatch.observation.view().at(0, 0), of_copy[t].observation);
        EXPECT_FLOAT_EQ(minibatch.reward[0], static_cast<float>(sum));
        EXPECT_FLOAT_EQ(minibatch.discount[0], of_copy[last].terminated ? 0 : static_cast<float>(power));
        EXPECT_EQ(minibatch.next_observation.view().at(0, 0), of_copy[last].next);
      }
}

TEST(LearningRule, TheUniformSamplerSumsAsManyStepsAsItIsTold) {
  Options options;
  options.discount = 0.5;
  options.n_step = 2;
  const Replay replay = filled(40, 40);
  Minibatch minibatch(200, 1, 1);
  RandomStream random(0);
  LearningRule(options).sampler->sample(replay, random, minibatch);
  for (std::size_t i = 0; i < 200; i++) {
    const auto index = static_cast<float>(minibatch.index[i]);
    const bool alone = minibatch.index[i] % 3 == 2 || minibatch.index[i] == 39;  // its episode ends, or the buffer
    EXPECT_EQ(minibatch.reward[i], alone ? index : index + 0.5f * (index + 1));
  }
}

constexpr int kErrors = 5;

// The critic's loss for outputs q against targets y.
double loss_of(const CriticHead& head, const Minibatch& minibatch, const PanelMatrix& q, const PanelMatrix& y,
               Panels dq) {
  std::vector<float> errors(kErrors);
  Measures measures;
  head.loss(minibatch, q.view(), y.view(), dq, errors, measures);
  for (int r = 0; r < kErrors; r++)
    EXPECT_EQ(errors[static_cast<std::size_t>(r)], q.view().at(r, 0) - y.view().at(r, 0));
  return measures.newest(&Progress::critic_loss);
}

LearningRule rule_of(Head head) {
  Options options;
  options.critic.head = head;
  return LearningRule(options);
}

class CriticHeads : public ::testing::TestWithParam<Head> {};

TEST_P(CriticHeads, GradientIsThatOfTheLoss) {
  const LearningRule rule = rule_of(GetParam());
  ASSERT_EQ(rule.head->outputs(), 1);
  Minibatch minibatch(kErrors, 1, 1);
  minibatch.weight = {1, 0.5, 2, 0, 1};
  PanelMatrix q(kErrors, 1), y(kErrors, 1), dq(kErrors, 1), ignored(kErrors, 1);
  RandomStream random(3);
  for (int r = 0; r < kErrors; r++) {
    q.view().at(r, 0) = static_cast<float>(2 * random.normal());
    y.view().at(r, 0) = static_cast<float>(random.normal());
  }
  loss_of(*rule.head, minibatch, q, y, dq.view());
  for (int r = 0; r < kErrors; r++) {
    constexpr float kStep = 0.01f;
    const float there = q.view().at(r, 0);
    q.view().at(r, 0) = there + kStep;
    const double above = loss_of(*rule.head, minibatch, q, y, ignored.view());
    q.view().at(r, 0) = there - kStep;
    const double below = loss_of(*rule.head, minibatch, q, y, ignored.view());
    q.view().at(r, 0) = there;
    EXPECT_NEAR(dq.view().at(r, 0), (above - below) / (2 * kStep), 1e-3) << r;
  }
}

TEST_P(CriticHeads, BackUpByTheDiscountOfEachRow) {
  const LearningRule rule = rule_of(GetParam());
  Minibatch minibatch(kErrors, 1, 1);
  minibatch.reward = {1, 2, 3, 4, 5};
  minibatch.discount = {0.5, 0, 0.25, 1, 0.125};
  PanelMatrix next(kErrors, 1), y(kErrors, 1);
  for (int r = 0; r < kErrors; r++) next.view().at(r, 0) = 8;
  rule.head->back_up(minibatch, next.view(), y.view());
  const float expected[] = {5, 2, 5, 12, 6};
  for (int r = 0; r < kErrors; r++) EXPECT_EQ(y.view().at(r, 0), expected[r]);
}

INSTANTIATE_TEST_SUITE_P(LearningRule, CriticHeads, ::testing::Values(Head::mse, Head::huber),
                         [](const auto& head) { return head.param == Head::mse ? "mse" : "huber"; });

// One that is off by 100 pulls as one that is off by 1.
TEST(LearningRule, HubersGradientEndsAtOne) {
  for (const auto& [head, pull] : {std::pair{Head::mse, 200.0f}, std::pair{Head::huber, 1.0f}}) {
    const LearningRule rule = rule_of(head);
    Minibatch minibatch(kErrors, 1, 1);
    PanelMatrix q(kErrors, 1), y(kErrors, 1), dq(kErrors, 1);
    y.view().at(2, 0) = -100;
    EXPECT_EQ(loss_of(*rule.head, minibatch, q, y, dq.view()), (head == Head::mse ? 10'000 : 99.5) / kErrors);
    EXPECT_EQ(dq.view().at(2, 0), pull / kErrors);
  }
}

TEST(Measures, AreMeansOverWhatMadeThem) {
  Measures measures;
  for (const double loss : {1.0, 2.0, 6.0}) measures.add(&Progress::critic_loss, loss);
  measures.add(&Progress::actor_loss, 5.0);  // an actor that takes a step less often
  Progress row;
  measures.means(row);
  EXPECT_EQ(row.critic_loss, 3);
  EXPECT_EQ(row.actor_loss, 5);
  EXPECT_TRUE(std::isnan(row.mean_q));
  EXPECT_EQ(measures.newest(&Progress::critic_loss), 6);
  measures.clear();
  Progress next;
  measures.means(next);
  EXPECT_TRUE(std::isnan(next.critic_loss));
}

TEST(Measures, AreInTheUnitOfTheRewards) {
  Measures measures;
  measures.set_unit_of_rewards(10);
  for (const Measure measure : {&Progress::critic_loss, &Progress::mean_q, &Progress::saturated_share})
    measures.add(measure, 2);
  Progress row;
  measures.means(row);
  EXPECT_EQ(row.critic_loss, 200);
  EXPECT_EQ(row.mean_q, 20);
  EXPECT_EQ(row.saturated_share, 2);
  EXPECT_EQ(measures.newest(&Progress::critic_loss), 2);
}

TEST(Measures, GoOnAfterASnapshot) {
  Measures measures, restored;
  measures.add(&Progress::critic_loss, 1);
  measures.add(&Progress::critic_loss, 2);
  measures.add(&Progress::training_return, -3);
  Snapshot taken;
  measures.exchange(taken);
  Snapshot given(taken.parts(), "x");
  restored.exchange(given);
  restored.add(&Progress::critic_loss, 6);
  Progress row;
  restored.means(row);
  EXPECT_EQ(row.critic_loss, 3);
  EXPECT_EQ(row.training_return, -3);
}

TEST(Measures, EachStandsInTheTableOnce) {
  for (const MeasureRow& row : measure_table())
    for (const MeasureRow& other : measure_table())
      EXPECT_EQ(row.measure == other.measure, &row == &other) << row.name << " " << other.name;
}

}  // namespace
}  // namespace ddpg
