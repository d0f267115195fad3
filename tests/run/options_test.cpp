// Options: the table covers them all, validation says everything at once, text and TOML are read as they are written.
#include "ddpg/options.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <random>

#include "ddpg/error.h"
#include "run/generated_section.h"
#include "run/option_table.h"

namespace ddpg {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Options pendulum() {
  Options options;
  options.environment = "Pendulum-v1";
  return options;
}

Options with(std::string_view key, std::string_view value) {
  Options options = pendulum();
  set_option(options, key, value);
  return options;
}

template <class Work>
std::string error_of(const Work& work) {
  try {
    work();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

std::string toml_error(std::string_view text) {
  return error_of([&] {
    Options options;
    apply_toml(options, text, "c.toml");
  });
}

std::string set_error(std::string_view key, std::string_view value) {
  return error_of([&] { with(key, value); });
}

// --- the table
// ---------------------------------------------------------------------------------------------------------------------

// every member of Options but `env` is in the table: the bindings do not compile when a member is added, which then
// belongs here and in the table
TEST(OptionTable, HasEveryMember) {
  [[maybe_unused]] const auto& [environment, env, preset, seed, steps, threads, environments, overlap, discount, tau,
                                hard, running, batch, capacity, warmup, starts, updates, interval, normalise, clip,
                                evaluation, episodes, log, checkpoint, timeout, kept, adam, actor, critic,
                                exploration] = Options{};
  [[maybe_unused]] const auto& [beta1, beta2, epsilon] = adam;
  [[maybe_unused]] const auto& [hidden, activation, batch_norm, layer_norm, init, rate, gradient] =
      static_cast<const NetworkOptions&>(actor);
  [[maybe_unused]] const auto& [noise, sigma, theta, dt, sigma_final, decay] = exploration;
  EXPECT_EQ(option_table().size(), 25u + 3 + 7 + (7 + 2) + 6);
}

TEST(OptionTable, NamesAreUniqueAndEachLeadsToItsOwnMember) {
  Options options;
  for (const OptionEntry& entry : option_table()) {
    EXPECT_EQ(find_option(entry.name), &entry) << entry.name;
    const Options before = options;
    // the first value of these that is not the one it has: true, 7, the names, a list
    for (const RawValue& raw : {RawValue(true), RawValue(std::int64_t{7}), RawValue("elu"), RawValue("none"),
                                RawValue("x"), RawValue(std::vector<double>{7, 7})}) {
      if (options == before) entry.set(options, raw);
    }
    EXPECT_NE(options, before) << entry.name;
    for (const OptionEntry& other : option_table()) {
      EXPECT_EQ(other.value(options) != other.value(before), other.name == entry.name)
          << entry.name << " " << other.name;
    }
  }
}

TEST(OptionTable, DocumentIsUpToDate) {
  std::string section = "| key | type | range | default | meaning | source |\n|---|---|---|---|---|---|\n";
  for (const OptionEntry& entry : option_table()) {
    section += fmt::format("| `{}` | {} | {} | `{}` | {} | {} |\n", entry.name, entry.type, entry.range,
                           entry.value(Options{}), entry.meaning, entry.source);
  }
  expect_generated_section("options.md", section);
}

// --- validation
// --------------------------------------------------------------------------------------------------------------------

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
      {"tau", "1", "1.1"},
      {"tau", "0", "-0.1"},
      {"hard_update_interval", "0", "-1"},
      {"batch_size", "1", "0"},
      {"replay_capacity", "1e12", "1e13"},
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
      {"adam.epsilon", "1e-12", "0"},
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
      ASSERT_EQ(entry.set(options, RawValue(bad)), "");
      EXPECT_THAT(violations(options), ElementsAre(AllOf(HasSubstr(entry.name), HasSubstr("finite")))) << entry.name;
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

TEST(Violations, UnknownNames) {
  Options options = pendulum();
  options.environment = "Pendulm-v1";
  options.preset = "defalt";
  EXPECT_THAT(violations(options), ElementsAre(HasSubstr("Pendulm-v1"), HasSubstr("defalt")));
  options = Options{};
  EXPECT_THAT(violations(options), ElementsAre(HasSubstr("environment = \"\"")));
}

// --- one option from text
// ----------------------------------------------------------------------------------------------------------

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
  EXPECT_THAT(set_error("learning_rate", "1"), HasSubstr("Did you mean actor.learning_rate or critic.learning_rate?"));
  EXPECT_THAT(set_error("env.", "1"), HasSubstr("unknown option \"env.\""));
  EXPECT_THAT(set_error("preset", "spinningup"), HasSubstr("--preset"));
}

// --- TOML
// --------------------------------------------------------------------------------------------------------------------------

TEST(Toml, GroupsTheOptionsAndSaysWhatTheyMean) {
  Options options = pendulum();
  options.env["mass"] = 2.0;
  EXPECT_THAT(to_toml(options),
              AllOf(HasSubstr("\nseed = 0\n"),
                    HasSubstr("# Soft update rate of the targets (in [0, 1]). Paper: 1e-3, section 7.\ntau = 0.005\n"),
                    HasSubstr("\n[actor]\n"), HasSubstr("\nhidden = [64, 64]\n"), HasSubstr("\ngradient_clip = 0.0\n"),
                    HasSubstr("\nnoise = \"gaussian\"\n"), HasSubstr("\n[env]\nmass = 2.0\n")));
}

double random_double(std::mt19937_64& random) {
  for (;;) {
    const double x = std::bit_cast<double>(random());
    if (x - x == 0) return x;  // finite
  }
}

std::string random_text(std::mt19937_64& random) {
  std::string text;
  for (std::uint64_t length = random() % 6; length > 0; --length) text += static_cast<char>(random() % 128);
  return text + (random() % 2 ? "µ" : "");
}

// any value that the type can hold, in range or not: of these the last that the option takes
Options random_options(std::mt19937_64& random) {
  const std::string names[] = {"relu", "tanh", "elu", "linear", "none", "gaussian", "ornstein-uhlenbeck"};
  Options options;
  for (const OptionEntry& entry : option_table()) {
    entry.set(options, random() % 2 == 0);
    entry.set(options, static_cast<std::int64_t>(random() >> 40));
    entry.set(options, static_cast<std::int64_t>(random()) >> (random() % 64));
    entry.set(options, random_double(random));
    entry.set(options, std::vector<double>(random() % 4, static_cast<double>(random() % 1000)));
    for (std::uint64_t i = 0, first = random(); i < std::size(names); ++i) {
      entry.set(options, names[(first + i) % std::size(names)]);
    }
  }
  options.environment = random_text(random);
  options.preset = presets()[random() % presets().size()].name;
  options.env = {{random_text(random), random_text(random)},
                 {random_text(random), random_double(random)},
                 {random_text(random), random() % 2 == 0},
                 {"list", std::vector<double>{random_double(random), -0.0, 5e-324}}};
  return options;
}

void expect_round_trip(const Options& options) {
  const std::string text = to_toml(options);
  Options again;
  ASSERT_NO_THROW(apply_toml(again, text, "c.toml")) << text;
  EXPECT_EQ(again, options) << text;
  EXPECT_EQ(to_toml(again), text);  // also the sign of zeros
}

TEST(Toml, RoundTripKeepsEveryBit) {
  for (const Preset& preset : presets()) expect_round_trip(preset.options);
  std::mt19937_64 random(1);
  for (int i = 0; i < 300; ++i) expect_round_trip(random_options(random));
}

TEST(Toml, IsLaidOverWhatIsThere) {
  Options options = find_preset("our-ddpg").options;
  options.env = {{"mass", 1.0}, {"wind", true}};
  apply_toml(options, "batch_size = 1e2\ntau = 1\nexploration.sigma = 0.3\n[env]\nmass = 2\ngains = [1, 2.5]\n",
             "c.toml");
  Options expected = find_preset("our-ddpg").options;
  expected.batch_size = 100;
  expected.tau = 1;
  expected.exploration.sigma = 0.3;
  expected.env = {{"mass", 2.0}, {"wind", true}, {"gains", std::vector<double>{1, 2.5}}};
  EXPECT_EQ(options, expected);
}

TEST(Toml, StartsFromThePresetThatItNames) {
  Options options = with("seed", "7");
  options.discount = 0.5;
  apply_toml(options, "tau = 0.1\npreset = \"lillicrap2015\"", "c.toml");
  Options expected = find_preset("lillicrap2015").options;
  expected.environment = "Pendulum-v1";
  expected.seed = 7;
  expected.tau = 0.1;
  EXPECT_EQ(options, expected);
  EXPECT_THAT(toml_error("\npreset = \"lilicrap2015\""), AllOf(HasSubstr("c.toml:2:10: "), HasSubstr("lilicrap2015")));
}

TEST(Toml, MalformedTextHasLineAndColumn) {
  EXPECT_THAT(toml_error("tau = 0.1\nbatch_size = = 3"), HasSubstr("c.toml:2:14: "));
  EXPECT_THAT(toml_error("tau = 0.1\ntau = 0.2"), HasSubstr("c.toml:2:"));
  EXPECT_THAT(toml_error("seed = 9223372036854775808"), HasSubstr("c.toml:1:"));
  EXPECT_THAT(toml_error("tau = \"a\xff\""), HasSubstr("c.toml:1:"));
}

TEST(Toml, SaysEverythingWrongAndChangesNothing) {
  const std::string text =
      "tau = \"fast\"\n"    // 1
      "batch_size = 2.5\n"  // 2
      "bacth_size = 3\n"    // 3
      "seed = -1\n"         // 4
      "critic = 3\n"        // 5
      "[actor]\n"           // 6
      "hidden = [[400]]\n"  // 7
      "learning_rat = 1\n"  // 8
      "[exploration]\n"     // 9
      "noise = \"pink\"\n"  // 10
      "sigma = {a = 1}\n"   // 11
      "[env]\n"             // 12
      "day = 2020-01-01\n"  // 13
      "[unknown.inner]\n"   // 14
      "key = 1\n";          // 15
  Options options = pendulum();
  const std::string error = error_of([&] { apply_toml(options, text, "c.toml"); });
  EXPECT_EQ(options, pendulum());
  const char* const expected[] = {
      "c.toml:1:7: tau: expected a number, found the text \"fast\"\n",
      "c.toml:2:14: batch_size: expected an integer, found the number 2.5\n",
      "c.toml:3:1: unknown option \"bacth_size\"",
      "c.toml:4:8: seed: expected an integer from 0 to ",
      "c.toml:5:10: critic: expected a table of options such as [critic], found the integer 3\n",
      "c.toml:7:10: actor.hidden: expected a list of integers such as [400, 300], found a list",
      "c.toml:8:1: unknown option \"actor.learning_rat\". Did you mean actor.learning_rate",
      "c.toml:10:9: exploration.noise: expected one of \"gaussian\"",
      "c.toml:11:9: exploration.sigma: expected a number, found a table\n",
      "c.toml:13:7: env.day: expected true, false, a number, ",
      "c.toml:15:1: unknown option \"unknown.inner.key\""};
  std::size_t place = 0;
  for (const char* problem : expected) {
    const std::size_t found = error.find(problem, place);
    EXPECT_NE(found, std::string::npos) << problem << "\nafter character " << place << " of\n" << error;
    if (found != std::string::npos) place = found;
  }
  EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 10);
  EXPECT_THAT(toml_error("[explration]"), HasSubstr("unknown option \"explration\""));
  EXPECT_THAT(toml_error("env = 3"), HasSubstr("c.toml:1:7: env: expected a table"));
}

}  // namespace
}  // namespace ddpg
