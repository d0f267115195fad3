// ddpg bench: which benchmarks there are, which are chosen, and what is reported of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "places.h"
#include "program/program.h"

namespace ddpg::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> names_of(const nlohmann::json& benchmarks) {
  std::vector<std::string> names;
  for (const auto& entry : benchmarks) names.push_back(entry.at("name"));
  return names;
}

void expect_documented(const nlohmann::json& benchmarks) {
  const std::string page = text_of(tests_folder() + "/../docs/command-line.md");
  for (const nlohmann::json& entry : benchmarks)
    for (const auto& [key, value] : entry.items()) EXPECT_THAT(page, HasSubstr("`" + key + "`"));
}

// Whether this build has MuJoCo.
bool has_mujoco(Workplace& here) {
  const nlohmann::json all = here.run({"envs", "--json"}).json().at("environments");
  const auto cheetah =
      std::find_if(all.begin(), all.end(), [](const auto& entry) { return entry.at("name") == "HalfCheetah-v5"; });
  return cheetah != all.end() && !cheetah->contains("unavailable");
}

TEST(Bench, NamesAllBenchmarksWhenTheFilterKeepsNone) {
  Workplace here;
  const Finished finished = here.run({"bench", "--filter", "nothing of the kind"});
  EXPECT_EQ(finished.code, 2);
  for (const char* task : {"Ant", "HalfCheetah", "Hopper", "Humanoid", "HumanoidStandup", "InvertedDoublePendulum",
                           "InvertedPendulum", "Pusher", "Reacher", "Swimmer", "Walker2d"})
    EXPECT_THAT(finished.err, HasSubstr("environment/" + std::string(task) + "-v5"));
  for (const char* name : {"update/17-6/256x256/batch256", "train/Pendulum-v1/default", "act/17-256-256-6",
                           "environment/Pendulum-v1", "replay/17-6/1000000/batch256",
                           "train/HalfCheetah-v5/256x256/batch256", "actors/learner/17-6/256x256/batch256"})
    EXPECT_THAT(finished.err, HasSubstr(name));
}

TEST(Bench, MeasuresThePolicyLibrary) {
  Workplace here;
  const Finished finished = here.run({"bench", "--filter", "/17-256-256-6", "--json", "--seconds", "0.1"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  const nlohmann::json benchmarks = finished.json().at("benchmarks");
  EXPECT_THAT(names_of(benchmarks), ElementsAre("act/17-256-256-6", "latency/17-256-256-6"));
  expect_documented(benchmarks);
  EXPECT_EQ(benchmarks[1].at("calls"), 1'000'000);
  EXPECT_GT(benchmarks[1].at("median_microseconds"), 0.1);
  EXPECT_LT(benchmarks[1].at("median_microseconds"), 1'000);
  EXPECT_GE(benchmarks[1].at("p999_per_median"), 1);
}

TEST(Bench, MeasuresTheSeamToPlayers) {
  Workplace here;
  for (const char* name : {"actors/seam/17-6", "actors/policy/256x256"}) {
    const Finished finished = here.run({"bench", "--filter", name, "--json"});
    ASSERT_EQ(finished.code, 0) << finished.err;
    const nlohmann::json benchmarks = finished.json().at("benchmarks");
    EXPECT_THAT(names_of(benchmarks), ElementsAre(name));
    expect_documented(benchmarks);
    for (const auto& [key, value] : benchmarks[0].items()) {
      if (value.is_number()) {
        EXPECT_GT(value, 0) << key;
      }
    }
  }
}

// Where MuJoCo is built in, its tasks are measured; elsewhere one line says that they are not, and the rest is.
TEST(Bench, MeasuresEnvironmentsOrTellsWhyNot) {
  Workplace here;
  const Finished finished = here.run({"bench", "--filter", "Pendulum-v1", "--json", "--seconds", "0.1"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  const nlohmann::json benchmarks = finished.json().at("benchmarks");
  EXPECT_THAT(names_of(benchmarks), ElementsAre("train/Pendulum-v1/default", "environment/Pendulum-v1"));
  EXPECT_GT(benchmarks[1].at("steps_per_second"), 0);
  expect_documented(benchmarks);

  const Finished mujoco = here.run({"bench", "--filter", "ment/Humanoid", "--json", "--seconds", "0.1"});
  if (!has_mujoco(here)) {
    EXPECT_EQ(mujoco.code, 1);
    EXPECT_THAT(mujoco.err, HasSubstr("./ddpg mujoco"));
    const Finished both = here.run({"bench", "--filter", "environment/"});
    EXPECT_EQ(both.code, 0);
    EXPECT_THAT(both.err, AllOf(HasSubstr("11 benchmarks left out: "), HasSubstr("./ddpg mujoco")));
    EXPECT_EQ(std::count(both.err.begin(), both.err.end(), '\n'), 1) << both.err;
    EXPECT_THAT(both.out, AllOf(HasSubstr("environment/LinearQuadratic-v0"), Not(HasSubstr("-v5"))));
    return;
  }
  ASSERT_EQ(mujoco.code, 0) << mujoco.err;
  EXPECT_THAT(mujoco.err, Not(HasSubstr("left out")));
  const nlohmann::json tasks = mujoco.json().at("benchmarks");
  EXPECT_THAT(names_of(tasks), ElementsAre("environment/Humanoid-v5", "environment/HumanoidStandup-v5"));
  expect_documented(tasks);
  for (const nlohmann::json& task : tasks) {
    EXPECT_GT(task.at("steps_per_second"), 0);
    EXPECT_GT(task.at("bare_steps_per_second"), 0);
    EXPECT_GT(task.at("share_of_bare_loop"), 0.5);  // far from any claim, so that a busy machine does not fail it
    EXPECT_LT(task.at("share_of_bare_loop"), 2);
  }
}

TEST(Bench, MeasuresHalfCheetahEndToEnd) {
  Workplace here;
  const Finished finished = here.run({"bench", "--filter", "train/HalfCheetah-v5", "--json", "--seconds", "0.1"});
  if (!has_mujoco(here)) {
    EXPECT_EQ(finished.code, 1);
    EXPECT_THAT(finished.err, HasSubstr("./ddpg mujoco"));
    return;
  }
  ASSERT_EQ(finished.code, 0) << finished.err;
  const nlohmann::json trainings = finished.json().at("benchmarks");
  EXPECT_THAT(names_of(trainings),
              ElementsAre("train/HalfCheetah-v5/256x256/batch256", "train/HalfCheetah-v5/256x256/batch256/overlap"));
  expect_documented(trainings);
  for (const nlohmann::json& training : trainings) EXPECT_GT(training.at("steps_per_second"), 0);
  EXPECT_THAT(trainings[0].at("conclusion"), HasSubstr(" is the bound"));
  EXPECT_GT(trainings[0].at("environment_steps_per_second_alone"), 0);
  for (const double share : {trainings[0].at("share_of_both_alone"), trainings[1].at("share_of_updates_alone")}) {
    EXPECT_GT(share, 0.2);  // far from any claim, so that a busy machine does not fail it
    EXPECT_LT(share, 5);
  }
  EXPECT_EQ(trainings[0].at("threads"), 1);
  EXPECT_EQ(trainings[1].at("threads"), 2);
}

}  // namespace
}  // namespace ddpg::testing
