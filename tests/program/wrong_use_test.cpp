// Wrong use ends with exit code 2 and one message that names what is wrong, and leaves nothing behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program/program.h"

namespace ddpg::testing {
namespace {

using ::testing::HasSubstr;

struct WrongUse {
  const char* name;
  std::vector<std::string> arguments;
  std::vector<std::string> named;  // what the message must contain
};

std::ostream& operator<<(std::ostream& out, const WrongUse& wrong) {
  return out << wrong.name;
}

class WrongUseTest : public ::testing::TestWithParam<WrongUse> {};

TEST_P(WrongUseTest, EndsWithCode2AndNamesIt) {
  Workplace here;
  const Finished finished = here.run(GetParam().arguments);
  EXPECT_EQ(finished.code, 2) << finished.err;
  EXPECT_EQ(finished.out, "");
  EXPECT_TRUE(finished.err.starts_with("ddpg: ")) << finished.err;
  for (const std::string& named : GetParam().named) EXPECT_THAT(finished.err, HasSubstr(named));
  EXPECT_FALSE(std::filesystem::exists(here / "runs"));
}

// After "--" nothing is a flag; before it, --json makes JSON of every answer.
TEST(CommandLineWords, HelpAndVersionAreJsonToo) {
  Workplace here;
  EXPECT_THAT(here.run({"--help", "--json"}).json().at("help").get<std::string>(), HasSubstr("Usage: ddpg"));
  EXPECT_THAT(here.run({"train", "--json", "--help"}).json().at("help").get<std::string>(), HasSubstr("--preset"));
  EXPECT_EQ(here.run({"--version", "--json"}).json().at("version"),
            here.run({"version", "--json"}).json().at("version"));
}

TEST(CommandLineWords, WhatFollowsTwoDashesIsNoFlag) {
  Workplace here;
  const Finished finished = here.run({"evaluate", "--", "--json"});
  EXPECT_EQ(finished.code, 2);
  EXPECT_EQ(finished.out, "");
  EXPECT_THAT(finished.err, HasSubstr("--json: there is no such run folder or policy file"));
  EXPECT_THAT(here.run({"evaluate", "--", "-x"}).err, HasSubstr("-x: there is no such"));
  EXPECT_THAT(here.run({"report", "--", "--out"}).err, HasSubstr("--out: there is no such folder"));
  std::filesystem::create_directory(here / "run");
  write_text(here / "run/config.toml", "environment = \"Pendulum-v1\"\n");
  write_text(here / "run/progress.csv", "");
  EXPECT_THAT(here.run({"report", "run", "--", "--out"}).err, HasSubstr("--out: there is no such folder"));
  EXPECT_THAT(here.run({"runs", "--", "--out"}).err, HasSubstr("--out: there is no such folder"));
  EXPECT_THAT(here.run({"envs", "--", "-x"}).err, HasSubstr("unexpected argument \"-x\" for envs"));
  EXPECT_EQ(here.run({"envs", "--"}).code, 0);
}

TEST_P(WrongUseTest, IsTheLastLineWithJson) {
  Workplace here;
  std::vector<std::string> arguments = GetParam().arguments;
  arguments.push_back("--json");
  const Finished finished = here.run(arguments);
  EXPECT_EQ(finished.code, 2);
  const nlohmann::json json = finished.json();
  ASSERT_TRUE(json.is_object()) << finished.out;
  EXPECT_EQ(json.at("exit_code"), 2);
  EXPECT_THAT(finished.err, HasSubstr(json.at("error").get<std::string>()));
}

const WrongUse kWrongUses[] = {
    {"NoVerb", {}, {"which verb", "train", "evaluate"}},
    {"UnknownVerb", {"trian", "Pendulum-v1"}, {"\"trian\"", "Did you mean train"}},
    {"UnknownVerbBeforeAFlag", {"trian", "--steps"}, {"\"trian\"", "Did you mean train"}},
    {"FlagBeforeTheVerb", {"--steps", "3", "train"}, {"--steps: flags stand behind the verb"}},
    {"SwitchBeforeTheVerb",
     {"--quiet", "train", "Pendulum-v1"},
     {"--quiet: flags stand behind the verb, as in `", "ddpg train ... --quiet`"}},
    {"EmptyRun", {"train", "Pendulum-v1", "--run", ""}, {"the value of --run is empty"}},
    {"EmptyRunWithEquals", {"train", "Pendulum-v1", "--run="}, {"the value of --run is empty"}},
    {"EmptyConfig", {"train", "Pendulum-v1", "--config", ""}, {"the value of --config is empty"}},
    {"EmptyPreset", {"train", "Pendulum-v1", "--preset", ""}, {"the value of --preset is empty"}},
    {"EmptySeeds", {"train", "Pendulum-v1", "--seeds", ""}, {"the value of --seeds is empty"}},
    {"EmptyCamera", {"video", ".", "--out", "a.mp4", "--camera="}, {"the value of --camera is empty"}},
    {"EmptyFileToVerify", {"export", ".", "--verify", ""}, {"the value of --verify is empty"}},
    {"EmptyTarget", {"evaluate", ""}, {"argument 2 is empty"}},
    {"FlagAsAFolder",
     {"train", "Pendulum-v1", "--run", "--quiet"},
     {"--run needs a value, found the flag --quiet", "--run=--quiet"}},
    {"FlagAsANumber",
     {"train", "Pendulum-v1", "--steps", "--quiet"},
     {"--steps needs a value, found the flag --quiet"}},
    {"HelpAsAFile", {"report", ".", "--out", "-h"}, {"--out needs a value, found the flag -h"}},
    {"OneFileForTwo", {"report", ".", "--out", "z", "--csv", "./z"}, {"--out and --csv both name ./z"}},
    {"UnderscoresTwice", {"train", "Pendulum-v1", "--steps", "1__0"}, {"--steps", "\"1__0\""}},
    {"UnderscoreInTheExponent", {"train", "Pendulum-v1", "--steps", "1e_3"}, {"--steps", "\"1e_3\""}},
    {"TwoSigns", {"train", "Pendulum-v1", "--steps", "+-1"}, {"--steps", "\"+-1\""}},
    {"MoreThanADoubleHolds", {"train", "Pendulum-v1", "--steps", "9007199254740993.5"}, {"--steps", "in digits alone"}},
    {"ExactHoweverItIsWritten", {"train", "Pendulum-v1", "--steps", "9007199254740993.0"}, {"9007199254740993"}},
    {"UnknownFlag", {"train", "Pendulum-v1", "--sed", "3"}, {"--sed", "--seed"}},
    {"UnknownFlagBeforeThePositional", {"train", "--stepz=3", "Pendulum-v1"}, {"unknown flag --stepz.", "--steps"}},
    {"FlagOfAnotherVerb", {"envs", "--episodes", "3"}, {"--episodes"}},
    {"FlagWithoutItsValue", {"train", "Pendulum-v1", "--seed"}, {"--seed needs a value"}},
    {"SwitchWithAValue", {"train", "Pendulum-v1", "--quiet=3"}, {"--quiet takes no value"}},
    {"SecondPositional", {"train", "Pendulum-v1", "again"}, {"\"again\""}},
    {"NoEnvironment", {"train"}, {"which environment", "Pendulum-v1"}},
    {"UnknownEnvironment", {"train", "Pendulm-v1"}, {"\"Pendulm-v1\"", "Did you mean Pendulum-v1"}},
    {"UnknownSetting", {"train", "Pendulum-v1", "--set", "env.gravity=3"}, {"env.gravity"}},
    {"UnknownPreset", {"train", "Pendulum-v1", "--preset", "spiningup"}, {"\"spiningup\"", "Did you mean spinningup"}},
    {"UnknownPresetToShow", {"presets", "spiningup"}, {"\"spiningup\"", "spinningup"}},
    {"UnknownOption",
     {"train", "Pendulum-v1", "--set", "exploration.sigmaa=1"},
     {"exploration.sigmaa", "Did you mean exploration.sigma"}},
    {"SetWithoutEquals", {"train", "Pendulum-v1", "--set", "tau"}, {"--set", "KEY=VALUE", "\"tau\""}},
    {"SetOfAWrongType", {"train", "Pendulum-v1", "--set", "batch_size=many"}, {"batch_size", "integer", "many"}},
    {"NoNumber", {"train", "Pendulum-v1", "--steps", "many"}, {"--steps", "\"many\""}},
    {"CommasInANumber", {"train", "Pendulum-v1", "--steps", "20,000"}, {"--steps", "\"20,000\"", "20_000"}},
    {"FractionOfAStep", {"train", "Pendulum-v1", "--steps", "1.5"}, {"--steps", "integer", "1.5"}},
    {"NoSteps", {"train", "Pendulum-v1", "--steps", "0"}, {"--steps", "at least 1"}},
    {"NegativeSeed", {"train", "Pendulum-v1", "--seed", "-1"}, {"--seed", "-1"}},
    {"TooManyThreads", {"train", "Pendulum-v1", "--threads", "1000"}, {"--threads", "256", "1000"}},
    {"TooManyEnvironments", {"train", "Pendulum-v1", "--envs", "4097"}, {"--envs", "from 1 to 4096", "4097"}},
    {"NoEnvironmentAtAll", {"train", "Pendulum-v1", "--envs", "0"}, {"--envs", "from 1 to 4096"}},
    {"OverlapWithAValue", {"train", "Pendulum-v1", "--overlap=no"}, {"--overlap takes no value"}},
    {"AllViolationsAtOnce",
     {"train", "Pendulum-v1", "--set", "tau=3", "--set", "discount=-1"},
     {"tau = 3", "discount = -1"}},
    {"BatchLargerThanTheBuffer",
     {"train", "Pendulum-v1", "--set", "batch_size=512", "--set", "replay_capacity=256"},
     {"batch_size = 512 must be <= replay_capacity = 256"}},
    {"MissingConfig", {"train", "Pendulum-v1", "--config", "nowhere.toml"}, {"--config", "nowhere.toml"}},
    {"OverwriteOfNothing", {"train", "Pendulum-v1", "--overwrite"}, {"--overwrite", "--run"}},
    {"NoSeeds", {"train", "Pendulum-v1", "--seeds", "0"}, {"--seeds 0", "expected 1 to 10000 seeds"}},
    {"SeedsThatAreNone", {"train", "Pendulum-v1", "--seeds", "all"}, {"--seeds", "3-7", "\"all\""}},
    {"SeedsBackwards", {"train", "Pendulum-v1", "--seeds", "7-3"}, {"--seeds 7-3", "first seed must be <= the last"}},
    {"SeedsTwice", {"train", "Pendulum-v1", "--seeds", "3-7", "--seed", "1"}, {"--seeds 3-7", "leave --seed out"}},
    {"EnvironmentTwice",
     {"train", "Pendulum-v1", "--set", "environment=LinearQuadratic-v0"},
     {"Pendulum-v1 contradicts --set environment=", "leave one of them out"}},
    {"DataTwice",
     {"train", "Pendulum-v1", "--set", "data=a.csv", "--data", "b.csv"},
     {"--data contradicts --set data="}},
    {"RunToStartFromTwice",
     {"train", "--from", "a", "--set", "initial_run=b"},
     {"--from contradicts --set initial_run="}},
    {"JobsWithoutSeeds", {"train", "Pendulum-v1", "--jobs", "2"}, {"--jobs needs --seeds"}},
    {"NoJobs", {"train", "Pendulum-v1", "--seeds", "2", "--jobs", "0"}, {"--jobs", "from 1 to 1000"}},
    {"OverwriteOfAnExperiment",
     {"train", "Pendulum-v1", "--seeds", "2", "--run", "runs", "--overwrite"},
     {"--overwrite is for a single run"}},
    {"SeedsOfAnUnknownEnvironment", {"train", "Pendulm-v1", "--seeds", "2"}, {"Did you mean Pendulum-v1"}},
    {"JobsForARun", {"resume", "nothing", "--jobs", "2"}, {"--jobs is for experiments, and nothing is none"}},
    {"NothingToEvaluate", {"evaluate"}, {"which run or policy"}},
    {"MissingPolicy", {"evaluate", "runs/none"}, {"runs/none"}},
    {"FolderWithoutAPolicy", {"evaluate", "."}, {".: this folder holds no policy.ddpg"}},
    {"NoEpisodes", {"evaluate", ".", "--episodes", "0"}, {"--episodes", "from 1"}},
    {"NothingToRecord", {"video", "--out", "a.mp4"}, {"which run or policy", "ddpg video"}},
    {"MissingPolicyToRecord", {"video", "runs/none", "--out", "a.mp4"}, {"runs/none"}},
    {"NothingToReport", {"report"}, {"which runs?", "ddpg report"}},
    {"MissingRunToReport", {"report", "nowhere"}, {"nowhere", "no such folder"}},
    {"FolderWithoutRuns", {"report", "."}, {"no run in it", "config.toml"}},
    {"NoFolderOfRuns", {"runs"}, {"runs: there is no such folder", "ddpg runs DIR"}},
    {"MissingFolderOfRuns", {"runs", "nowhere"}, {"nowhere: there is no such folder"}},
    {"NoThreads", {"bench", "--threads", "0"}, {"--threads", "from 1"}},
};

INSTANTIATE_TEST_SUITE_P(CommandLine, WrongUseTest, ::testing::ValuesIn(kWrongUses),
                         [](const auto& wrong) { return std::string(wrong.param.name); });

TEST(WrongConfig, IsNamedWithItsLine) {
  Workplace here;
  write_text(here / "broken.toml", "tau = 0.5\ntau = = 1\n");
  const Finished broken = here.run({"train", "Pendulum-v1", "--config", "broken.toml"});
  EXPECT_EQ(broken.code, 2);
  EXPECT_THAT(broken.err, HasSubstr("broken.toml:2:"));
  write_text(here / "unknown.toml", "[actor]\nhiden = [8]\n");
  const Finished unknown = here.run({"train", "Pendulum-v1", "--config", "unknown.toml"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, ::testing::AllOf(HasSubstr("unknown.toml:2:"), HasSubstr("actor.hidden")));
}

TEST(WrongConfig, MustNotNameAnotherPresetThanTheFlag) {
  Workplace here;
  write_text(here / "other.toml", "preset = \"spinningup\"\n");
  const Finished finished = here.run({"train", "Pendulum-v1", "--preset", "our-ddpg", "--config", "other.toml"});
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.err, ::testing::AllOf(HasSubstr("our-ddpg"), HasSubstr("spinningup"), HasSubstr("other.toml")));
}

}  // namespace
}  // namespace ddpg::testing
