// Several seeds as one experiment: trained, interrupted, killed, resumed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "places.h"
#include "program/program.h"

namespace ddpg::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::int64_t process_of(const fs::path& run) {
  return nlohmann::json::parse(text_of(run / "status.json")).at("pid");
}

// Long enough to be stopped on its way, with checkpoints.
std::vector<std::string> long_experiment(const std::string& steps) {
  return small_training({"--steps", steps, "--seeds", "2", "--jobs", "2", "--run", "experiment", "--set",
                         "checkpoint_interval=400", "--jsonl"});
}

TEST(ExperimentVerb, TrainsEachSeedAsTrainAloneWouldAndTellsTheResult) {
  Workplace here;
  const Finished finished = here.train({"--seeds", "3", "--seed", "5", "--jobs", "2", "--tensorboard", "--json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  const fs::path experiment = here / (kSmallRun + "-seeds5-7");
  nlohmann::json result = finished.json();
  ASSERT_TRUE(result.is_object()) << finished.out;
  EXPECT_EQ(result.at("experiment"), kSmallRun + "-seeds5-7");
  EXPECT_EQ(result.at("finished"), 3);
  EXPECT_EQ(result.at("outcome"), "finished");
  EXPECT_LE(result.at("worst_return"), result.at("iqm_return"));
  EXPECT_LE(result.at("iqm_return"), result.at("best_return"));
  const std::string document = text_of(fs::path(tests_folder()).parent_path() / "docs/command-line.md");
  const std::string keys = document.substr(document.find("### Experiments"));
  for (const auto& [key, value] : result.items()) EXPECT_THAT(keys, HasSubstr("`" + key + "`"));
  ASSERT_EQ(result.at("runs").size(), 3u);
  for (const auto& [key, value] : result.at("runs").at(0).items()) EXPECT_THAT(keys, HasSubstr("`" + key + "`"));
  EXPECT_EQ(result.at("runs").at(1).at("seed"), 6);
  EXPECT_EQ(result.at("runs").at(1).at("steps"), 600);
  result.erase("experiment");
  EXPECT_EQ(nlohmann::json::parse(text_of(experiment / "summary.json")), result);
  EXPECT_THAT(finished.err, AllOf(HasSubstr("3 seeds, 5 to 7"), HasSubstr("seed 7: finished"),
                                  HasSubstr("interquartile mean"), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(text_of(experiment / "seed6.log"), HasSubstr("return after"));

  ASSERT_EQ(here.train({"--seed", "6", "--run", "alone", "--quiet"}).code, 0);
  EXPECT_EQ(text_of(here / "alone/policy.ddpg"), text_of(experiment / "seed6/policy.ddpg"));
  EXPECT_NE(text_of(here / "alone/policy.ddpg"), "");

  const Finished again = here.run({"resume", kSmallRun + "-seeds5-7", "--json"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(again.json().at("mean_return"), result.at("mean_return"));
  EXPECT_THAT(again.err, AllOf(HasSubstr("seed 6: has finished before"), Not(HasSubstr("started"))));
  const Finished fewer = here.run({"resume", kSmallRun + "-seeds5-7", "--steps", "100"});
  EXPECT_EQ(fewer.code, 2);
  EXPECT_THAT(fewer.err, HasSubstr("has done 600 steps already, more than 100; --steps N"));
}

TEST(ExperimentVerb, InterruptedItSavesAllAndGoesOnToTheSameBits) {
  Workplace here;
  const ::pid_t process = here.begin(long_experiment("1e9"));
  ASSERT_TRUE(eventually(
      [&] { return has_row(here / "experiment/seed0", "600") && has_row(here / "experiment/seed1", "600"); }));
  ::kill(process, SIGINT);
  const Finished stopped = here.wait(process);
  ASSERT_EQ(stopped.code, 130) << stopped.err;
  EXPECT_EQ(nlohmann::json::parse(text_of(here / "experiment/summary.json")).at("outcome"), "interrupted");
  EXPECT_THAT(stopped.err, AllOf(HasSubstr("stopping and saving"), HasSubstr("resume experiment")));
  EXPECT_THAT(stopped.err, HasSubstr("the report is in experiment/report.html"));
  EXPECT_THAT(text_of(here / "experiment/report.html"), HasSubstr("interrupted"));
  std::int64_t done = 0;
  for (const char* seed : {"seed0", "seed1"}) {
    const auto summary = nlohmann::json::parse(text_of(here / "experiment" / seed / "summary.json"));
    EXPECT_EQ(summary.at("outcome"), "interrupted");
    done = std::max(done, summary.at("steps").get<std::int64_t>());
  }
  const std::string steps = std::to_string(done + 500);
  const Finished resumed = here.run({"resume", "experiment", "--steps", steps, "--json"});
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_EQ(resumed.json().at("finished"), 2);
  EXPECT_EQ(resumed.json().at("steps"), done + 500);
  ASSERT_EQ(
      here.train({"--steps", steps, "--seed", "1", "--set", "checkpoint_interval=400", "--run", "alone", "--quiet"})
          .code,
      0);
  EXPECT_EQ(text_of(here / "alone/policy.ddpg"), text_of(here / "experiment/seed1/policy.ddpg"));
  EXPECT_EQ(without_clock(text_of(here / "alone/progress.csv")),
            without_clock(text_of(here / "experiment/seed1/progress.csv")));
  const std::string table = text_of(here / "experiment/seed1/progress.csv"),
                    lines = text_of(here / "experiment/seed1/progress.jsonl");  // was asked for at the beginning alone
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n') + 1, std::count(table.begin(), table.end(), '\n'));
}

// As on a full disk.
TEST(ExperimentVerb, NamesNoLogThatHoldsNothing) {
  Workplace here;
  ASSERT_EQ(here.train({"--seeds", "1", "--run", "experiment", "--quiet"}).code, 0);
  const auto resumed = [&] { return here.run({"resume", "experiment", "--steps", "700", "--quiet"}).err; };
  fs::remove_all(here / "experiment/seed0/checkpoints");
  EXPECT_THAT(resumed(), HasSubstr("what can be done about it, is in experiment/seed*.log"));
  fs::remove(here / "experiment/seed0.log");
  fs::create_symlink("/dev/full", here / "experiment/seed0.log");
  EXPECT_THAT(resumed(), HasSubstr("none of them could write what it met; is the disk full?"));
}

TEST(ExperimentVerb, CtrlCAtATerminalReachesEachTrainingOnce) {
  Workplace here;
  const ::pid_t process = here.begin(long_experiment("1e9"), true);
  const fs::path experiment = here / "experiment";
  ASSERT_TRUE(eventually([&] { return has_row(experiment / "seed0", "600") && has_row(experiment / "seed1", "600"); }));
  for (const char* seed : {"seed0", "seed1"}) {
    EXPECT_NE(::getpgid(static_cast<::pid_t>(process_of(experiment / seed))), process) << "is told twice";
  }
  ::kill(-process, SIGINT);  // as the terminal does: to the whole group
  const Finished finished = here.wait(process);
  EXPECT_EQ(finished.code, 130) << finished.err;
  for (const char* seed : {"seed0", "seed1"}) {
    EXPECT_EQ(nlohmann::json::parse(text_of(experiment / seed / "status.json")).at("state"), "interrupted");
  }
}

TEST(ExperimentVerb, KilledItLeavesNoTrainingBehindAndIsGoneOnWith) {
  Workplace here;
  const ::pid_t process = here.begin(long_experiment("1e9"));
  ASSERT_TRUE(eventually(
      [&] { return has_row(here / "experiment/seed0", "600") && has_row(here / "experiment/seed1", "600"); }));
  ::kill(process, SIGKILL);
  here.wait(process);
  const auto is_saved = [&](const char* seed) {
    return nlohmann::json::parse(text_of(here / "experiment" / seed / "status.json")).at("state") == "interrupted";
  };
  if (!eventually([&] { return is_saved("seed0") && is_saved("seed1"); })) {
    for (const char* seed : {"seed0", "seed1"}) {
      ::kill(static_cast<::pid_t>(process_of(here / "experiment" / seed)), SIGKILL);
    }
    FAIL() << "a training continues without its experiment";
  }
  const auto steps_of = [&](const char* seed) {
    return nlohmann::json::parse(text_of(here / "experiment" / seed / "status.json")).at("step").get<std::int64_t>();
  };
  const std::int64_t steps = std::max(steps_of("seed0"), steps_of("seed1")) + 300;
  const Finished resumed = here.run({"resume", "experiment", "--steps", std::to_string(steps), "--json"});
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_EQ(resumed.json().at("finished"), 2);
  EXPECT_THAT(text_of(here / "experiment/seed1.log"), HasSubstr("resuming from step"));
}

TEST(ExperimentVerb, AKilledTrainingIsToldAndTheOthersGoOn) {
  Workplace here;
  Finished finished;
  for (int i = 0; i < 5 && finished.code != 1; i++) {  // where this test stands still seed 1 may end before the signal
    fs::remove_all(here / "experiment");
    const ::pid_t process = here.begin(small_training({"--steps", "10000", "--seeds", "2", "--jobs", "2", "--run",
                                                       "experiment", "--set", "evaluation_episodes=20", "--json"}));
    ASSERT_TRUE(eventually([&] { return has_row(here / "experiment/seed1", "300"); }));
    ::kill(static_cast<::pid_t>(process_of(here / "experiment/seed1")), SIGKILL);
    finished = here.wait(process);
  }
  EXPECT_EQ(finished.code, 1);
  const nlohmann::json result = finished.json();
  EXPECT_EQ(result.at("exit_code"), 1);
  EXPECT_THAT(result.at("error").get<std::string>(), HasSubstr("1 of 2 seeds failed: 1"));
  EXPECT_EQ(result.at("runs").at(0).at("outcome"), "finished");
  EXPECT_EQ(result.at("runs").at(1).at("outcome"), "failed");
  EXPECT_THAT(result.at("runs").at(1).at("error").get<std::string>(), HasSubstr("signal 9"));
  EXPECT_THAT(finished.err, HasSubstr("ddpg: 1 of 2 seeds failed: 1"));
  const Finished resumed = here.run({"resume", "experiment", "--json"});
  EXPECT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_EQ(resumed.json().at("finished"), 2);
}

TEST(ExperimentVerb, ASeedThatFailsByItselfIsCode1WithItsMessage) {
  Workplace here;
  const Finished finished = here.train({"--seeds", "1", "--set", "critic.learning_rate=1e30", "--run", "experiment"});
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.err,
              AllOf(HasSubstr("seed 0: failed: "), HasSubstr("finite"), HasSubstr("1 of 1 seeds failed: 0")));
  EXPECT_THAT(finished.err, Not(HasSubstr("ddpg resume")));  // it would end there again
  EXPECT_THAT(text_of(here / "experiment/seed0.log"), HasSubstr("end there again, resumed or not"));
}

TEST(ExperimentVerb, TwoCannotWriteOneFolder) {
  Workplace here;
  const ::pid_t process = here.begin(long_experiment("1e9"));
  ASSERT_TRUE(eventually([&] { return has_row(here / "experiment/seed0", "0"); }));
  // a second program, whose output goes elsewhere
  const std::string line = "cd '" + (here / "").string() + "' && '" + program_file() + "' resume experiment 2>second";
  const int status = std::system(line.c_str());
  EXPECT_EQ(WEXITSTATUS(status), 2);
  EXPECT_THAT(text_of(here / "second"), HasSubstr("experiment: another process is at this experiment"));
  ::kill(process, SIGTERM);
  EXPECT_EQ(here.wait(process).code, 130);
}

}  // namespace
}  // namespace ddpg::testing
