// --load: tasks of a shared library, with every verb of the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "program/program.h"
#include "support/shown.h"

namespace ddpg::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Load : public ::testing::Test {
 protected:
  Finished run(std::vector<std::string> words) {
    words.insert(words.begin(), {"--load", plugin_file("tanks")});
    Finished finished = here.run(words);
    EXPECT_EQ(finished.code, 0) << words[2] << ": " << finished.err;
    return finished;
  }
  std::vector<std::string> small(std::vector<std::string> words) {
    for (const char* option :
         {"warmup_steps=50", "learning_starts=50", "batch_size=8", "replay_capacity=500", "actor.hidden=8",
          "critic.hidden=8", "evaluation_episodes=1", "evaluation_interval=100", "log_interval=50"})
      words.insert(words.end(), {"--set", option});
    return words;
  }

  Workplace here;
};

TEST_F(Load, GivesEveryVerbToTheTasksOfALibrary) {
  EXPECT_THAT(run({"envs"}).out, HasSubstr("TwoTanks-v0"));
  EXPECT_THAT(run(small({"train", "TwoTanks-v0", "--steps", "50", "--run", "told"})).err,
              HasSubstr(" --load " + typed(plugin_file("tanks")) + " evaluate told\n"));
  run(small({"train", "TwoTanks-v0", "--quiet", "--steps", "200", "--run", "run", "--jsonl", "--tensorboard"}));
  EXPECT_THAT(text_of(here / "run/progress.csv"), HasSubstr("training_metric_error,evaluation_metric_error"));
  EXPECT_THAT(text_of(here / "run/progress.jsonl"), HasSubstr("\"evaluation_metric_error\": 0."));
  EXPECT_EQ(run({"resume", "run", "--steps", "300", "--quiet", "--json"}).json().at("steps"), 300);
  const auto evaluated = run({"evaluate", "run", "--episodes", "2", "--json", "--csv", "each.csv"}).json();
  EXPECT_EQ(evaluated.at("each").size(), 2u);
  EXPECT_GT(evaluated.at("metrics").at("error"), 0);
  EXPECT_THAT(text_of(here / "each.csv"), HasSubstr("episode,return,length,terminated,error\n0,-"));
  run({"report", "run", "--out", "page.html"});
  EXPECT_THAT(text_of(here / "page.html"), HasSubstr("evaluation_metric_error, training_metric_error"));
  run({"export", "run", "--out", "policy.h", "--verify", "--episodes", "2"});
  EXPECT_THAT(text_of(here / "policy.h"), HasSubstr("lower level"));
}

// Each seed is a process of its own, which loads it, too.
TEST_F(Load, GivesTheTasksToTheSeedsOfAnExperiment) {
  const Finished trained =
      run(small({"train", "TwoTanks-v0", "--steps", "100", "--seeds", "2", "--run", "s", "--json"}));
  EXPECT_EQ(trained.json().at("finished"), 2);
}

// What a failure advises is typed as it stands, and works; where it could not, it is not advised.
TEST_F(Load, AFailureAdvisesWhatHelps) {
  const auto train = [&](const char* task, const char* run, std::vector<std::string> more) {
    std::vector<std::string> words = {"--load", plugin_file("tanks"), "train", task, "--steps", "120", "--run", run,
                                      "--quiet"};
    words = small(std::move(words));
    words.insert(words.end(), {"--set", "evaluation_episodes=0"});
    words.insert(words.end(), more.begin(), more.end());
    return here.run(words);
  };
  const Finished failed = train("Brittle30-v0", "run", {});
  EXPECT_EQ(failed.code, 1);
  EXPECT_THAT(failed.err,
              HasSubstr(" --load " + typed(plugin_file("tanks")) + " resume run --change on_breakdown=end_epis"));
  EXPECT_EQ(run({"resume", "run", "--change", "on_breakdown=end_episode", "--quiet", "--json"}).json().at("steps"),
            120);

  run({"evaluate", "run", "--set", "env.max_episode_steps=20", "--episodes", "1", "--csv", "each.csv"});
  EXPECT_THAT(text_of(here / "each.csv"), HasSubstr("episode,return,length,terminated,metric_return\n"));

  const Finished again = train("Brittle1-v0", "first", {"--set", "on_breakdown=end_episode"});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, AllOf(HasSubstr("again and again"), Not(HasSubstr("--change"))));
}

TEST_F(Load, RefusesWhatIsNoLibraryOfThisVersion) {
  write_text(here / "text.so", "no library");
  const std::pair<std::string, const char*> cases[] = {
      {plugin_file("old"), "built for ddpg 0.0.1"},
      {"nothing.so", "there is no such file"},
      {"text.so", "--load text.so: "},
  };
  for (const auto& [file, complaint] : cases) {
    const Finished finished = here.run({"--load", file, "envs"});
    EXPECT_EQ(finished.code, 2) << file;
    EXPECT_THAT(finished.err, HasSubstr(complaint)) << file;
  }
  const Finished finished = here.run({"--load", "/lib/x86_64-linux-gnu/libm.so.6", "envs"});
  if (fs::exists("/lib/x86_64-linux-gnu/libm.so.6")) {
    EXPECT_THAT(finished.err, HasSubstr("it has no ddpg_plugin_version"));
  }
}

}  // namespace
}  // namespace ddpg::testing
