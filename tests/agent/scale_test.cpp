// What is out of scale is named, with the option that helps; what is in scale is not; and a number that stops being
// finite is put down to what was measured.
#include "agent/scale.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "agent/algorithm.h"
#include "agent/failure.h"
#include "agent/small_options.h"
#include "agent/test_environments.h"
#include "ddpg/error.h"
#include "envs/builtin.h"

namespace ddpg {
namespace {

using ::testing::HasSubstr;
using testing::point;
using testing::Script;
using testing::scripted;

Options scale_options() {
  Options options = testing::small_options();
  options.warmup_steps = options.learning_starts = 20;
  return options;
}

// The point with other units.
Script point_in(double observation_unit, double reward_unit, float bound = 1) {
  Script script = point();
  script.specification.action_low = {-bound};
  script.specification.action_high = {bound};
  script.reset = [reset = script.reset, observation_unit](RandomStream& random, std::span<double> observation) {
    reset(random, observation);
    observation[0] *= observation_unit;
  };
  script.step = [step = script.step, observation_unit, reward_unit, bound](int at, std::span<const float> action,
                                                                           std::span<double> observation) {
    StepResult result = step(at, std::vector<float>{action[0] / bound}, observation);
    observation[0] *= observation_unit;
    result.reward *= reward_unit;
    return result;
  };
  return script;
}

// All warnings of the first rows, one every 50 steps.
std::string warnings(const Options& options, std::unique_ptr<Environment> environment, int steps = 300) {
  Algorithm algorithm(options, std::move(environment));
  std::string all;
  for (int row = 0; row * 50 <= steps; row++) {
    while (algorithm.steps() < row * 50) algorithm.step();
    Progress progress;
    algorithm.measure(progress);
    algorithm.start_new_sums();
    if (!progress.warning.empty()) all += progress.warning + "\n";
  }
  return all;
}

TEST(Scale, NamesWhatIsOutOfScaleOnceAndTheOptionThatHelps) {
  struct Case {
    Script script;
    std::string named, option;
  };
  for (const Case& c : {Case{point_in(1e6, 1), "observation[0], the largest", "normalise_observations = true"},
                        Case{point_in(1e-6, 1), "observations are out of scale", "normalise_observations = true"},
                        Case{point_in(1, 1e5), "rewards are out of scale", "normalise_rewards = true"},
                        Case{point_in(1, 1e-5), "rewards are out of scale", "normalise_rewards = true"},
                        Case{point_in(1, 1, 9e17f), "bounds of action[0], -9e+17 and 9e+17", "the bounds"}}) {
    const std::string found = warnings(scale_options(), scripted(c.script));
    EXPECT_THAT(found, ::testing::AllOf(HasSubstr(c.named), HasSubstr(c.option)));
    EXPECT_EQ(std::ranges::count(found, '\n'), 1) << found;
  }
}

TEST(Scale, IsSilentOnceTheOptionIsOn) {
  Options options = scale_options();
  options.normalise_observations = options.normalise_rewards = true;
  for (const double unit : {1e-6, 1.0, 1e6}) EXPECT_EQ(warnings(options, scripted(point_in(unit, unit))), "") << unit;
}

TEST(Scale, WarnsOfValuesThatRewardsCannotAddUpTo) {
  Options options = scale_options();
  options.discount = 0.5;
  Scale scale(options, {"x", 1, {-1.0f}, {1.0f}, 0});
  scale.see_reward(-40);
  scale.see_value(-150, 1);  // 80 at most can be right, and an estimate may be off by as much again
  EXPECT_EQ(scale.take_warning(), "");
  scale.see_value(170, 1);
  EXPECT_THAT(scale.cause(), HasSubstr("Q diverges: its mean has reached 170"));
  EXPECT_THAT(scale.take_warning(), HasSubstr("lower critic.learning_rate"));
}

void see_saturated(Scale& scale, int updates) {
  for (int i = 0; i < updates; i++) scale.see_saturation(1.0);
}

TEST(Scale, WarnsOfAnActorThatStaysAtItsBounds) {
  Scale scale(Options{}, {"x", 1, {-1.0f}, {1.0f}, 0});
  see_saturated(scale, 19'999);
  scale.see_saturation(0.999);  // it came back
  see_saturated(scale, 19'999);
  EXPECT_EQ(scale.take_warning(), "");
  Snapshot saved;
  scale.exchange(saved);
  Scale restored(Options{}, {"x", 1, {-1.0f}, {1.0f}, 0});
  Snapshot given(saved.parts(), "x");
  restored.exchange(given);
  for (Scale* one : {&scale, &restored}) {
    one->see_saturation(1.0);
    EXPECT_THAT(one->take_warning(), HasSubstr("each action of its last 20000 updates was at a bound"));
    see_saturated(*one, 1'000);
    EXPECT_EQ(one->take_warning(), "");
  }
}

TEST(Scale, AdvisesASaturatedActorOnlyWhatItsOptionsLeaveOpen) {
  Options random, penalised, offline;
  random.warmup_steps = offline.warmup_steps = 1'000;
  penalised.warmup_steps = 0;
  penalised.actor.action_l2 = 1;
  offline.offline_updates = 100;
  for (const auto& [options, advice] :
       {std::pair(random,
                  "actor.learning_rate, with fewer random steps (warmup_steps, learning_starts) or with "
                  "actor.action_l2 = 0.1"),
        std::pair(penalised, "actor.learning_rate or with a higher actor.action_l2"),
        std::pair(offline, "actor.learning_rate or with actor.action_l2 = 0.1")}) {
    Scale scale(options, {"x", 1, {-1.0f}, {1.0f}, 0});
    see_saturated(scale, 20'000);
    EXPECT_THAT(scale.take_warning(), HasSubstr(advice));
  }
}

// Whatever the rows are: here none is made before the end.
TEST(Scale, CountsASaturatedActorsUpdatesOfAWholeTraining) {
  Options options = testing::small_options();
  options.actor.hidden = options.critic.hidden = {4};
  options.actor.final_init = 1e6;
  Algorithm algorithm(options, scripted(point()));
  while (algorithm.updates() < 20'100) algorithm.step();
  Progress progress;
  algorithm.measure(progress);
  EXPECT_THAT(progress.warning, HasSubstr("the actor is saturated"));
}

// Checkpoints of before saturation was counted have four places for what was told.
TEST(Scale, TakesStateThatKnowsNoSaturation) {
  Scale scale(Options{}, {"x", 1, {-1.0f}, {1.0f}, 0});
  see_saturated(scale, 19'999);
  Snapshot saved;
  scale.exchange(saved);
  std::vector<SnapshotPart> parts = saved.parts();
  EXPECT_EQ(std::erase_if(parts, [](const SnapshotPart& part) { return part.name.starts_with("satur"); }), 2u);
  const auto told = std::ranges::find(parts, "told", &SnapshotPart::name);
  ASSERT_NE(told, parts.end());
  EXPECT_EQ(told->shape, TensorShape{4});
  Scale restored(Options{}, {"x", 1, {-1.0f}, {1.0f}, 0});
  Snapshot given(parts, "x");
  restored.exchange(given);
  see_saturated(restored, 19'999);
  EXPECT_EQ(restored.take_warning(), "");
  restored.see_saturation(1.0);
  EXPECT_THAT(restored.take_warning(), HasSubstr("the actor is saturated"));
}

// Such critics cannot diverge, and the scale of rewards is that of their ends.
TEST(Scale, OfADistributionWarnsWhereValuesLieAtAnEndThatRewardsCanPass) {
  Options options;
  options.critic.head = Head::categorical;
  options.critic.v_min = -10'000;
  options.critic.v_max = 30'000;
  const Specification specification{"task", 1, {-1.0f}, {1.0f}, 0};
  for (const auto& [q, reward, warning] :
       {std::tuple(10'000.0, 5'000.0, ""), std::tuple(-9'900.0, -5'000.0, "critic.v_min = -10000 is where they end"),
        std::tuple(29'500.0, 5'000.0, "critic.v_max = 30000 is where they end"), std::tuple(29'500.0, -5'000.0, ""),
        std::tuple(29'500.0, 299.0, ""), std::tuple(-9'900.0, 5'000.0, "")}) {
    Scale scale(options, specification);
    for (int i = 0; i < 200; i++) scale.see_reward(i % 2 == 0 ? reward : 1e-6);
    Snapshot taken;
    scale.exchange(taken);
    Scale restored(options, specification);
    Snapshot given(taken.parts(), "x");
    restored.exchange(given);
    for (Scale* one : {&scale, &restored}) {
      one->see_observation(std::vector{1.0});
      one->see_value(q, 1);
      const std::string told = one->take_warning();
      EXPECT_THAT(told, HasSubstr(warning)) << q;
      EXPECT_EQ(told.empty(), std::string(warning).empty()) << told;
      EXPECT_EQ(one->take_warning(), "");
    }
  }
}

TEST(Scale, HasNothingToSayAboutTheTasksThatDdpgBrings) {
  for (const EnvironmentEntry& entry : builtin_environments()) {
    std::unique_ptr<Environment> environment;
    try {
      environment = make_environment(entry.name);
    } catch (const Error&) {
      continue;  // MuJoCo is not built in
    }
    Options options = scale_options();
    options.warmup_steps = options.learning_starts = 600;
    EXPECT_EQ(warnings(options, std::move(environment), 600), "") << entry.name;
  }
}

std::string failure_of(const Options& options, const Script& script) {
  return testing::failure_in(scripted(script), options);
}

TEST(Scale, ADivergenceIsPutDownToWhatWasMeasured) {
  const auto blames = [](const std::string& cause, const std::string& found) {
    EXPECT_THAT(found, HasSubstr(cause));
    EXPECT_EQ(found.find("learning_rate") == std::string::npos, cause != "learning_rate") << found;
  };
  blames("bounds of action[0], -9e+17 and 9e+17", [] {  // what the environment makes of such an action is none
    Script script = point_in(1, 1, 9e17f);
    script.step = [](int, std::span<const float> action, std::span<double> observation) {
      observation[0] = static_cast<double>(action[0] * action[0]);
      return StepResult{};
    };
    return failure_of(scale_options(), script);
  }());
  blames("observation[0] is 1e+300", [] {
    Script script = point();
    script.step = [](int, std::span<const float>, std::span<double> observation) {
      observation[0] = 1e300;
      return StepResult{};
    };
    return failure_of(scale_options(), script);
  }());
  blames("observation[0], the largest", failure_of(scale_options(), point_in(1e38, 1)));
  blames("rewards are out of scale", failure_of(scale_options(), point_in(1, 1e38)));
  Options wild = scale_options();
  wild.actor.learning_rate = wild.critic.learning_rate = 1e30;
  blames("learning_rate", failure_of(wild, point()));
}

// By initial_run: before the first large reward of the new training comes.
TEST(Scale, ValuesThatAnotherRunHasLearntDoNotDiverge) {
  const Specification specification{"x", 1, {-1.0f}, {1.0f}, 0};
  Options options = scale_options();
  options.discount = 0.9;
  Scale before(options, specification), after(options, specification);
  before.see_reward(100);
  Snapshot saved;
  before.exchange(saved);
  Snapshot given(saved.parts(), "x");
  after.take_learnt(given);
  after.see_reward(1);
  after.see_value(800, 1);
  EXPECT_EQ(after.take_warning(), "");
  after.see_value(2001, 1);
  EXPECT_THAT(after.take_warning(), HasSubstr("rewards of at most 100"));
}

// By keep_replay; else a critic whose values are those of large rewards would count as diverging.
TEST(Scale, SeesWhatIsKeptOfAnotherRunAsItSeesWhatIsAdded) {
  const Specification specification{"x", 1, {-1.0f}, {1.0f}, 0};
  for (const auto& [size, reward, found] : {std::tuple(1.0f, 5e4f, "rewards are out of scale: the largest so far is 5"),
                                            std::tuple(1e6f, 1.0f, "observations are out of scale")}) {
    AgentCore kept(scale_options(), specification, 1, Compute{}, AgentCore::Data::may_be_added);
    AgentCore added(scale_options(), specification, 1, Compute{}, AgentCore::Data::may_be_added);
    kept.keep({{size}, {0}, {size}, reward, false, true}, true);
    added.add({{size}, {0}, reward, {size}, false, true});
    EXPECT_THAT(kept.scale().cause(), HasSubstr(found));
    EXPECT_EQ(kept.scale().cause(), added.scale().cause());
  }
}

// Whether it was reported before is part of a training's state.
TEST(Scale, WarnsOnceAlsoAfterACheckpoint) {
  Options options = scale_options();
  Specification specification{"x", 1, {-1.0f}, {1.0f}, 0};
  Scale scale(options, specification);
  const double large = 1e6;
  scale.see_observation({&large, 1});
  scale.see_reward(1);
  Snapshot saved;
  scale.exchange(saved);
  const auto restored = [&](Snapshot& from) {
    Snapshot state(from.parts(), "x");
    Scale other(options, specification);
    other.exchange(state);
    return other.take_warning();
  };
  EXPECT_THAT(restored(saved), HasSubstr("observation[0]"));
  scale.take_warning();
  Snapshot told;
  scale.exchange(told);
  EXPECT_EQ(restored(told), "");
}

}  // namespace
}  // namespace ddpg
