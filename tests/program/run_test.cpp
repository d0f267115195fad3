// A training from the command line: its folder, its result, its repetition, its interruption.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <set>
#include <sstream>

#include "places.h"
#include "program/program.h"

namespace ddpg::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::set<std::string> files_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

TEST(TrainVerb, LeavesAWholeRunFolderAndTellsTheResult) {
  Workplace here;
  const Finished finished = here.train({"--seed", "7", "--json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  const fs::path run = here / (kSmallRun + "-seed7");
  EXPECT_EQ(files_in(run),
            (std::set<std::string>{"best.ddpg", "checkpoints", "config.toml", "machine.json", "policy.ddpg",
                                   "progress.csv", "progress.sums", "status.json", "summary.json", "task.json"}));

  nlohmann::json result = finished.json();
  ASSERT_TRUE(result.is_object()) << finished.out;
  EXPECT_EQ(result.at("environment"), "Pendulum-v1");
  EXPECT_EQ(result.at("preset"), "default");
  EXPECT_EQ(result.at("seed"), 7);
  EXPECT_EQ(result.at("steps"), 600);
  EXPECT_GT(result.at("updates"), 0);
  EXPECT_EQ(result.at("episodes"), 2);
  for (const char* key : {"mean_return", "std_return", "initial_mean_return", "seconds", "steps_per_second"}) {
    EXPECT_TRUE(result.at(key).is_number()) << key;
  }
  EXPECT_EQ(result.at("outcome"), "finished");
  EXPECT_EQ(result.at("run"), kSmallRun + "-seed7");
  EXPECT_EQ(result.at("policy"), kSmallRun + "-seed7/policy.ddpg");
  result.erase("run");
  result.erase("policy");
  EXPECT_EQ(nlohmann::json::parse(text_of(run / "summary.json")), result);

  EXPECT_THAT(finished.err,
              ::testing::AllOf(HasSubstr("run folder " + kSmallRun + "-seed7\n"), HasSubstr("return after"),
                               HasSubstr(" evaluate " + kSmallRun + "-seed7\n")));
  EXPECT_EQ(finished.err.find('\r'), std::string::npos);
  EXPECT_EQ(finished.err.find('\x1b'), std::string::npos);
}

TEST(TrainVerb, WritesNothingToStandardOutputWithoutJsonAndNothingAtAllWhenQuiet) {
  Workplace here;
  const Finished plain = here.train();
  EXPECT_EQ(plain.code, 0);
  EXPECT_EQ(plain.out, "");
  EXPECT_NE(plain.err, "");
  const Finished quiet = here.train({"--quiet"});
  EXPECT_EQ(quiet.code, 0);
  EXPECT_EQ(quiet.out + quiet.err, "");
  EXPECT_TRUE(fs::exists(here / (kSmallRun + "-seed0-2/summary.json")));
}

TEST(TrainVerb, RepeatsARunFromItsConfigToTheSameBits) {
  Workplace here;
  ASSERT_EQ(here.train({"--seed", "3", "--run", "first", "--quiet", "--preset", "spinningup", "--set", "tau=0.1"}).code,
            0);
  const Finished again = here.run({"train", "--config", "first/config.toml", "--run", "second", "--quiet"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(text_of(here / "first/config.toml"), text_of(here / "second/config.toml"));
  EXPECT_EQ(text_of(here / "first/policy.ddpg"), text_of(here / "second/policy.ddpg"));
  EXPECT_NE(text_of(here / "first/policy.ddpg"), "");
  EXPECT_EQ(without_clock(text_of(here / "first/progress.csv")), without_clock(text_of(here / "second/progress.csv")));
}

TEST(TrainVerb, TrainsOnManyEnvironmentsOverlapped) {
  Workplace here;
  const Finished finished = here.train({"--envs", "7", "--overlap", "--threads", "2", "--run", "flags", "--json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(finished.json().at("steps"), 600);  // not rounded up to a multiple of 7
  const std::string config = text_of(here / "flags/config.toml");
  EXPECT_THAT(config, ::testing::AllOf(HasSubstr("\nenvironments = 7\n"), HasSubstr("\noverlap = true\n")));
  ASSERT_EQ(here.train({"--set", "environments=7", "--set", "overlap=true", "--run", "options", "--quiet"}).code, 0);
  EXPECT_EQ(text_of(here / "flags/policy.ddpg"), text_of(here / "options/policy.ddpg"));
  ASSERT_EQ(here.train({"--overlap", "--envs", "7", "--set", "overlap=false", "--run", "last", "--quiet"}).code, 0);
  EXPECT_THAT(text_of(here / "last/config.toml"), HasSubstr("\noverlap = false\n"));  // the last one counts
}

TEST(TrainVerb, GoesByPresetThenConfigThenFlagsInTheirOrder) {
  Workplace here;
  write_text(here / "some.toml", "tau = 0.25\nbatch_size = 16\nseed = 5\n[critic]\nl2 = 0.5\n");
  ASSERT_EQ(here.train({"--preset", "lillicrap2015", "--config", "some.toml", "--set", "seed=6", "--seed", "8",
                        "--steps", "7e1", "--set", "steps=2_00", "--set", "critic.l2=0.75", "--run", "run", "--quiet"})
                .code,
            0);
  const std::string config = text_of(here / "run/config.toml");
  EXPECT_THAT(config, HasSubstr("\npreset = \"lillicrap2015\"\n"));
  EXPECT_THAT(config, HasSubstr("\ntau = 0.25\n"));      // the config over the preset
  EXPECT_THAT(config, HasSubstr("\nbatch_size = 8\n"));  // a flag over the config
  EXPECT_THAT(config, HasSubstr("\nseed = 8\n"));        // the last flag
  EXPECT_THAT(config, HasSubstr("\nsteps = 200\n"));     // likewise
  EXPECT_THAT(config, HasSubstr("\nl2 = 0.75\n"));
  EXPECT_THAT(config, HasSubstr("\naction_layer = 2\n"));  // the preset where nothing else spoke
}

TEST(TrainVerb, NeverOverwritesARunWithoutBeingTold) {
  Workplace here;
  ASSERT_EQ(here.train({"--run", "mine", "--quiet"}).code, 0);
  const std::string policy = text_of(here / "mine/policy.ddpg");
  const Finished refused = here.train({"--run", "mine", "--seed", "1"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, ::testing::AllOf(HasSubstr("mine"), HasSubstr("--overwrite")));
  EXPECT_EQ(text_of(here / "mine/policy.ddpg"), policy);
  ASSERT_EQ(here.train({"--run", "mine", "--seed", "1", "--overwrite", "--quiet"}).code, 0);
  EXPECT_NE(text_of(here / "mine/policy.ddpg"), policy);
}

TEST(TrainVerb, AFailureOnTheWayIsCode1AndOneMessage) {
  Workplace here;
  const std::string wide = "[65536,65536,65536,65536,65536,65536,65536,65536]";  // some hundred GB
  const Finished finished = here.train({"--set", "actor.hidden=" + wide, "--json"});
  EXPECT_EQ(finished.code, 1);
  EXPECT_EQ(finished.json().at("exit_code"), 1);
  EXPECT_THAT(finished.err, HasSubstr("lower actor.hidden"));
  EXPECT_TRUE(fs::is_empty(here / "runs/Pendulum-v1")) << "a folder is left although nothing was trained";
}

TEST(TrainVerb, ALossThatIsNoLongerFiniteStopsItAndLeavesWholeFiles) {
  Workplace here;
  const Finished finished = here.train({"--set", "critic.learning_rate=1e30", "--run", "run", "--json"});
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.json().at("error").get<std::string>(),
              ::testing::AllOf(HasSubstr("step 10"), HasSubstr("finite"), HasSubstr("is in run. The same options"),
                               HasSubstr("ddpg train --config run/config.toml --set")));
  EXPECT_EQ(text_of(here / "run/progress.csv").back(), '\n');
  EXPECT_EQ(finished.err.substr(finished.err.rfind("ddpg: ") - 1, 1), "\n") << "the message begins within another line";
  const auto summary = nlohmann::json::parse(text_of(here / "run/summary.json"));
  EXPECT_EQ(summary.at("outcome"), "failed");
  EXPECT_THAT(summary.at("error").get<std::string>(), HasSubstr("finite"));
}

TEST(ResumeVerb, IsRefusedWhereCheckpointsAreGoneAndNothingIsChanged) {
  Workplace here;
  ASSERT_EQ(here.train({"--run", "run", "--quiet"}).code, 0);
  fs::remove_all(here / "run/checkpoints");
  const std::vector<std::string> files = {"policy.ddpg", "best.ddpg", "progress.csv", "summary.json", "status.json"};
  std::vector<std::string> before, after;
  for (const std::string& file : files) before.push_back(text_of(here / ("run/" + file)));
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"resume", "run", "--steps", "100000"}, {"resume", "run"}}) {
    const Finished refused = here.run(words);
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr("run"));
  }
  for (const std::string& file : files) after.push_back(text_of(here / ("run/" + file)));
  EXPECT_EQ(after, before);
  EXPECT_EQ(here.run({"train", "--config", "run/config.toml", "--quiet"}).code, 0) << "what the message advises";
}

class Interrupted : public ::testing::TestWithParam<int> {};

TEST_P(Interrupted, SavesEverythingAndEndsWithCode130) {
  Workplace here;
  ::signal(GetParam(), SIG_DFL);  // under nohup a training ignores SIGHUP, as it must
  const ::pid_t process = here.begin(small_training({"--steps", "1e12", "--run", "run", "--json"}));
  ASSERT_TRUE(eventually([&] { return text_of(here / "run/progress.csv").find("\n200,") != std::string::npos; }));
  ::kill(process, GetParam());
  const Finished finished = here.wait(process);
  ASSERT_EQ(finished.code, 130) << finished.err;
  EXPECT_THAT(finished.err, ::testing::AllOf(HasSubstr("stopping and saving"), HasSubstr("Interrupted after")));
  const nlohmann::json result = finished.json();
  EXPECT_EQ(result.at("outcome"), "interrupted");
  EXPECT_GE(result.at("steps"), 200);
  EXPECT_EQ(text_of(here / "run/progress.csv").back(), '\n');
  EXPECT_TRUE(fs::exists(here / "run/summary.json"));
  const Finished evaluated = here.run({"evaluate", "run", "--episodes", "2", "--json"});
  EXPECT_EQ(evaluated.code, 0) << evaluated.err;
}

INSTANTIATE_TEST_SUITE_P(Train, Interrupted, ::testing::Values(SIGINT, SIGTERM, SIGHUP, SIGXCPU, SIGUSR1, SIGUSR2));

// Overlapped updates cannot be left owed, and those of this round, a million, take their time.
TEST(TrainVerb, ASecondSignalEndsItAtOnce) {
  Workplace here;
  const ::pid_t process =
      here.begin(small_training({"--envs", "4096", "--overlap", "--steps", "1e6", "--set", "updates_per_step=1000",
                                 "--set", "replay_capacity=1e5", "--set", "log_interval=1", "--run", "run"}));
  ASSERT_TRUE(eventually([&] { return text_of(here / "run/progress.csv").find("\n4096,") != std::string::npos; }));
  ::kill(process, SIGTERM);
  ASSERT_TRUE(eventually([&] { return here.errors_so_far().find("stopping and saving") != std::string::npos; }));
  ::kill(process, SIGINT);
  EXPECT_EQ(here.wait(process).signal, SIGINT);
}

TEST(TrainVerb, GoesOnWhenNobodyReadsItsProgress) {
  Workplace here;
  std::string line = "'" + program_file() + "'";
  for (const std::string& word : small_training({"--run", "run"})) line += " '" + word + "'";
  line = "cd '" + (here / "").string() + "' && { " + line + " 2>&1 >out; echo $? >code; } | head -c 1 >/dev/null";
  ASSERT_EQ(std::system(line.c_str()), 0);
  ASSERT_TRUE(eventually([&] { return text_of(here / "code") != ""; }));
  EXPECT_EQ(text_of(here / "code"), "0\n");
  EXPECT_TRUE(fs::exists(here / "run/summary.json"));
}

TEST(Evaluate, TakesARunOrAPolicyAndRepeatsItself) {
  Workplace here;
  ASSERT_EQ(here.train({"--run", "run", "--quiet"}).code, 0);
  const Finished run = here.run({"evaluate", "run", "--episodes", "3", "--seed", "9", "--json"});
  const Finished policy = here.run({"evaluate", "run/policy.ddpg", "--episodes", "3", "--seed", "9", "--json"});
  ASSERT_EQ(run.code, 0) << run.err;
  ASSERT_EQ(policy.code, 0) << policy.err;
  const nlohmann::json first = run.json(), second = policy.json();
  EXPECT_EQ(first.at("environment"), "Pendulum-v1");
  EXPECT_EQ(first.at("policy"), "run/policy.ddpg");
  EXPECT_EQ(first.at("episodes"), 3);
  EXPECT_EQ(first.at("seed"), 9);
  EXPECT_EQ(first.at("mean_length"), 200);
  EXPECT_LE(first.at("min_return"), first.at("mean_return"));
  EXPECT_LE(first.at("mean_return"), first.at("max_return"));
  EXPECT_GT(first.at("steps_per_second"), 0);
  for (const char* key : {"mean_return", "std_return", "min_return", "max_return"})
    EXPECT_EQ(first.at(key), second.at(key)) << key;

  const Finished table = here.run({"evaluate", "run", "--episodes", "3"});
  EXPECT_THAT(table.out, ::testing::AllOf(HasSubstr("Pendulum-v1"), HasSubstr("±")));
  EXPECT_EQ(table.err, "");
}

TEST(Evaluate, ADamagedPolicyIsCode1AndNamed) {
  Workplace here;
  write_text(here / "broken.ddpg", "this is no policy");
  const Finished finished = here.run({"evaluate", "broken.ddpg", "--json"});
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.err, HasSubstr("broken.ddpg"));
  EXPECT_EQ(finished.json().at("exit_code"), 1);
}

}  // namespace
}  // namespace ddpg::testing
