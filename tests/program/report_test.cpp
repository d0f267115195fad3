// ddpg runs and ddpg report as a user sees them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program/program.h"
#include "report/well_formed.h"

namespace ddpg::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ReportVerb : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* seed : {"0", "1"}) ASSERT_EQ(here.train({"--seed", seed, "--quiet"}).code, 0);
  }

  Workplace here;
};

TEST_F(ReportVerb, ListsRuns) {
  ASSERT_EQ(here.train({"--quiet", "--run", "runs/last"}).code, 0);
  const Finished finished = here.run({"runs"});
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("RUN"));
  EXPECT_LT(finished.out.find("runs/last"), finished.out.find(kSmallRun + "-seed0")) << "the latest comes first";
  const nlohmann::json json = here.run({"runs", "runs/Pendulum-v1", "--json"}).json();
  ASSERT_EQ(json.at("runs").size(), 2u);
  const nlohmann::json& run = json.at("runs").at(1);
  EXPECT_EQ(run.at("run"), kSmallRun + "-seed0");
  EXPECT_EQ(run.at("state"), "finished");
  EXPECT_EQ(run.at("step"), 600);
  EXPECT_EQ(run.at("steps"), 600);
  EXPECT_EQ(run.at("environment"), "Pendulum-v1");
  EXPECT_EQ(run.at("seed"), 0);
  EXPECT_EQ(run.at("changed").at("actor.hidden"), "[8]");
  EXPECT_EQ(run.at("changed").count("evaluation_episodes"), 0u) << "no result depends on it";
  EXPECT_THAT(finished.out, HasSubstr("batch_size=8 replay_capacity=1000 warmup_steps=100 +3"));
  EXPECT_TRUE(run.at("last_return").is_number());
  EXPECT_GE(run.at("best_return").get<double>(), run.at("last_return").get<double>());
  EXPECT_LT(run.at("age_seconds").get<double>(), 600);
}

TEST_F(ReportVerb, WritesAPageWithAnEpisode) {
  const Finished finished = here.run({"report", "runs", "--json"});  // `runs` is a folder here, not the verb
  ASSERT_EQ(finished.code, 0) << finished.err;
  const nlohmann::json json = finished.json();
  EXPECT_EQ(json.at("report"), "report.html");
  EXPECT_EQ(json.at("runs"), 2);
  const nlohmann::json& group = json.at("tasks").at(0).at("groups").at(0);
  EXPECT_EQ(group.at("group"), "default");
  EXPECT_EQ(json.at("tasks").at(0).at("step").dump(), "600");
  EXPECT_EQ(group.at("seeds"), 2);
  EXPECT_LT(group.at("low").get<double>(), group.at("high").get<double>());
  const std::string page = text_of(here / "report.html");
  EXPECT_EQ(not_well_formed(page), "");
  EXPECT_THAT(page, AllOf(HasSubstr("<canvas"), HasSubstr("\"frames\":[["), HasSubstr("in 200 steps")));
  EXPECT_EQ(here.run({"report", "runs"}).code, 0) << "its own page is replaced";
}

TEST_F(ReportVerb, WritesTableAndFigureAlone) {
  const Finished finished = here.run({"report", "runs/Pendulum-v1", "--csv", "a.csv", "--png", "a.PNG"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, AllOf(HasSubstr("a.csv"), HasSubstr("a.PNG"), Not(HasSubstr("report.html"))));
  EXPECT_FALSE(std::filesystem::exists(here / "report.html"));
  EXPECT_THAT(text_of(here / "a.csv"), ::testing::StartsWith("step,group,seeds,iqm,low,high,mean,std\n0,default,2,"));
  EXPECT_THAT(text_of(here / "a.PNG"), ::testing::StartsWith("\x89PNG\r\n"));
}

TEST_F(ReportVerb, ReplacesNothingThatItDidNotWrite) {
  const std::string progress = kSmallRun + "-seed0/progress.csv", before = text_of(here / progress);
  struct Wrong {
    std::vector<std::string> arguments;
    const char* named;
  };
  const Wrong wrongs[] = {{{"runs", "--csv", progress}, "was not written by"},
                          {{"runs", "--out", progress}, "was not written by"},
                          {{"runs", "--png", progress}, "was not written by"},
                          {{"runs", "--out", "runs"}, "is a folder"},
                          {{"runs", "--out", "nowhere/a.html"}, "no folder nowhere"},
                          {{"runs", "--png", "curve.jpg"}, "should end in .png; found curve.jpg"},
                          {{"runs", "--out", "a.pdf"}, "an HTML page is written"},
                          {{progress}, "this is a file"},
                          {{}, "which runs?"}};
  for (const Wrong& wrong : wrongs) {
    std::vector<std::string> arguments = {"report"};
    arguments.insert(arguments.end(), wrong.arguments.begin(), wrong.arguments.end());
    const Finished finished = here.run(arguments);
    EXPECT_EQ(finished.code, 2) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr(wrong.named));
  }
  EXPECT_EQ(text_of(here / progress), before);
}

TEST(ExperimentReport, IsLeftInTheFolderOfAnExperiment) {
  Workplace here;
  const Finished finished = here.train({"--seeds", "2", "--run", "both", "--json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(text_of(here / "both/report.html"), AllOf(HasSubstr("2 seeds: the band"), HasSubstr("both/seed1")));
  EXPECT_EQ(here.run({"runs", "both", "--json"}).json().at("runs").size(), 2u);
}

TEST_F(ReportVerb, GoesOnWithoutAPolicyThatIsDamaged) {
  for (const char* seed : {"0", "1"}) write_text(here / (kSmallRun + "-seed" + seed + "/policy.ddpg"), "not a policy");
  ASSERT_EQ(here.run({"report", "runs"}).code, 0);
  EXPECT_THAT(text_of(here / "report.html"), AllOf(HasSubstr("class=\"missing\""), Not(HasSubstr("<canvas"))));
}

}  // namespace
}  // namespace ddpg::testing
