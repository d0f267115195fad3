#include "report/study.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <set>

#include "ddpg/error.h"
#include "ddpg/interrupted.h"
#include "report/group_names.h"
#include "report/outputs.h"
#include "report/page.h"
#include "report/written_runs.h"

namespace ddpg {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class StudyTest : public ::testing::Test {
 protected:
  static std::vector<std::string> names(const Task& task) {
    std::vector<std::string> all;
    for (const RunGroup& group : task.groups) all.push_back(group.name);
    return all;
  }

  testing::WrittenRuns runs;
};

TEST_F(StudyTest, PutsRunsThatDifferInTheSeedAloneIntoOneGroup) {
  const auto quieter = [](Options& options) { options.exploration.sigma = 0.05; };
  const auto threaded = [](Options& options) { options.threads = 4, options.checkpoint_interval = 7; };
  runs.add("a1", 1, {-1'000, -200});
  runs.add("a0", 0, {-1'000, -100}, threaded);
  runs.add("b0", 0, {-1'000, -300}, quieter);
  const Study study = study_of({runs.root});
  ASSERT_EQ(study.tasks.size(), 1u);
  const Task& task = study.tasks.front();
  EXPECT_THAT(names(task), ElementsAre("default, exploration.sigma=0.1", "default, exploration.sigma=0.05"));
  ASSERT_EQ(task.groups[0].runs.size(), 2u);
  EXPECT_EQ(task.groups[0].runs[0]->options->seed, 0u);
  EXPECT_EQ(task.score_step, 1'000);
  EXPECT_THAT(task.groups[0].scores, ElementsAre(-100, -200));
  EXPECT_EQ(task.groups[0].iqm, -150);
  ASSERT_EQ(task.comparisons.size(), 2u);
  EXPECT_EQ(task.comparisons[0].probability, 1);
  EXPECT_EQ(task.comparisons[1].probability, 0);
}

TEST_F(StudyTest, TheScoreMayBeTheMeanOfTheLastEvaluations) {
  runs.add("a0", 0, {-1'000, -300, -200, -100});
  runs.add("a1", 1, {-1'000, -600, -400});
  runs.add("b0", 0, {-900, -500, -700, -5}, [](Options& options) { options.exploration.sigma = 0.05; });
  const Study study = study_of({runs.root}, nullptr, 3);
  const Task& task = study.tasks.front();
  EXPECT_EQ(task.score_step, 3'000);
  EXPECT_THAT(task.groups[0].scores, ElementsAre(-200));  // the other did not come so far
  EXPECT_NEAR(task.groups[1].iqm, -1'205.0 / 3, 1e-9);
  const std::string page = html_page(study, {});
  EXPECT_THAT(page, HasSubstr("mean of the last 3 tests"));
  EXPECT_THAT(page, HasSubstr("1 of 2 seeds came to step 3,000 with 3 tests and count in its score"));
  EXPECT_THAT(study_of({runs.root}, nullptr, 5).tasks.front().groups[0].scores, ElementsAre());
}

TEST_F(StudyTest, CountsASeedOnceByTheRunThatCameFurthest) {
  runs.add("a", 0, {-1'000, -200});
  runs.add("b", 0, {-1'000, -200, -100});
  const Study study = study_of({runs.root});
  const RunGroup& group = study.tasks.front().groups.front();
  EXPECT_EQ(group.runs.size(), 1u);
  EXPECT_EQ(group.repeated.size(), 1u);
  EXPECT_THAT(group.scores, ElementsAre(-100));
}

TEST_F(StudyTest, ComparesAtTheStepThatEveryGroupHasReached) {
  const auto other = [](Options& options) { options.tau = 0.5; };
  runs.add("long", 0, {-1'000, -200, -100});
  runs.add("short", 0, {-900, -300}, other);
  runs.add("dead", 1, {-800}, other);
  const Study study = study_of({runs.root});
  const Task& task = study.tasks.front();
  EXPECT_EQ(task.score_step, 1'000);
  for (const RunGroup& group : task.groups) EXPECT_EQ(group.scores.size(), 1u) << group.name;
}

// What was reached first is no worse for it, and holds no other configuration back.
TEST_F(StudyTest, CountsASeedThatACriterionEndedWithItsLastTests) {
  const auto end = [&](const std::string& name) {
    runs.write(name + "/status.json", R"({"state": "finished", "step": 20000, "steps": 20000})");
    runs.write(name + "/summary.json", R"({"outcome": "finished", "criterion": "stop.at_return = -150"})");
  };
  runs.add("a0", 0, {-1'000, -100});
  runs.add("a1", 1, {-1'000, -900, -800, -150});
  runs.add("a2", 2, {-1'000, -900, -800});
  end("a0"), end("a1");
  const Study one = study_of({runs.root});
  EXPECT_EQ(one.tasks.front().score_step, 3'000);
  EXPECT_THAT(one.tasks.front().groups[0].scores, ElementsAre(-100, -150));
  EXPECT_EQ(one.tasks.front().groups[0].ended_before, 1u);
  const std::string page = html_page(one, {});
  EXPECT_THAT(page, HasSubstr("2 of 3 seeds came to step 3,000 or were ended by a criterion before it and count"));
  EXPECT_THAT(page, HasSubstr("a criterion (stop.*) ended 1 seed before step 3,000"));
  EXPECT_THAT(study_of({runs.root}, nullptr, 2).tasks.front().groups[0].scores, ElementsAre(-550, -475));

  const auto other = [](Options& options) { options.tau = 0.5; };
  end("a2");
  runs.add("b0", 0, {-900, -800, -700, -600, -500}, other);
  EXPECT_EQ(study_of({runs.root}).tasks.front().score_step, 4'000);
  end("b0");
  const Study both = study_of({runs.root});
  EXPECT_EQ(both.tasks.front().score_step, 4'000);
  EXPECT_THAT(both.tasks.front().groups[0].scores, ElementsAre(-100, -150, -800));
}

TEST_F(StudyTest, NamesAnOptionWhereverAGroupDepartsFromItsPresetInIt) {
  const auto add = [&](const std::string& name, const std::string& preset, std::int64_t warmup_steps) {
    runs.add(name, 0, {-1}, [&](Options& options) {
      options = find_preset(preset).options;
      options.environment = "Pendulum-v1", options.steps = 20'000, options.warmup_steps = warmup_steps;
    });
  };
  add("a", "our-ddpg", 10'000), add("b", "our-ddpg", 1'000), add("c", "td3", 1'000);
  EXPECT_THAT(names(study_of({runs.root}).tasks.front()),
              ElementsAre("our-ddpg, warmup_steps=10000", "our-ddpg, warmup_steps=1000", "td3, warmup_steps=1000"));
  runs.write("c/config.toml", to_toml([] {
               Options options = find_preset("td3").options;
               options.environment = "Pendulum-v1", options.steps = 20'000;
               return options;
             }()));
  EXPECT_THAT(names(study_of({runs.root}).tasks.front()),
              ElementsAre("our-ddpg, warmup_steps=10000", "our-ddpg, warmup_steps=1000", "td3"));
}

// As of a sweep: the first three options of a name do not tell them apart.
TEST_F(StudyTest, GivesEachOfManyConfigurationsANameOfItsOwn) {
  for (int i = 0; i < 30; i++)
    runs.add(fmt::format("run{}", i), static_cast<std::uint64_t>(i % 2), {-1}, [i](Options& options) {
      options.critic.learning_rate = i < 2 ? 0.1 : 0.2, options.actor.learning_rate = i < 4 ? 0.1 : 0.2;
      options.discount = i < 6 ? 0.9 : 0.8, options.env["g"] = i / 2 + 1.0;
    });
  const Study study = study_of({runs.root});
  const std::vector<std::string> all = names(study.tasks.front());
  EXPECT_EQ(all.size(), 15u);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 15u);
  EXPECT_THAT(all.back(), ::testing::EndsWith(", ... (12)"));
  for (const RunGroup& group : study.tasks.front().groups) EXPECT_EQ(group.runs.size(), 2u) << group.name;
}

TEST_F(StudyTest, TakesFoldersOfRunsAndCountsARunOnce) {
  runs.add("experiment/seed0", 0, {-1});
  runs.add("experiment/seed1", 1, {-2});
  const Study study = study_of({runs.root / "experiment", runs.root / "experiment/seed0", runs.root / "."});
  EXPECT_EQ(study.runs.size(), 2u);
}

TEST_F(StudyTest, LeavesOutWhatCannotBeReadAndSaysSo) {
  runs.add("a", 0, {-1});
  runs.add("damaged", 1, {-1});
  runs.write("damaged/progress.csv", "step,evaluation_mean_return\nx,y\n");
  runs.add("begun", 2, {});
  const Study study = study_of({runs.root});
  EXPECT_EQ(study.runs.size(), 3u);
  EXPECT_THAT(study.left_out, ElementsAre(HasSubstr("begun: no progress yet"), HasSubstr("progress.csv:2")));
  EXPECT_THAT([&] { study_of({runs.root / "damaged"}); }, ThrowsMessage<Error>(HasSubstr("progress.csv:2")));
}

TEST_F(StudyTest, RefusesWhatIsNoRun) {
  EXPECT_THAT([&] { study_of({runs.root / "nowhere"}); }, ThrowsMessage<UsageError>(HasSubstr("no such folder")));
  EXPECT_THAT([&] { study_of({runs.root}); }, ThrowsMessage<UsageError>(HasSubstr("no run in it")));
  runs.write("file", "");
  EXPECT_THAT([&] { study_of({runs.root / "file"}); }, ThrowsMessage<UsageError>(HasSubstr("this is a file")));
}

TEST_F(StudyTest, NamesGroupsByTheirPresetsWhereThatIsEnough) {
  runs.add("a", 0, {-1});
  runs.add("b", 0, {-1}, [](Options& options) {
    options = find_preset("spinningup").options;
    options.environment = "Pendulum-v1";
  });
  runs.add("c", 0, {-1}, [](Options& options) { options.environment = "LinearQuadratic-v0"; });
  const Study study = study_of({runs.root});
  ASSERT_EQ(study.tasks.size(), 2u);
  EXPECT_THAT(names(study.tasks[0]), ElementsAre("Pendulum-v1, default", "Pendulum-v1, spinningup"));
  EXPECT_THAT(names(study.tasks[1]), ElementsAre("LinearQuadratic-v0, default"));
}

TEST_F(StudyTest, HoldsWithoutAnyEvaluation) {
  runs.add("a", 0, {NAN, NAN});
  const Study study = study_of({runs.root});
  EXPECT_TRUE(study.tasks.front().groups.front().curve.empty());
  EXPECT_TRUE(std::isnan(study.tasks.front().score_step));
  EXPECT_EQ(curves_csv(study), std::string(kCurvesHeader) + "\n");
  EXPECT_THAT([&] { curves_png(study); }, ThrowsMessage<UsageError>(HasSubstr("no evaluation")));
}

TEST_F(StudyTest, WritesItsCurvesAsATable) {
  const auto other = [](Options& options) { options.actor.hidden = {8, 8}; };
  runs.add("a0", 0, {-1'000, -100});
  runs.add("a1", 1, {-1'000, -300});
  runs.add("b", 0, {-900}, other);
  const std::string csv = curves_csv(study_of({runs.root}));
  EXPECT_THAT(csv, HasSubstr("step,group,seeds,iqm,low,high,mean,std\n"));
  EXPECT_THAT(csv, HasSubstr("\n1000,\"default, actor.hidden=[64, 64]\",2,-200,-300,-100,-200,141.4213562373095\n"));
  EXPECT_THAT(csv, HasSubstr("\n0,\"default, actor.hidden=[8, 8]\",1,-900,,,-900,\n"));
}

TEST_F(StudyTest, GivesUpWhenToldToStop) {
  runs.add("a0", 0, {-1'000, -100});
  runs.add("a1", 1, {-1'000, -300});
  const std::atomic<bool> stop = true;
  EXPECT_THROW(study_of({runs.root}, &stop), Interrupted);
  const Study study = study_of({runs.root});
  EXPECT_THROW(html_page(study, {.episodes = true, .made = "", .stop = &stop}), Interrupted);
  const std::vector<double> values = {1, 2, 3};
  EXPECT_THROW(aggregate({{{0, 1}, values}}, Band::none, 10, &stop), Interrupted);
  EXPECT_THROW(Bootstrap(3, 10).interquartile_mean_interval(values, &stop), Interrupted);
  EXPECT_THROW(improvement_interval(values, values, 10, &stop), Interrupted);
}

}  // namespace
}  // namespace ddpg
