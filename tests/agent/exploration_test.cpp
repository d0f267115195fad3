// The moments of the noise, its memory and its schedule.
#include "agent/exploration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ddpg/agent.h"

namespace ddpg {
namespace {

ExplorationOptions ornstein_uhlenbeck(double dt) {
  ExplorationOptions options;
  options.noise = Noise::ornstein_uhlenbeck;
  options.theta = 0.15;
  options.sigma = 0.2;
  options.dt = dt;
  return options;
}

ExplorationOptions gaussian(double sigma) {
  ExplorationOptions options;
  options.noise = Noise::gaussian;
  options.sigma = sigma;
  return options;
}

// samples of one component of the noise in one long episode, the first `skipped` left out
std::vector<double> samples(const ExplorationOptions& options, int count, int skipped = 0) {
  Exploration exploration(options, 1);
  RandomStream random(0, "exploration");
  std::vector<double> values, noise(1);
  for (int step = 0; step < skipped + count; step++) {
    exploration.sample(random, step, noise);
    if (step >= skipped) values.push_back(noise[0]);
  }
  return values;
}

struct Moments {
  double mean = 0, deviation = 0, autocorrelation = 0;  // at lag 1
};

Moments moments(const std::vector<double>& x) {
  Moments m;
  const double n = static_cast<double>(x.size());
  for (double value : x) m.mean += value / n;
  double square = 0, product = 0;
  for (std::size_t i = 0; i < x.size(); i++) {
    square += (x[i] - m.mean) * (x[i] - m.mean);
    if (i > 0) product += (x[i] - m.mean) * (x[i - 1] - m.mean);
  }
  m.deviation = std::sqrt(square / n);
  m.autocorrelation = product / square;
  return m;
}

// Of x <- (1 - theta dt) x + sigma sqrt(dt) N the stationary variance is sigma^2 dt / (1 - (1 - theta dt)^2).
TEST(Exploration, OrnsteinUhlenbeckHasItsStationaryMoments) {
  const Moments paper = moments(samples(ornstein_uhlenbeck(1.0), 400'000, 100));
  EXPECT_NEAR(paper.mean, 0, 0.01);
  EXPECT_NEAR(paper.deviation, 0.3797, 0.004);
  EXPECT_NEAR(paper.autocorrelation, 1 - 0.15, 0.003);

  const Moments fine = moments(samples(ornstein_uhlenbeck(0.01), 2'000'000, 10'000));
  EXPECT_NEAR(fine.mean, 0, 0.04);
  EXPECT_NEAR(fine.deviation, 0.3653, 0.025);
  EXPECT_NEAR(fine.autocorrelation, 1 - 0.0015, 0.0002);
}

TEST(Exploration, OrnsteinUhlenbeckBeginsEachEpisodeAtZero) {
  const ExplorationOptions options = ornstein_uhlenbeck(1.0);
  Exploration exploration(options, 3), fresh(options, 3);
  RandomStream random(1), same(2);
  std::vector<double> noise(3), expected(3);
  for (int step = 0; step < 50; step++) exploration.sample(random, step, noise);
  exploration.reset();
  random = RandomStream(2);
  for (int step = 50; step < 60; step++) {
    exploration.sample(random, step, noise);
    fresh.sample(same, step, expected);
    EXPECT_EQ(noise, expected);
  }
}

TEST(Exploration, GaussianHasItsMomentsAndNoMemory) {
  const Moments m = moments(samples(gaussian(0.1), 400'000));
  EXPECT_NEAR(m.mean, 0, 0.001);
  EXPECT_NEAR(m.deviation, 0.1, 0.001);
  EXPECT_NEAR(m.autocorrelation, 0, 0.01);
}

TEST(Exploration, ComponentsAreIndependent) {
  for (const ExplorationOptions& options : {gaussian(1.0), ornstein_uhlenbeck(1.0)}) {
    Exploration exploration(options, 2);
    RandomStream random(3);
    std::vector<double> noise(2);
    double product = 0, squares[2] = {};
    for (int step = 0; step < 200'000; step++) {
      exploration.sample(random, step, noise);
      product += noise[0] * noise[1];
      for (std::size_t i : {0, 1}) squares[i] += noise[i] * noise[i];
    }
    EXPECT_NEAR(product / std::sqrt(squares[0] * squares[1]), 0, 0.02);
  }
}

TEST(Exploration, NoneIsZeroAndDrawsNothing) {
  ExplorationOptions options = gaussian(0.5);
  options.noise = Noise::none;
  Exploration exploration(options, 2);
  RandomStream random(4);
  const auto before = random.state();
  std::vector<double> noise{1, 1};
  exploration.sample(random, 0, noise);
  EXPECT_EQ(noise, (std::vector<double>{0, 0}));
  EXPECT_EQ(exploration.sigma(0), 0);
  EXPECT_EQ(random.state(), before);
}

// Among actions that are all 0 else: so many of them, anywhere between the bounds.
TEST(Exploration, SomeActionsAreUniformlyRandom) {
  Options options;
  options.warmup_steps = 0;
  options.learning_starts = 1'000'000;
  options.actor.final_init = 1e-12;
  options.exploration.noise = Noise::none;
  options.exploration.random_chance = 0.3;
  Agent agent(options, {"still", 1, {-2.0f}, {2.0f}, 0});
  agent.begin_episode(0, std::vector<double>{0.5});
  int random = 0, beyond = 0;
  for (int step = 0; step < 4'000; step++) {
    float action = 0;
    agent.act(0, std::span(&action, 1));
    random += std::fabs(action) > 1e-6;
    beyond += action > 1;
    agent.observe(0, std::span(&action, 1), {}, std::vector<double>{0.5});
  }
  EXPECT_NEAR(random, 1'200, 150);
  EXPECT_NEAR(beyond, 300, 85);
}

TEST(Exploration, SigmaFollowsItsSchedule) {
  ExplorationOptions options = gaussian(0.4);
  options.sigma_final = 0.1;
  EXPECT_EQ(Exploration(options, 1).sigma(1'000'000), 0.4);  // decay_steps = 0: no schedule

  options.decay_steps = 100;
  const Exploration exploration(options, 1);
  EXPECT_EQ(exploration.sigma(0), 0.4);
  EXPECT_DOUBLE_EQ(exploration.sigma(25), 0.325);
  EXPECT_DOUBLE_EQ(exploration.sigma(100), 0.1);
  EXPECT_DOUBLE_EQ(exploration.sigma(1'000), 0.1);
}

TEST(Exploration, TheScheduleScalesTheNoise) {
  for (ExplorationOptions options : {gaussian(0.5), ornstein_uhlenbeck(1.0)}) {
    options.decay_steps = 10;
    options.sigma_final = 0;
    EXPECT_GT(moments(samples(options, 10)).deviation, 0.05);
    const std::vector<double> later = samples(options, 10, 400);  // Ornstein-Uhlenbeck dies away
    for (double value : later) EXPECT_NEAR(value, 0, 1e-6);
  }
}

}  // namespace
}  // namespace ddpg
