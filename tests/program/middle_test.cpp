// A run that its user changes, ends, looks into and tidies up; and many configurations as one experiment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "program/program.h"

namespace ddpg::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Middle : public ::testing::Test {
 protected:
  Finished succeed(const std::vector<std::string>& words) {
    Finished finished = here.run(words);
    EXPECT_EQ(finished.code, 0) << words.front() << ": " << finished.err;
    return finished;
  }
  std::string refused(const std::vector<std::string>& words) {
    const Finished finished = here.run(words);
    EXPECT_EQ(finished.code, 2) << finished.err;
    return finished.err;
  }

  Workplace here;
};

TEST_F(Middle, AChangedRunIsRepeatedByItsConfig) {
  ASSERT_EQ(here.train({"--run", "run", "--steps", "300"}).code, 0);
  succeed({"resume", "run", "--steps", "600", "--change", "critic.learning_rate=1e-4", "--change",
           "replay_capacity=1500", "--set", "evaluation_episodes=2", "--set", "checkpoints_kept=3", "--quiet"});
  const std::string config = text_of(here / "run/config.toml");
  EXPECT_THAT(config, HasSubstr("changes = [\"300 evaluation_episodes=2\", \"300 critic.learning_rate=1e-4\", "
                                "\"300 replay_capacity=1500\"]"));
  EXPECT_THAT(config, HasSubstr("\ncheckpoints_kept = 3\n"));
  succeed({"train", "--config", "run/config.toml", "--run", "again", "--quiet"});
  EXPECT_EQ(without_clock(text_of(here / "again/progress.csv")), without_clock(text_of(here / "run/progress.csv")));
  EXPECT_EQ(text_of(here / "again/policy.ddpg"), text_of(here / "run/policy.ddpg"));
  succeed({"report", "run", "--out", "page.html"});
  EXPECT_THAT(text_of(here / "page.html"), HasSubstr("300 replay_capacity=1500"));
}

TEST_F(Middle, AChangeNowComesBeforeThosePlanned) {
  ASSERT_EQ(here.train({"--run", "run", "--steps", "200", "--set", "changes=300 tau=0.1"}).code, 0);
  succeed({"resume", "run", "--steps", "400", "--change", "discount=0.9", "--change", "discount=0.8", "--quiet"});
  EXPECT_THAT(text_of(here / "run/config.toml"),
              HasSubstr("changes = [\"200 discount=0.9\", \"200 discount=0.8\", \"300 tau=0.1\"]"));
}

TEST_F(Middle, WhatCannotBeChangedIsRefusedAndNothingIsTouched) {
  ASSERT_EQ(here.train({"--run", "run", "--steps", "200"}).code, 0);
  const std::string before = text_of(here / "run/config.toml");
  const auto resume = [&](const char* flag, const char* text) {
    return refused({"resume", "run", "--steps", "400", flag, text});
  };
  EXPECT_THAT(resume("--set", "tau=0.1"), HasSubstr("--change tau=0.1 does so"));
  EXPECT_THAT(resume("--change", "actor.hidden=8"), HasSubstr("--data RUN"));
  EXPECT_THAT(resume("--change", "tau=7"), HasSubstr("must be in [0, 1]"));
  EXPECT_THAT(resume("--change", "tua=7"), HasSubstr("Did you mean tau"));
  EXPECT_THAT(resume("--change", "tau"), HasSubstr("expected KEY=VALUE"));
  EXPECT_THAT(resume("--change", "replay_capacity=500"), HasSubstr("may only grow"));
  EXPECT_EQ(text_of(here / "run/config.toml"), before);
}

TEST_F(Middle, AReturnThatWasReachedEndsARun) {
  const Finished ended = here.train({"--run", "run", "--steps", "5000", "--set", "stop.at_return=-1e6", "--json"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.json().at("outcome"), "finished");
  EXPECT_THAT(ended.json().at("criterion").get<std::string>(), HasSubstr("stop.at_return"));
  EXPECT_THAT(ended.err, HasSubstr("Ended after 0 of 5,000 steps by stop.at_return"));
  EXPECT_THAT(refused({"resume", "run"}), HasSubstr("--set stop.at_return=inf"));
  EXPECT_THAT(refused({"resume", "run", "--set", "stop.at_return=0", "--set", "evaluation_episodes=0"}),
              HasSubstr("must not stand with evaluation_episodes = 0 after the last of changes"));
  EXPECT_EQ(succeed({"resume", "run", "--set", "stop.at_return=inf", "--steps", "300", "--quiet", "--json"})
                .json()
                .at("steps"),
            300);
}

TEST_F(Middle, AnyKeptPolicyIsEvaluated) {
  ASSERT_EQ(here.train({"--run", "run", "--steps", "300", "--set", "checkpoint_interval=100"}).code, 0);
  const auto evaluated = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "evaluate");
    words.insert(words.end(), {"--episodes", "2", "--json"});
    return succeed(words).json();
  };
  const auto last = evaluated({"run"});
  for (const char* kept : {"run/progress.csv", "run/policy.ddpg"})  // somebody's work
    EXPECT_THAT(refused({"evaluate", "run", "--csv", kept}), HasSubstr("was not written by `")) << kept;
  EXPECT_EQ(evaluated({"run/checkpoints/checkpoint-000000000300.safetensors"}).at("each"), last.at("each"));
  // of step 200, or an older one where the disk was slow
  std::string before;
  for (const auto& entry : fs::directory_iterator(here / "run/checkpoints")) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("checkpoint-") && name < "checkpoint-000000000300") before = std::max(before, name);
  }
  EXPECT_NE(evaluated({"run/checkpoints/" + before}).at("each"), last.at("each"));
  EXPECT_THAT(evaluated({"run", "--best"}).at("policy").get<std::string>(), HasSubstr("best.ddpg"));
  EXPECT_EQ(evaluated({"run", "--set", "env.max_episode_steps=7"}).at("mean_length"), 7);
  EXPECT_NE(evaluated({"run", "--set", "env.g=3"}).at("each"), last.at("each"));
  EXPECT_THAT(refused({"evaluate", "run", "--set", "tau=1"}), HasSubstr("settings of the task"));
  EXPECT_THAT(refused({"evaluate", "run/policy.ddpg", "--best"}), HasSubstr("is a file"));
}

TEST_F(Middle, FinishedRunsAreCleaned) {
  ASSERT_EQ(here.train({"--run", "runs/a", "--steps", "200"}).code, 0);
  const Finished cleaned = succeed({"runs", "--clean"});
  EXPECT_THAT(cleaned.out, AllOf(HasSubstr("runs/a: "), HasSubstr(" before, "), HasSubstr(" after")));
  EXPECT_TRUE(fs::is_empty(here / "runs/a/checkpoints"));
  succeed({"evaluate", "runs/a", "--episodes", "1"});
  EXPECT_THAT(refused({"resume", "runs/a", "--steps", "400"}), HasSubstr("holds no checkpoint"));
  const auto again = succeed({"runs", "--clean", "--json"}).json().at("cleaned").at(0);
  EXPECT_EQ(again.at("bytes_before"), again.at("bytes_after"));
}

// They could not be repeated without.
TEST_F(Middle, RunsThatOthersStartedFromAreNotCleaned) {
  for (const char* name : {"runs/a", "runs/b", "runs/c"})
    ASSERT_EQ(here.train({"--run", name, "--steps", "200"}).code, 0);
  ASSERT_EQ(here.run({"train", "--from", "runs/a", "--run", "runs/from"}).code, 0);
  const std::string one = "runs/b/checkpoints/checkpoint-000000000200.safetensors";
  ASSERT_EQ(here.train({"--data", one, "--run", "runs/data"}).code, 0);
  const auto json = succeed({"runs", "--clean", "--json"}).json();
  EXPECT_EQ(json.at("cleaned").size(), 3u);
  ASSERT_EQ(json.at("kept").size(), 2u);
  EXPECT_EQ(json.at("kept").at(0).at("run"), "runs/a");
  EXPECT_EQ(json.at("kept").at(0).at("needed_by"), "runs/from");
  EXPECT_TRUE(fs::exists(here / one));
  EXPECT_TRUE(fs::is_empty(here / "runs/c/checkpoints"));
  EXPECT_THAT(succeed({"runs", "--clean"}).err, HasSubstr("runs/b keeps its checkpoints: runs/data started from it"));
  succeed({"train", "--config", "runs/from/config.toml", "--run", "again"});
}

// The seeds of an experiment stay alike: a new one has the change in all of them.
TEST_F(Middle, AnExperimentIsNotChangedInItsMiddle) {
  ASSERT_EQ(here.train({"--run", "two", "--steps", "200", "--seeds", "2"}).code, 0);
  EXPECT_THAT(refused({"resume", "two", "--change", "tau=0.1"}),
              HasSubstr("ddpg train --config two/options.toml --seeds 0-1 --set 'changes=STEP tau=0.1'"));
  EXPECT_THAT(refused({"resume", "two", "--set", "stop.after=9"}), HasSubstr(" --seeds 0-1 --set stop.after=9"));
  succeed({"train", "--config", "two/options.toml", "--seeds", "0-1", "--set", "changes=100 tau=0.1", "--run", "new"});
  EXPECT_THAT(text_of(here / "new/seed1/config.toml"), HasSubstr("changes = [\"100 tau=0.1\"]"));

  const std::string before = text_of(here / "two/options.toml");
  EXPECT_THAT(refused({"resume", "two", "--steps", "2e15"}), HasSubstr("steps = 2000000000000000 must be in"));
  EXPECT_EQ(text_of(here / "two/options.toml"), before);

  succeed({"resume", "two/seed1", "--steps", "400", "--change", "tau=0.1", "--quiet"});
  EXPECT_THAT(refused({"resume", "two"}), HasSubstr("two/seed1 is no run of this experiment"));
}

TEST_F(Middle, AnExperimentSaysWhichCriterionEndedASeed) {
  const Finished ended =
      here.train({"--run", "two", "--steps", "5000", "--seeds", "2", "--set", "stop.at_return=-1e6", "--json"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.json().at("runs").at(1).at("criterion").get<std::string>(), HasSubstr("stop.at_return"));
  EXPECT_THAT(ended.err, HasSubstr("  finished by stop.at_return = -1"));
}

TEST_F(Middle, ASweepIsOneExperiment) {
  write_text(here / "log.csv", "s0,s1,s2,a,r,terminated,truncated\n1,0,0,1,-1,0,0\n0.9,0.1,0.5,-1,-2,1,0\n");
  const std::string text =
      "environment = \"Pendulum-v1\"\ndata = \"log.csv\"\nsteps = 120\nwarmup_steps = 50\nlearning_starts = "
      "50\nbatch_size = 8\n"
      "evaluation_episodes = 1\nevaluation_interval = 60\n[actor]\nhidden = [8]\n[critic]\nhidden = [8]\n"
      "[sweep]\nseeds = 2\n[sweep.values]\ntau = [0.1, 0.01]\n";
  write_text(here / "tau.toml", text);
  const Finished swept = succeed({"sweep", "tau.toml", "--jobs", "2", "--run", "tau", "--json"});
  EXPECT_EQ(swept.json().at("finished"), 4);
  EXPECT_EQ(swept.json().at("trials").size(), 2u);
  EXPECT_THAT(swept.err, AllOf(HasSubstr("2 trials of 2 seeds"), HasSubstr("trial 1 (tau=0.01), seed 0")));
  EXPECT_THAT(text_of(here / "tau/001-tau=0.01-seed1/config.toml"), HasSubstr("\ntau = 0.01\n"));
  EXPECT_THAT(text_of(here / "tau/report.html"), HasSubstr("tau=0.01"));
  // one of them anew, and all of them for longer
  fs::remove_all(here / "tau/000-tau=0.1-seed1");
  EXPECT_EQ(succeed({"resume", "tau", "--steps", "150", "--json", "--quiet"}).json().at("finished"), 4);
  EXPECT_EQ(refused({"sweep", "nothing.toml"}).find("nothing.toml") == std::string::npos, false);
}

}  // namespace
}  // namespace ddpg::testing
