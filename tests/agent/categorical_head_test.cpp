// Critics that are distributions over values: the head by itself, and what of it users see. Kernels and projection:
// nn/distributions_test.cpp; whole updates: update_golden_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "agent/learner.h"
#include "ddpg/agent.h"

namespace ddpg {
namespace {

constexpr int kRows = 5, kAtoms = 21;
constexpr double kLow = -3, kStep = 0.4;  // atoms from -3 to 5

Options options_of(Head head = Head::categorical) {
  Options options;
  options.batch_size = kRows;
  options.critic.head = head;
  options.critic.atoms = kAtoms;
  options.critic.v_min = kLow;
  options.critic.v_max = kLow + kStep * (kAtoms - 1);
  return options;
}

PanelMatrix random_logits(std::uint64_t seed) {
  RandomStream random(seed, "logits");
  PanelMatrix logits(kRows, kAtoms);
  for (int r = 0; r < kRows; r++)
    for (int c = 0; c < kAtoms; c++) logits.view().at(r, c) = static_cast<float>(random.normal());
  return logits;
}

// The mean of the distribution in a row, from its logits.
double mean_of(ConstPanels logits, int row) {
  double mass = 0, sum = 0;
  for (int c = 0; c < kAtoms; c++) {
    const double p = std::exp(static_cast<double>(logits.at(row, c)));
    mass += p;
    sum += p * (kLow + kStep * c);
  }
  return sum / mass;
}

double mean_of_all(ConstPanels logits) {
  double sum = 0;
  for (int r = 0; r < logits.rows; r++) sum += mean_of(logits, r);
  return sum / logits.rows;
}

// (f(x + h) - f(x - h)) / 2 h for each logit, against `gradient`.
template <class Loss>
void expect_slopes(PanelMatrix& logits, const PanelMatrix& gradient, const Loss& loss) {
  constexpr float kFar = 0.01f;
  for (int r = 0; r < kRows; r++)
    for (int c = 0; c < kAtoms; c++) {
      const float there = logits.view().at(r, c);
      logits.view().at(r, c) = there + kFar;
      const double above = loss();
      logits.view().at(r, c) = there - kFar;
      const double below = loss();
      logits.view().at(r, c) = there;
      EXPECT_NEAR(gradient.view().at(r, c), (above - below) / (2 * kFar), 2e-4) << r << " " << c;
    }
}

class CategoricalHead : public ::testing::Test {
 protected:
  CategoricalHead() {
    minibatch_.weight = {1, 0.5, 2, 0, 1};
    minibatch_.reward = {1, -0.5, 2.6f, 40, -1};
    minibatch_.discount = {0.5, 0.9f, 0, 0.5, 0};
    rule_.head->back_up(minibatch_, next_.view(), y_.view());
  }

  double loss() {
    PanelMatrix ignored(kRows, kAtoms);
    return loss(ignored.view());
  }
  double loss(Panels d) {
    Measures measures;
    rule_.head->loss(minibatch_, q_.view(), y_.view(), d, errors_, measures);
    return measures.newest(&Progress::critic_loss);
  }

  LearningRule rule_{options_of()};
  Minibatch minibatch_{kRows, 1, 1};
  PanelMatrix q_ = random_logits(0), next_ = random_logits(1), y_{kRows, kAtoms};
  std::vector<float> errors_ = std::vector<float>(kRows);
};

TEST_F(CategoricalHead, HasAnOutputForEachAtomAndIsWorthItsMean) {
  EXPECT_EQ(rule_.head->outputs(), kAtoms);
  EXPECT_EQ(outputs_of_critic(options_of()), kAtoms);
  EXPECT_EQ(outputs_of_critic(options_of(Head::huber)), 1);
  for (int r = 0; r < kRows; r++) EXPECT_NEAR(rule_.head->value(q_.view(), r), mean_of(q_.view(), r), 1e-5);
}

TEST_F(CategoricalHead, BacksUpByRewardAndDiscountOfEachRow) {
  for (int r = 0; r < kRows; r++) {
    double mass = 0, mean = 0;
    for (int c = 0; c < kAtoms; c++) {
      mass += y_.view().at(r, c);
      mean += y_.view().at(r, c) * (kLow + kStep * c);
    }
    const auto i = static_cast<std::size_t>(r);
    EXPECT_NEAR(mass, 1, 1e-6);
    if (r == 1) continue;  // a part of it lies beyond an end
    EXPECT_NEAR(mean, r == 3 ? 5 : minibatch_.reward[i] + minibatch_.discount[i] * mean_of(next_.view(), r), 1e-5) << r;
  }
  EXPECT_NEAR(y_.view().at(2, 14), 1, 1e-5);  // 2.6 is an atom
  EXPECT_NEAR(y_.view().at(4, 5), 1, 1e-5);   // and so is -1
}

// y is one number, between two atoms or on one, and no farther than the ends.
TEST_F(CategoricalHead, TwoHotBacksUpTheMeanAlone) {
  const LearningRule two_hot(options_of(Head::two_hot));
  two_hot.head->back_up(minibatch_, next_.view(), y_.view());
  for (int r = 0; r < kRows; r++) {
    const auto i = static_cast<std::size_t>(r);
    const double q = mean_of(next_.view(), r), high = kLow + kStep * (kAtoms - 1);
    double mass = 0, mean = 0;
    int first = kAtoms, last = 0;
    for (int c = 0; c < kAtoms; c++) {
      const double p = static_cast<double>(y_.view().at(r, c));
      mass += p, mean += p * (kLow + kStep * c);
      if (p > 0) first = std::min(first, c), last = c;
    }
    EXPECT_NEAR(mass, 1, 1e-6);
    EXPECT_NEAR(mean, std::clamp(minibatch_.reward[i] + minibatch_.discount[i] * q, kLow, high), 1e-4);
    EXPECT_LE(last - first, 1);
  }
}

TEST_F(CategoricalHead, GradientIsThatOfTheLoss) {
  PanelMatrix d(kRows, kAtoms);
  loss(d.view());
  expect_slopes(q_, d, [&] { return loss(); });
}

// Of logits at rest in the targets: the cross-entropy is the targets' own entropy, and nothing pulls.
TEST_F(CategoricalHead, NothingPullsAtTheTargets) {
  for (int r = 0; r < kRows; r++)
    for (int c = 0; c < kAtoms; c++) q_.view().at(r, c) = std::log(std::max(y_.view().at(r, c), 1e-30f));
  PanelMatrix d(kRows, kAtoms);
  loss(d.view());
  for (int r = 0; r < kRows; r++)
    for (int c = 0; c < kAtoms; c++) EXPECT_NEAR(d.view().at(r, c), 0, 1e-6);
}

TEST_F(CategoricalHead, ErrorsAreThoseOfTheMeans) {
  loss();
  EXPECT_NEAR(errors_[0], mean_of(q_.view(), 0) - (1 + 0.5 * mean_of(next_.view(), 0)), 2e-5);
  EXPECT_NEAR(errors_[2], mean_of(q_.view(), 2) - 2.6, 2e-5);
  EXPECT_NEAR(errors_[3], mean_of(q_.view(), 3) - 5, 2e-5);  // 40 lies beyond
  EXPECT_NEAR(errors_[4], mean_of(q_.view(), 4) + 1, 2e-5);
}

TEST_F(CategoricalHead, TheActorClimbsTheMean) {
  PanelMatrix d(kRows, kAtoms);
  rule_.head->ascend(q_.view(), d.view());
  expect_slopes(q_, d, [&] { return -mean_of_all(q_.view()); });
}

TEST_F(CategoricalHead, ItsLossHasNoneOfTheRewardsUnits) {
  Measures measures;
  measures.set_unit_of_rewards(10);
  PanelMatrix d(kRows, kAtoms);
  rule_.head->loss(minibatch_, q_.view(), y_.view(), d.view(), errors_, measures);
  Progress row;
  measures.means(row);
  EXPECT_EQ(row.critic_loss, measures.newest(&Progress::critic_loss));
  EXPECT_NEAR(row.mean_q, 10 * mean_of_all(q_.view()), 1e-4);
}

// Each row of the minibatch with a weight of 0 pulls at nothing.
TEST_F(CategoricalHead, ARowWithoutWeightPullsAtNothing) {
  PanelMatrix d(kRows, kAtoms);
  loss(d.view());
  for (int c = 0; c < kAtoms; c++) EXPECT_EQ(d.view().at(3, c), 0);
}

// Where a reward is paid once and the episode ends, Q becomes the reward, and the policy's value is reported as that.
TEST(CategoricalCritic, LearnsAValueAndTellsItsMean) {
  Options options = options_of();
  options.actor.hidden = options.critic.hidden = {16};
  options.batch_size = 16;
  options.critic.learning_rate = 1e-2;
  options.replay_capacity = 100;
  options.warmup_steps = options.learning_starts = 0;
  Agent agent(options, Specification{"task", 1, {-2.0f}, {2.0f}, 0});
  RandomStream random(0);
  for (int i = 0; i < 50; i++) {
    const bool right = i % 2 == 0;
    agent.add(Transition{
        {right ? 1.0 : -1.0}, {static_cast<float>(random.uniform(-2, 2))}, right ? 3.1 : -2.3, {0}, true, false});
  }
  agent.update(300);
  for (const float action : {-2.0f, 0.5f, 2.0f}) {
    EXPECT_NEAR(agent.value(std::vector<double>{1}, std::vector<float>{action}), 3.1, 0.1);
    EXPECT_NEAR(agent.value(std::vector<double>{-1}, std::vector<float>{action}), -2.3, 0.1);
  }
}

// Rows of the gradient to the action that are too long are shortened, others are left as they are.
TEST(ActionGradientClip, ShortensRowsThatAreTooLong) {
  const auto gradient_norm = [](double clip) {
    Options options = options_of(Head::mse);
    options.actor.hidden = options.critic.hidden = {8};
    options.critic.final_init = 10;  // a steep critic
    options.actor.action_gradient_clip = clip;
    Learner learner(options, Specification{"task", 1, {-1.0f}, {1.0f}, 0}, Compute{});
    Minibatch minibatch(kRows, 1, 1);
    for (int r = 0; r < kRows; r++) minibatch.observation.view().at(r, 0) = static_cast<float>(r);
    Measures measures;
    learner.learn_from(minibatch, measures);
    return learner.networks().actor_gradient_norm();
  };
  const double whole = gradient_norm(0);
  EXPECT_EQ(gradient_norm(1e6), whole);
  EXPECT_LT(gradient_norm(1e-3), 0.01 * whole);
  EXPECT_NEAR(gradient_norm(1e-3) / gradient_norm(1e-4), 10, 1e-3);  // all rows are
}

}  // namespace
}  // namespace ddpg
