// Options as TOML: what is written is read as the same options, and errors name line and column.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <random>
#include <utility>

#include "ddpg/options.h"
#include "options/option_samples.h"
#include "options/option_table.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using testing::error_of;
using ::testing::HasSubstr;
using testing::pendulum;
using testing::with;

std::string toml_error(std::string_view text) {
  return error_of([&] {
    Options options;
    apply_toml(options, text, "c.toml");
  });
}

TEST(Toml, GroupsTheOptionsAndSaysWhatTheyMean) {
  Options options = pendulum();
  options.env["mass"] = 2.0;
  EXPECT_THAT(to_toml(options),
              AllOf(HasSubstr("\nseed = 0\n"),
                    HasSubstr("# Soft update rate of the targets; a number or a schedule (in [0, 1]). Paper: 1e-3, "
                              "section 7.\ntau = 0.005\n"),
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
  const std::string names[] = {"relu", "tanh",  "elu", "linear", "none",   "gaussian",     "ornstein-uhlenbeck",
                               "mse",  "huber", "mlp", "simba",  "fan-in", "orthogonal-he"};
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

// A key of many parts made each reader follow it until there was no stack left.
TEST(Toml, IsRefusedWhenItIsDeep) {
  const auto repeated = [](std::string_view part, int times) {
    std::string text;
    for (int i = 0; i < times; i++) text += part;
    return text;
  };
  const std::string parts = "c.toml:2: expected a key of at most 8 parts, found more";
  const std::string levels = "c.toml:1: expected at most 16 levels of lists and tables, found more";
  const std::pair<std::string, std::string> cases[] = {{"\n" + repeated("a.", 40'000) + "a = 1", parts},
                                                       {"\n[" + repeated("a . ", 40'000) + "a]", parts},
                                                       {"\n" + repeated("'a'.", 40'000) + "a = 1", parts},
                                                       {"# '''\n" + repeated(R"("\"".)", 40'000) + "a = 1", parts},
                                                       {"x = [\n{" + repeated("a.", 9) + "a = 1}]", parts},
                                                       {"x = \"\"\"\"\"\"\n" + repeated("a.", 40'000) + "a = 1", parts},
                                                       {"x = '''a'''''\n" + repeated("a.", 40'000) + "a = 1", parts},
                                                       {"x = " + repeated("[", 40'000), levels},
                                                       {"x = " + repeated("{a = ", 40'000), levels}};
  for (const auto& [text, error] : cases) EXPECT_EQ(toml_error(text), error) << text.substr(0, 40);
}

// toml++ 3.3 has undefined behaviour at such letters.
TEST(Toml, LettersBeyondAsciiBelongInTexts) {
  const std::string outside = "expected a text in quotation marks around letters beyond ASCII, found one outside";
  const std::string behind = "expected ASCII behind a backslash, found another letter";
  const std::pair<std::string, std::string> cases[] = {
      {"\né = 1", "2: " + outside},           {"x = é", "1: " + outside},
      {R"(x = 1"é")", "1: " + outside},       {R"(x = 1="é")", "1: " + outside},
      {R"(x = [1, 2."é"])", "1: " + outside}, {R"(x = {a = [1="é"]})", "1: " + outside},
      {"x = b'é'", "1: " + outside},          {"x = \"\"\"a \\\n\n é\"\"\"", "3: " + behind},
      {R"(x = "\é")", "1: " + behind},
  };
  for (const auto& [text, error] : cases) EXPECT_EQ(toml_error(text), "c.toml:" + error) << text;
  const char* right[] = {"\xEF\xBB\xBF[env] # é \"\n\"é\" = 'é' # \"", R"(env."ü"="é")",
                         R"(env = {"ß"='é', b = "\"é", 'c'='''é''''})", "[env]\na = \"\"\"\né \\\n aé\\\"é\"\"\""};
  Options options;
  for (const char* text : right) apply_toml(options, text, text);
  EXPECT_EQ(options.env.size(), 6u);
}

TEST(Toml, TakesDotsAndBracketsInTextsAndNumbers) {
  Options options;
  apply_toml(options, R"(# a.a.a.a.a.a.a.a.a.a.a [[[[[[[[[[[[[[[[[[[[[[[[[[
[env]
list = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.5]
text = 'x.x.x.x.x.x.x.x.x.x.x [[[[[[[[[[[[[[[[[[[[[[[['
long = """
"a.a.a.a.a.a.a.a.a.a.a \""" [[[[[[[[[[[[[[[[[[[[[[["""
"a.b.c.d.e.f.g.h.i.j" = true
)",
             "c.toml");
  EXPECT_EQ(options.env.size(), 4u);
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
      "c.toml:1:7: tau: expected a number or a schedule, such as linear:0.01:0.001:100000 (from, to, within so many "
      "steps), cosine: "
      "likewise, or steps:0.01:50000:0.001 (a number, then a step and the number from there on), found the text "
      "\"fast\"\n",
      "c.toml:2:14: batch_size: expected an integer, found the number 2.5\n",
      "c.toml:3:1: unknown option \"bacth_size\"",
      "c.toml:4:8: seed: expected an integer from 0 to ",
      "c.toml:5:10: critic: expected a table of options such as [critic], found the integer 3\n",
      "c.toml:7:10: actor.hidden: expected a list of integers such as [400, 300], found a list",
      "c.toml:8:1: unknown option \"actor.learning_rat\". Did you mean actor.learning_rate",
      "c.toml:10:9: exploration.noise: expected one of \"gaussian\"",
      "c.toml:11:9: exploration.sigma: expected a number or a schedule, such as linear:0.01:0.001:100000 (from, to, "
      "within so many steps), cosine: "
      "likewise, or steps:0.01:50000:0.001 (a number, then a step and the number from there on), found a table\n",
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

TEST(Toml, AListOfTexts) {
  Options options = pendulum(), read;
  options.data = {"a \"b\".csv", "c, d.npz"};
  apply_toml(read, to_toml(options), "x");
  EXPECT_EQ(read.data, options.data);
  EXPECT_EQ(with("data", "a, b.csv").data, std::vector<std::string>{"a, b.csv"});
  EXPECT_TRUE(with("data", "").data.empty());
  for (const char* wrong : {"data = [1]", "data = 3", "data = [\"a\", 1]"})
    EXPECT_THAT(toml_error(wrong), HasSubstr("data: expected a list of texts")) << wrong;
  EXPECT_THAT(toml_error("[env]\nx = [\"a\"]"), HasSubstr("found a list of texts"));
  EXPECT_THAT(toml_error("[actor]\nhidden = [\"a\"]"), HasSubstr("found a list of texts"));
}

}  // namespace
}  // namespace ddpg
