// A program of a user's own, examples/02_your_own_environment: a main that registers a task and calls ddpg::program()
// has every verb for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program/program.h"

namespace ddpg::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class OwnProgram : public ::testing::Test {
 protected:
  Finished train(const std::vector<std::string>& more) {
    std::vector<std::string> words = {"train", "Cart-v0", "--quiet"};
    for (const char* option :
         {"warmup_steps=50", "learning_starts=50", "batch_size=8", "replay_capacity=500", "actor.hidden=8",
          "critic.hidden=8", "evaluation_episodes=1", "evaluation_interval=100", "log_interval=50"})
      words.insert(words.end(), {"--set", option});
    words.insert(words.end(), more.begin(), more.end());
    return here.run(words);
  }
  Finished succeed(const std::vector<std::string>& words) {
    Finished finished = here.run(words);
    EXPECT_EQ(finished.code, 0) << words.front() << ": " << finished.err;
    return finished;
  }

  Workplace here{own_program()};
};

TEST_F(OwnProgram, HasEveryVerbForItsTask) {
  EXPECT_THAT(succeed({"envs"}).out, HasSubstr("Cart-v0"));
  const Finished trained = train({"--steps", "200", "--run", "run", "--tensorboard", "--jsonl", "--json"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_EQ(trained.json().at("environment"), "Cart-v0");
  for (const char* file : {"config.toml", "progress.csv", "progress.jsonl", "policy.ddpg", "summary.json"})
    EXPECT_TRUE(fs::exists(here / "run" / file)) << file;
  EXPECT_THAT(text_of(here / "run/progress.csv"), HasSubstr(",evaluation_metric_distance,"));
  EXPECT_EQ(succeed({"resume", "run", "--steps", "300", "--quiet", "--json"}).json().at("steps"), 300);
  EXPECT_EQ(succeed({"evaluate", "run", "--episodes", "2", "--json"}).json().at("episodes"), 2);
  EXPECT_EQ(succeed({"video", "run", "--out", "frames", "--size", "64x48", "--json"}).json().at("width"), 64);
  EXPECT_TRUE(fs::exists(here / "frames/00000.png"));
  EXPECT_THAT(succeed({"runs", "."}).out, HasSubstr("finished"));
  succeed({"report", "run", "--out", "page.html"});
  EXPECT_THAT(text_of(here / "page.html"), HasSubstr("Cart-v0"));
  EXPECT_EQ(
      succeed({"export", "run", "--out", "policy.h", "--verify", "--episodes", "2", "--json"}).json().at("agrees"),
      true);
  EXPECT_THAT(succeed({"version"}).out, HasSubstr("ddpg "));
}

// Each seed is trained by this same program, which knows the task.
TEST_F(OwnProgram, TrainsSeedsOfItsTask) {
  const Finished trained = train({"--steps", "100", "--seeds", "2", "--jobs", "2", "--run", "seeds", "--json"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_EQ(trained.json().at("finished"), 2);
}

TEST_F(OwnProgram, EndsAsTheProgramDoes) {
  const Finished wrong = here.run({"train", "Crat-v0"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("Cart-v0"));
  EXPECT_EQ(here.run({"evaluate", "nothing"}).code, 2);
}

}  // namespace
}  // namespace ddpg::testing
