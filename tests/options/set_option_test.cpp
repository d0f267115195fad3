// One option, read from text as written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "options/option_samples.h"
#include "options/option_table.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::set_error;
using testing::with;

TEST(SetOption, ReadsByType) {
  EXPECT_EQ(with("exploration.sigma", "0.2").exploration.sigma, 0.2);
  EXPECT_EQ(with("exploration.sigma", "1").exploration.sigma, 1.0);
  EXPECT_EQ(with("replay_capacity", "1e6").replay_capacity, 1'000'000);
  EXPECT_EQ(with("replay_capacity", "2_500_000").replay_capacity, 2'500'000);
  EXPECT_EQ(with("batch_size", " 64 ").batch_size, 64);
  EXPECT_EQ(with("seed", "9223372036854775807").seed, 9223372036854775807u);
  EXPECT_EQ(with("actor.batch_norm", "true").actor.batch_norm, true);
  EXPECT_EQ(with("critic.activation", "tanh").critic.activation, Activation::tanh);
  EXPECT_EQ(with("exploration.noise", "ornstein-uhlenbeck").exploration.noise, Noise::ornstein_uhlenbeck);
  EXPECT_EQ(with("environment", "123").environment, "123");
  for (const char* list : {"400,300", "[400, 300]", "[ 400 ,300 ]", "4e2,300"}) {
    EXPECT_THAT(with("actor.hidden", list).actor.hidden, ElementsAre(400, 300)) << list;
  }
  EXPECT_THAT(with("actor.hidden", "64").actor.hidden, ElementsAre(64));
}

TEST(SetOption, ReadsSettingsOfTheTaskAsTheyLook) {
  EXPECT_EQ(with("env.wind", "true").env.at("wind"), Setting(true));
  EXPECT_EQ(with("env.mass", "2").env.at("mass"), Setting(2.0));
  EXPECT_EQ(with("env.a.b", "x y").env.at("a.b"), Setting("x y"));
  EXPECT_EQ(with("env.mode", "\"2\"").env.at("mode"), Setting("2"));
  EXPECT_EQ(with("env.gains", "1,2.5").env.at("gains"), Setting(std::vector<double>{1, 2.5}));
  EXPECT_EQ(with("env.gains", "[3]").env.at("gains"), Setting(std::vector<double>{3}));
  EXPECT_EQ(with("env.names", "a,b").env.at("names"), Setting("a,b"));
}

TEST(SetOption, RefusesWhatHasTheWrongType) {
  EXPECT_EQ(set_error("batch_size", "abc"), "batch_size: expected an integer, found the text \"abc\"");
  EXPECT_EQ(set_error("batch_size", "64.5"), "batch_size: expected an integer, found the number 64.5");
  EXPECT_THAT(set_error("batch_size", "3e9"), HasSubstr("an integer from -2147483648 to 2147483647"));
  EXPECT_THAT(set_error("seed", "-1"), HasSubstr("an integer from 0 to 9223372036854775807"));
  EXPECT_THAT(set_error("seed", "9223372036854775808"), HasSubstr("an integer from 0 to 9223372036854775807"));
  EXPECT_THAT(set_error("steps", "nan"), HasSubstr("an integer"));
  for (const char* bad : {"", "0.1x", "_1", "1_", "--1", "true", "1,2"}) {
    EXPECT_THAT(set_error("tau", bad), HasSubstr("tau: expected a number")) << bad;
  }
  for (const char* bad : {"400;300", "4.5,3", "a", "1,,2"}) {
    EXPECT_THAT(set_error("actor.hidden", bad), HasSubstr("a list of integers such as [400, 300]")) << bad;
  }
  EXPECT_THAT(set_error("actor.batch_norm", "yes"), HasSubstr("true or false"));
  EXPECT_THAT(set_error("actor.activation", "gelu"), AllOf(HasSubstr("\"elu\""), HasSubstr("gelu")));
}

TEST(SetOption, NamesTheNearestKeys) {
  EXPECT_THAT(set_error("exploration.sigmaa", "1"),
              AllOf(HasSubstr("exploration.sigmaa"), HasSubstr("Did you mean exploration.sigma")));
  EXPECT_THAT(set_error("learning_rate", "1"),
              HasSubstr("Did you mean actor.learning_rate or critic.learning_rate or encoder.learning_rate?"));
  EXPECT_THAT(set_error("env.", "1"), HasSubstr("unknown option \"env.\""));
  EXPECT_THAT(set_error("preset", "spinningup"), HasSubstr("--preset"));
}

}  // namespace
}  // namespace ddpg
