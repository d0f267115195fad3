// Validation of options says everything at once.
#include "ddpg/options.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "options/option_samples.h"
#include "options/option_table.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::pendulum;
using ::testing::UnorderedElementsAre;
using testing::with;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Violations, NoneInTheDefaults) {
  EXPECT_THAT(violations(pendulum()), IsEmpty());
}

// each line: a key, the last good value and the first bad one
TEST(Violations, RangesHoldAtTheirEnds) {
  const struct {
    const char* key;
    const char* good;
    const char* bad;
  } cases[] = {
      {"steps", "0", "-1"},
      {"threads", "256", "257"},
      {"threads", "1", "0"},
      {"environments", "4096", "4097"},
      {"environments", "1", "0"},
      {"discount", "1", "1.0000001"},
      {"discount", "0", "-1e-9"},
      {"n_step", "1", "0"},
      {"n_step", "1000", "1001"},
      {"tau", "1", "1.1"},
      {"tau", "0", "-0.1"},
      {"hard_update_interval", "0", "-1"},
      {"batch_size", "1", "0"},
      {"replay_capacity", "1e9", "1e10"},
      {"warmup_steps", "0", "-1"},
      {"learning_starts", "0", "-1"},
      {"updates_per_step", "1000", "1001"},
      {"updates_per_step", "1e-3", "0"},
      {"update_interval", "1", "0"},
      {"observation_clip", "1e-3", "0"},
      {"evaluation_interval", "0", "-1"},
      {"evaluation_episodes", "0", "-1"},
      {"log_interval", "1", "0"},
      {"checkpoint_interval", "0", "-1"},
      {"adam.beta1", "0", "1"},
      {"adam.beta2", "0.9999", "-0.1"},
      {"adam.epsilon", "1e-16", "1e-17"},
      {"actor.hidden", "1,65536", "0,4"},
      {"actor.hidden", "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1"},
      {"critic.hidden", "64", "65537"},
      {"critic.hidden", "64", ""},
      {"actor.final_init", "0", "-1e-9"},
      {"critic.learning_rate", "1e-9", "0"},
      {"actor.gradient_clip", "0", "-1"},
      {"critic.action_layer", "1", "0"},
      {"critic.action_layer", "3", "4"},
      {"critic.l2", "0", "-1"},
      {"critic.count", "1", "0"},
      {"critic.count", "64", "65"},
      {"actor.period", "1", "0"},
      {"target.noise", "0", "-0.1"},
      {"target.noise_clip", "0", "-0.1"},
      {"target.period", "1", "0"},
      {"actor.weight_decay", "0", "-1e-9"},
      {"replay.alpha", "0", "-0.1"},
      {"replay.alpha", "1", "1.1"},
      {"replay.floor", "1e-9", "0"},
      {"replay.hindsight", "0", "-1"},
      {"replay.beta", "1", "1.1"},
      {"target.lowest", "-3", "nan"},
      {"actor.cloning_alpha", "0", "-1"},
      {"actor.action_l2", "0", "-1"},
      {"exploration.random_chance", "1", "1.1"},
      {"exploration.sigma", "0", "-0.1"},
      {"exploration.theta", "0", "-0.1"},
      {"exploration.dt", "1e-9", "0"},
      {"exploration.sigma_final", "0", "-0.1"},
      {"exploration.decay_steps", "0", "-1"},
  };
  for (const auto& [key, good, bad] : cases) {
    EXPECT_THAT(violations(with(key, good)), IsEmpty()) << key << " = " << good;
    EXPECT_THAT(violations(with(key, bad)), ElementsAre(HasSubstr(fmt::format("{} = ", key)))) << key << " = " << bad;
  }
}

TEST(Violations, NumbersMustBeFinite) {
  for (const OptionEntry& entry : option_table()) {
    for (const double bad : {kNaN, kInfinity, -kInfinity}) {
      Options options = pendulum();
      if (entry.type != "number") continue;
      const bool may_be_off = entry.name == "stop.at_return" || entry.name == "target.lowest" ||  // by an infinity
                              entry.name == "target.highest";
      if (may_be_off && !std::isnan(bad)) continue;
      ASSERT_EQ(entry.set(options, RawValue(bad)), "");
      EXPECT_THAT(violations(options),
                  ElementsAre(AllOf(HasSubstr(entry.name), HasSubstr(may_be_off ? "a number" : "finite"))))
          << entry.name;
    }
  }
  Options options = pendulum();
  options.env = {{"mass", kInfinity},
                 {"lengths", std::vector<double>{1, kNaN}},
                 {"range", std::vector<double>{-kInfinity, 1}},
                 {"gravity", 9.81}};
  EXPECT_THAT(violations(options),
              UnorderedElementsAre("env.mass = inf must be finite", "env.lengths = [1.0, nan] must not hold nan"));
}

TEST(Violations, AreNamedAllAtOnceWithValueAndConstraint) {
  Options options = pendulum();
  options.tau = 1.5;
  options.batch_size = 512;
  options.replay_capacity = 256;
  options.actor.hidden = {};
  options.critic.activation = static_cast<Activation>(9);
  options.critic.action_layer = 4;
  options.seed = std::uint64_t{1} << 63;
  EXPECT_THAT(violations(options),
              UnorderedElementsAre("tau = 1.5 must be in [0, 1]", "batch_size = 512 must be <= replay_capacity = 256",
                                   "actor.hidden = [] must be 1 to 16 widths, each in [1, 65536]",
                                   AllOf(HasSubstr("critic.activation"), HasSubstr("\"relu\"")),
                                   HasSubstr("critic.action_layer = 4 must be <= 3"),
                                   HasSubstr("seed = 9223372036854775808 must be <= 9223372036854775807")));
  EXPECT_THAT(error_of([&] { validate(options); }),
              AllOf(HasSubstr("tau = 1.5"), HasSubstr("batch_size = 512"), HasSubstr("6")));
}

TEST(Violations, ARoundFitsIntoTheReplayBuffer) {
  Options options = pendulum();
  options.batch_size = 4;
  options.replay_capacity = 16;
  options.environments = 16;
  EXPECT_THAT(violations(options), IsEmpty());
  options.environments = 17;
  EXPECT_THAT(violations(options), ElementsAre("environments = 17 must be <= replay_capacity = 16"));
}

TEST(Violations, NormalisationsAndTheirBatch) {
  Options options = pendulum();
  options.batch_size = 1;
  EXPECT_THAT(violations(options), IsEmpty());
  options.actor.batch_norm = true;
  EXPECT_THAT(violations(options), ElementsAre("batch_size = 1 must be >= 2 with actor.batch_norm = true"));
  options.batch_size = 2;
  EXPECT_THAT(violations(options), IsEmpty());
  options.actor.layer_norm = true;
  EXPECT_THAT(violations(options), ElementsAre(AllOf(HasSubstr("actor.batch_norm"), HasSubstr("actor.layer_norm"))));
}

TEST(Violations, WhatSeveralCriticsAndDelaysDoNotGoWith) {
  Options options = pendulum();
  options.hard_update_interval = 100;
  options.actor.period = 2;
  EXPECT_THAT(violations(options), IsEmpty());
  options.target.period = 2;
  EXPECT_THAT(violations(options),
              ElementsAre(HasSubstr("target.period = 2 must be 1 with hard_update_interval = 100")));
  options = pendulum();
  options.actor.aggregate = Aggregate::min;
  options.critic.batch_norm = true;
  EXPECT_THAT(violations(options), IsEmpty());  // of one critic
  options.critic.count = 2;
  EXPECT_THAT(violations(options), ElementsAre(HasSubstr("actor.aggregate = \"min\"")));
  options.critic.batch_norm = false;
  EXPECT_THAT(violations(options), IsEmpty());
}

TEST(Violations, TargetsHaveEndsInTheirOrderAndOneKindOfThem) {
  Options options = pendulum();
  options.target.lowest = options.target.highest = -3;
  EXPECT_THAT(violations(options), ElementsAre(HasSubstr("target.lowest = -3.0 must be below target.highest = -3.0")));
  options.target.highest = 0;
  EXPECT_THAT(violations(options), IsEmpty());
  options.critic.head = Head::two_hot;
  EXPECT_THAT(violations(options), ElementsAre(HasSubstr("critic.head = \"two-hot\"")));
}

TEST(Violations, WhatDistributionsAndRangesDoNotGoWith) {
  Options options = pendulum();
  options.critic.v_min = options.critic.v_max = 5;
  EXPECT_THAT(violations(options), IsEmpty());  // without effect
  options.critic.head = Head::categorical;
  EXPECT_THAT(violations(options), ElementsAre(HasSubstr("critic.v_max = 5 must be above critic.v_min = 5")));
  options.critic.v_max = 5.0001;  // atoms that a float does not tell apart
  EXPECT_THAT(violations(options), ElementsAre(HasSubstr("critic.v_max")));
  options.critic.v_max = 6;
  EXPECT_THAT(violations(options), IsEmpty());
  options.target.clip_to_seen_range = true;
  options.hard_update_interval = 250;
  EXPECT_THAT(violations(options), ElementsAre(HasSubstr("critic.head = \"categorical\"")));
  options.critic.head = Head::huber;
  EXPECT_THAT(violations(options), IsEmpty());
  options.hard_update_interval = 0;
  EXPECT_THAT(violations(options), ElementsAre(HasSubstr("hard_update_interval = 0")));
}

TEST(Violations, CriteriaThatAreNeverMet) {
  for (const auto& [key, value] : {std::pair("stop.at_return", "-150"), std::pair("stop.no_progress_for", "1000")}) {
    Options options = with(key, value);
    EXPECT_THAT(violations(options), IsEmpty()) << key;
    options.evaluation_episodes = 0;
    EXPECT_THAT(violations(options), ElementsAre(AllOf(HasSubstr(key), HasSubstr("evaluation_episodes = 0"))));
    options.changes = {"500 evaluation_episodes=2"};
    EXPECT_THAT(violations(options), IsEmpty()) << key;
    options.changes.push_back("600 evaluation_episodes=0");
    EXPECT_THAT(violations(options), ElementsAre(AllOf(HasSubstr(key), HasSubstr("after the last of changes"))));
    options.evaluation_episodes = 2;
    EXPECT_THAT(violations(options), ElementsAre(HasSubstr("after the last of changes")));
    options.changes = {"500 evaluation_episodes=two"};  // what is wrong with it is said once
    EXPECT_THAT(violations(options), ElementsAre(HasSubstr("expected an integer")));
  }
  Options options = with("stop.after", "3600");
  options.evaluation_episodes = 0;
  EXPECT_THAT(violations(options), IsEmpty());
}

TEST(Violations, TextsAreUtf8) {
  Options options = pendulum();
  options.initial_run = "/runs/\xc3\xa9 \xe6\xbc\xa2";
  options.data = {"/a.csv", "/\xe9.csv"};
  options.env["floor"] = std::string("\xff");
  EXPECT_THAT(violations(options), ElementsAre(HasSubstr("data must be UTF-8, found [\"/a.csv\", \"/\\xe9.csv\"]"),
                                               HasSubstr("env.floor must be UTF-8, found \"\\xff\"; rename")));
}

TEST(Violations, TransitionsThatNoCheckpointWouldKeep) {
  Options options = with("data", "demonstrations.csv");
  EXPECT_THAT(violations(options), IsEmpty());
  options.checkpoint_replay = false;
  EXPECT_THAT(violations(options), ElementsAre(HasSubstr("checkpoint_replay = false must not stand with data")));
  options.data.clear();
  EXPECT_THAT(violations(options), IsEmpty());
  options.initial_run = "run";
  options.keep_replay = true;
  EXPECT_THAT(violations(options),
              ElementsAre(HasSubstr("checkpoint_replay = false must not stand with keep_replay = true")));
}

TEST(Violations, UnknownNames) {
  Options options = pendulum();
  options.environment = "Pendulm-v1";
  options.preset = "defalt";
  EXPECT_THAT(violations(options), ElementsAre(HasSubstr("Pendulm-v1"), HasSubstr("defalt")));
  options = Options{};
  EXPECT_THAT(violations(options), ElementsAre(HasSubstr("environment = \"\"")));
}

}  // namespace
}  // namespace ddpg
