// What TD3 adds to DDPG, part by part: several critics and what the targets take of them, noise in the targets, delays.
// Whole updates against PyTorch: update_golden_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "agent/aggregate.h"
#include "agent/algorithm.h"
#include "agent/learner.h"
#include "agent/replay_rows_copy.h"
#include "agent/test_environments.h"
#include "ddpg/error.h"

namespace ddpg {
namespace {

constexpr int kTwinBatch = 40;

Specification twin_task() {
  return {"test", 3, {-1.0f, -2.0f}, {1.0f, 4.0f}, 0};
}

Options options_with(int critics) {
  Options options;
  options.actor.hidden = options.critic.hidden = {20, 10};
  options.batch_size = kTwinBatch;
  options.tau = 0.25;
  options.actor.final_init = options.critic.final_init = 0;
  options.critic.count = critics;
  return options;
}

Minibatch make_minibatch(std::uint64_t seed) {
  Minibatch minibatch(kTwinBatch, 3, 2);
  RandomStream random(seed, "minibatch");
  for (PanelMatrix* matrix : {&minibatch.observation, &minibatch.action, &minibatch.next_observation}) {
    const Panels to = matrix->view();
    for (int r = 0; r < to.rows; r++)
      for (int c = 0; c < to.width; c++) to.at(r, c) = static_cast<float>(random.normal());
  }
  for (float& reward : minibatch.reward) reward = static_cast<float>(random.normal());
  for (float& discount : minibatch.discount) discount = random.uniform() < 0.2 ? 0.0f : 0.9f;
  return minibatch;
}

std::vector<float> column(ConstPanels panels, int c = 0) {
  std::vector<float> values;
  for (int r = 0; r < panels.rows; r++) values.push_back(panels.at(r, c));
  return values;
}

std::vector<float> numbers_of(const Weights& weights) {
  return {weights.parameters.begin(), weights.parameters.end()};
}

// A rule, its networks, and what its target makes of a minibatch.
struct Targets {
  explicit Targets(const Options& options)
      : rule(options), networks(options, twin_task(), rule.head->outputs(), initial, Compute{}) {}

  std::vector<float> compute(const Minibatch& minibatch) {
    rule.target->compute(minibatch, networks, *rule.head, random, y.view());
    return column(y.view());
  }

  RandomStream initial{3, "initialisation"}, random{5, "targets"};
  LearningRule rule;
  ActorCritic networks;
  PanelMatrix y{kTwinBatch, 1};
};

TEST(TwinCritics, BeginApartAndTheFirstAsTheOnlyOne) {
  const Targets one(options_with(1)), three(options_with(3));
  ASSERT_EQ(three.networks.critics.size(), 3u);
  EXPECT_EQ(numbers_of(three.networks.actor.weights), numbers_of(one.networks.actor.weights));
  EXPECT_EQ(numbers_of(three.networks.critics[0].weights), numbers_of(one.networks.critic().weights));
  EXPECT_NE(numbers_of(three.networks.critics[1].weights), numbers_of(three.networks.critics[0].weights));
  EXPECT_NE(numbers_of(three.networks.critics[2].weights), numbers_of(three.networks.critics[1].weights));
}

TEST(TwinCritics, ATargetTakesTheFirstTheMeanOrTheSmallestOfEachRow) {
  const Minibatch minibatch = make_minibatch(0);
  for (const Aggregate aggregate : {Aggregate::first, Aggregate::mean, Aggregate::min}) {
    Options options = options_with(3);
    options.critic.aggregate = aggregate;
    Targets targets(options);
    const ConstPanels next = minibatch.next_observation.view(), u = targets.networks.target_action(next);
    std::vector<std::vector<float>> q;
    for (std::size_t k = 0; k < 3; k++) q.push_back(column(targets.networks.target_value(k, {next, u})));
    const std::vector<float> y = targets.compute(minibatch);
    std::vector<int> smallest(3);
    for (std::size_t i = 0; i < y.size(); i++) {
      const double values[] = {q[0][i], q[1][i], q[2][i]};
      smallest[static_cast<std::size_t>(std::min_element(values, values + 3) - values)]++;
      const double expected = aggregate == Aggregate::first  ? values[0]
                              : aggregate == Aggregate::mean ? (values[0] + values[1] + values[2]) / 3
                                                             : *std::min_element(values, values + 3);
      EXPECT_NEAR(y[i], minibatch.reward[i] + minibatch.discount[i] * expected, 1e-6) << i;
    }
    EXPECT_LE(std::ranges::count(smallest, 0), 1);  // otherwise the test says little
  }
}

TEST(TwinCritics, TheSamplerHearsOfTheCriticThatIsFarthestOff) {
  const Minibatch minibatch = make_minibatch(0);
  Targets targets(options_with(2));
  const std::vector<float> y = targets.compute(minibatch);
  Trace trace(targets.networks.critic().network, kTwinBatch, false);
  std::vector<std::vector<float>> q;
  for (std::size_t k = 0; k < 2; k++)
    q.push_back(column(targets.networks.value(k, {minibatch.observation.view(), minibatch.action.view()}, trace)));
  std::vector<float> errors(kTwinBatch, 7.0f);  // of an update before
  Measures measures;
  targets.networks.update_critics(minibatch, targets.y.view(), *targets.rule.head, Turn(), errors, measures);
  int of_second = 0;
  for (std::size_t i = 0; i < y.size(); i++) {
    const float first = q[0][i] - y[i], second = q[1][i] - y[i];
    of_second += std::fabs(second) > std::fabs(first);
    EXPECT_EQ(errors[i], std::fabs(second) > std::fabs(first) ? second : first) << i;
  }
  EXPECT_GT(of_second, 0);
  EXPECT_LT(of_second, kTwinBatch);
}

TEST(TwinCritics, WhatIsNotANumberIsNotHiddenByTheOthers) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> first_is{kNan, 1}, second_is{1, kNan}, sound{2, 1};
  const auto of = [](Aggregate how, const std::vector<float>& q) {
    return joined(how, q.size(), [&](std::size_t k) { return q[k]; });
  };
  for (const Aggregate how : {Aggregate::mean, Aggregate::min}) {
    EXPECT_TRUE(std::isnan(of(how, first_is)));
    EXPECT_TRUE(std::isnan(of(how, second_is)));
  }
  EXPECT_EQ(of(Aggregate::min, sound), 1);
  EXPECT_EQ(of(Aggregate::mean, sound), 1.5f);
  EXPECT_EQ(of(Aggregate::first, sound), 2);
}

TEST(TwinCritics, NoiseIsDrawnRowByRowCutAndAddedWithinTheBounds) {
  const Minibatch minibatch = make_minibatch(0);
  const ConstPanels next = minibatch.next_observation.view();
  for (const auto& [noise, clip] : {std::pair(0.2, 0.5), std::pair(0.2, 0.1), std::pair(3.0, 0.0)}) {
    Options options = options_with(1);
    options.target = {.noise = noise, .noise_clip = clip, .period = 1};
    Targets targets(options), same(options);
    const Panels u = same.networks.target_action(next);
    RandomStream random(5, "targets");
    int cut = 0;
    for (int r = 0; r < u.rows; r++)
      for (int c = 0; c < u.width; c++) {
        double added = noise * random.normal();
        if (clip > 0 && std::fabs(added) > clip) added = std::copysign(clip, added), cut++;
        u.at(r, c) = std::min(1.0f, std::max(-1.0f, u.at(r, c) + static_cast<float>(added)));
      }
    const std::vector<float> q = column(same.networks.target_value(0, {next, u})), y = targets.compute(minibatch);
    for (std::size_t i = 0; i < y.size(); i++)
      EXPECT_EQ(y[i], std::fma(minibatch.discount[i], q[i], minibatch.reward[i])) << i;
    EXPECT_EQ(targets.random.state(), random.state());
    EXPECT_EQ(cut > 0, clip > 0);
  }
}

TEST(TwinCritics, WithoutNoiseNothingIsDrawn) {
  for (const int critics : {1, 2}) {
    Targets targets(options_with(critics));
    targets.compute(make_minibatch(0));
    EXPECT_EQ(targets.random.state(), RandomStream(5, "targets").state());
  }
}

TEST(Delays, TheScheduleSaysWhoseTurnItIs) {
  Options options;
  options.tau = 0.25;
  options.actor.period = 2;
  options.target.period = 3;
  const LearningRule rule(options);
  for (const std::int64_t update : {1, 2, 3, 4, 5, 6}) {
    const Turn turn = rule.schedule->turn(update);
    EXPECT_EQ(turn.actor, update % 2 == 0) << update;
    EXPECT_EQ(turn.tau, update % 3 == 0 ? 0.25 : 0) << update;
    EXPECT_FALSE(turn.copy);
  }
  options.target.period = 1;
  options.hard_update_interval = 4;
  const LearningRule copies(options);
  for (const std::int64_t update : {1, 2, 3, 4}) {
    EXPECT_EQ(copies.schedule->turn(update).actor, update % 2 == 0) << update;
    EXPECT_EQ(copies.schedule->turn(update).copy, update == 4) << update;
    EXPECT_EQ(copies.schedule->turn(update).tau, 0) << update;
  }
}

// The parameters of all networks and targets, by name.
std::map<std::string, std::vector<float>> state_of(const ActorCritic& networks) {
  std::map<std::string, std::vector<float>> state = {{"actor", numbers_of(networks.actor.weights)},
                                                     {"actor target", numbers_of(networks.actor.target)}};
  for (std::size_t k = 0; k < networks.critics.size(); k++) {
    state["critic " + std::to_string(k)] = numbers_of(networks.critics[k].weights);
    state["critic target " + std::to_string(k)] = numbers_of(networks.critics[k].target);
  }
  return state;
}

std::vector<std::string> changed(const ActorCritic& networks, std::map<std::string, std::vector<float>>& since) {
  auto now = state_of(networks);
  std::vector<std::string> names;
  for (const auto& [name, values] : now)
    if (values != since[name]) names.push_back(name);
  since = std::move(now);
  return names;
}

TEST(Delays, WhatHasNoTurnStaysAsItWas) {
  Options options = options_with(2);
  options.actor.period = options.target.period = 2;
  Learner learner(options, twin_task(), Compute{});
  auto state = state_of(learner.networks());
  const std::vector<std::string> critics = {"critic 0", "critic 1"};
  const std::vector<std::string> all = {"actor",    "actor target",    "critic 0",
                                        "critic 1", "critic target 0", "critic target 1"};
  Measures measures;
  for (std::uint64_t update = 1; update <= 4; update++) {
    learner.learn_from(make_minibatch(update), measures);
    EXPECT_EQ(changed(learner.networks(), state), update % 2 == 0 ? all : critics) << update;
  }
  EXPECT_EQ(measures.count(&Progress::actor_loss), 2);
  EXPECT_EQ(measures.count(&Progress::critic_loss), 8);  // of each critic
}

TEST(Delays, TheActorsTargetFollowsWhileTheActorWaits) {
  Options options = options_with(1);
  options.actor.period = 1'000;
  Learner learner(options, twin_task(), Compute{});
  Learned& actor = learner.networks().actor;
  for (float& weight : actor.target.parameters) weight = 1;
  const std::vector<float> weights = numbers_of(actor.weights);
  Measures measures;
  learner.learn_from(make_minibatch(0), measures);
  EXPECT_EQ(numbers_of(actor.weights), weights);
  for (std::size_t i = 0; i < weights.size(); i++)
    EXPECT_FLOAT_EQ(actor.target.parameters[i], 0.25f * weights[i] + 0.75f);
}

TEST(TwinCritics, TheValueToldIsWhatTheTargetsWouldTake) {
  const std::vector<double> observation{0.5};
  const std::vector<float> action{0.25f};
  std::vector<double> of_each;
  for (const Aggregate aggregate : {Aggregate::first, Aggregate::min, Aggregate::mean}) {
    Options options = options_with(2);
    options.critic.aggregate = aggregate;
    Algorithm algorithm(options, testing::scripted(testing::point()));
    of_each.push_back(algorithm.value(observation, action));
  }
  const double first = of_each[0], least = of_each[1], mean = of_each[2];
  EXPECT_LE(least, first);
  EXPECT_LT(least, mean);
  const double second = 2 * mean - first;
  EXPECT_NEAR(least, std::min(first, second), 1e-6);
}

// The second critic is neither climbed nor, with `first`, asked by the targets: still its numbers must be finite.
TEST(TwinCritics, ASecondCriticThatDivergesIsNamed) {
  Options options = options_with(2);
  options.critic.aggregate = Aggregate::first;
  options.batch_size = 8;
  options.warmup_steps = options.learning_starts = 0;
  Algorithm algorithm(options, testing::scripted(testing::point()));
  while (algorithm.updates() == 0) algorithm.step();
  Snapshot state;
  algorithm.exchange(state);
  int set = 0;
  for (SnapshotPart& part : state.parts())
    if (part.name.starts_with("networks.critic2.weights.") && part.name.ends_with("bias")) {
      const float infinite = std::numeric_limits<float>::infinity();
      part.bytes.replace(0, sizeof infinite, reinterpret_cast<const char*>(&infinite), sizeof infinite);
      set++;
    }
  ASSERT_GT(set, 0);
  Snapshot given(state.parts(), "x");
  Algorithm restored(options, testing::scripted(testing::point()));
  testing::copy_settled_rows(algorithm.replay(), restored.replay());
  restored.exchange(given);
  try {
    restored.step();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("critic's loss"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace ddpg
