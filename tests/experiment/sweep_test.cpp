// Which configurations a sweep's file names.
#include "experiment/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <utility>

#include "ddpg/environment.h"
#include "run/small_run.h"

namespace ddpg {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::usage_error;

constexpr const char* kSweepBase = "environment = \"Pendulum-v1\"\nsteps = 300\ntau = 0.01\n";

ExperimentPlan plan_of(const std::string& sweep) {
  return read_sweep(kSweepBase + sweep, "x.toml");
}

TEST(Sweep, MakesAGrid) {
  const ExperimentPlan plan = plan_of(
      "[sweep]\nseeds = 2\n[sweep.values]\nactor.hidden = [[8], [8, 8]]\nexploration.noise = [\"gaussian\", "
      "\"none\"]\n");
  EXPECT_THAT(plan.trials, ElementsAre(ElementsAre("actor.hidden=[8]", "exploration.noise=gaussian"),
                                       ElementsAre("actor.hidden=[8]", "exploration.noise=none"),
                                       ElementsAre("actor.hidden=[8,8]", "exploration.noise=gaussian"),
                                       ElementsAre("actor.hidden=[8,8]", "exploration.noise=none")));
  EXPECT_EQ(plan.runs(), 8u);
  const RunKey last = plan.run(7);
  EXPECT_EQ(last.seed, 1u);
  EXPECT_EQ(last.trial, 3u);
  EXPECT_EQ(plan.options_of(last).seed, 1u);
  EXPECT_EQ(plan.options_of(last).exploration.noise, Noise::none);
  EXPECT_EQ(plan.options_of(last).tau, 0.01);
  EXPECT_THAT(plan.label(last), HasSubstr("trial 3 (actor.hidden=8,8 exploration.noise=none), seed 1"));
}

// A text stays a text, whatever it looks like: what each trial sets is what `--set` takes.
TEST(Sweep, QuotesTextsThatLookLikeSomethingElse) {
  const ExperimentPlan plan = plan_of("[sweep]\n[sweep.values]\ninitial_policy = [\"/a.ddpg\", \"/1,2\", \"/a b\"]\n");
  EXPECT_THAT(plan.trials, ElementsAre(ElementsAre("initial_policy=/a.ddpg"), ElementsAre("initial_policy=/1,2"),
                                       ElementsAre("initial_policy=\"/a b\"")));
  EXPECT_EQ(plan.options_of({0, 2}).initial_policy, "/a b");

  register_environment({.name = "Named-v0", .make = [](const EnvironmentSettings& settings) {
                          EXPECT_TRUE(std::holds_alternative<std::string>(settings.at("floor")));
                          return make_environment("Pendulum-v1");
                        }});
  const ExperimentPlan named = read_sweep(
      "environment = \"Named-v0\"\n[sweep]\n[sweep.values]\nenv.floor = [\"1,2\", \"3\", \"true\", \"[4]\", \"\"]\n",
      "x.toml");
  EXPECT_THAT(named.trials, ElementsAre(ElementsAre("env.floor=\"1,2\""), ElementsAre("env.floor=\"3\""),
                                        ElementsAre("env.floor=\"true\""), ElementsAre("env.floor=\"[4]\""),
                                        ElementsAre("env.floor=")));
}

// As the trainings do: what they have must be what the plan says, and a sweep may be resumed from another folder.
TEST(Sweep, NamesFilesFromTheRootOn) {
  const std::string here = std::filesystem::current_path().string();
  register_environment(
      {.name = "Filed-v0", .make = [](const EnvironmentSettings&) { return make_environment("Pendulum-v1"); }});
  const ExperimentPlan plan = read_sweep(
      "environment = \"Filed-v0\"\ninitial_run = \"first\"\nchanges = [\"9 env.xml_file=late.xml\"]\n[env]\nxml_file = "
      "\"a.xml\"\n[sweep]\n[sweep.values]\ndata = [\"x.csv\", \"\"]\nenv.xml_file = [\"./b.xml\"]\n",
      "x.toml");
  EXPECT_EQ(plan.options.initial_run, here + "/first");
  EXPECT_THAT(plan.options.changes, ElementsAre("9 env.xml_file=\"" + here + "/late.xml\""));
  EXPECT_EQ(std::get<std::string>(plan.options.env.at("xml_file")), here + "/a.xml");
  EXPECT_THAT(plan.trials, ElementsAre(ElementsAre("data=" + here + "/x.csv", "env.xml_file=" + here + "/b.xml"),
                                       ElementsAre("data=", "env.xml_file=" + here + "/b.xml")));
}

TEST(Sweep, DrawsAtRandomTheSameEachTime) {
  const std::string text =
      "[sweep]\nmethod = \"random\"\ntrials = 30\nseed = 4\nseeds = \"3-4\"\n[sweep.values]\n"
      "critic.learning_rate = {low = 1e-5, high = 1e-2, log = true}\nbatch_size = {low = 4, high = 9}\n"
      "env.g = [5, 10]\n";
  const ExperimentPlan plan = plan_of(text);
  EXPECT_EQ(plan.trials, plan_of(text).trials);
  ASSERT_EQ(plan.trials.size(), 30u);
  std::set<int> sizes;
  int small = 0;
  for (std::size_t i = 0; i < plan.trials.size(); i++) {
    const Options options = plan.options_of({3, i});
    sizes.insert(options.batch_size);
    small += options.critic.learning_rate.first() < 3e-4;
  }
  EXPECT_GE(*sizes.begin(), 4);
  EXPECT_LE(*sizes.rbegin(), 9);
  EXPECT_GT(sizes.size(), 3u);
  EXPECT_GT(small, 8);
  EXPECT_LT(small, 22);
  EXPECT_EQ(plan.seeds.first, 3u);
}

// Rounded to four digits most of them would be 1.
TEST(Sweep, DrawsWithinItsRange) {
  const ExperimentPlan plan = plan_of(
      "[sweep]\nmethod = \"random\"\n[sweep.values]\ndiscount = {low = 0.99991, high = 0.99999}\n"
      "tau = {low = 0.00100049, high = 0.0010005, log = true}\n");
  for (std::size_t i = 0; i < plan.trials.size(); i++) {
    const Options options = plan.options_of({0, i});
    EXPECT_GE(options.discount, 0.99991) << i;
    EXPECT_LE(options.discount, 0.99999) << i;
    EXPECT_GE(options.tau.first(), 0.00100049) << i;
    EXPECT_LE(options.tau.first(), 0.0010005) << i;
  }
}

TEST(Sweep, RefusesWhatCannotBeTrained) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "there is no [sweep] table"},
      {"[sweep]\n", "names no option"},
      {"[sweep]\n[sweep.values]\ntau = []\n", "is empty"},
      {"[sweep]\n[sweep.values]\ntau = 3\n", "must be a list"},
      {"[sweep]\n[sweep.values]\ndata = [[\"a.csv\", \"b.csv\"]]\n", "a list that is not one of numbers"},
      {"[sweep]\n[sweep.values]\ntau = [3]\n", "trial 0 (tau=3): [options] tau = 3.0 must be in [0, 1]"},
      {"[sweep]\n[sweep.values]\ntua = [0.3]\n", "Did you mean tau"},
      {"[sweep]\n[sweep.values]\nenv.g = [9, \"x\"]\n", "env.g"},
      {"[sweep]\nmethod = \"bayes\"\n[sweep.values]\ntau = [0.3]\n", "must be \"grid\" or \"random\", found \"bayes\""},
      {"[sweep]\nmethod = 5\n[sweep.values]\ntau = [0.3]\n", "must be \"grid\" or \"random\", found no text"},
      {"[sweep]\nseeds = 3.0\n[sweep.values]\ntau = [0.3]\n", "sweep.seeds must be how many, such as 3"},
      {"[sweep]\nseeds = [1, 2]\n[sweep.values]\ntau = [0.3]\n", "or which, such as \"5-9\""},
      {"[sweep]\ntrials = 3\n[sweep.values]\ntau = [0.3]\n", "sweep.trials is for method = \"random\""},
      {"[sweep]\n[sweep.values]\nseed = [1, 2]\n", "the seeds of each trial are sweep.seeds"},
      {"[sweep]\n[sweep.values]\nsteps = [100, 200]\n", "give steps = ... before [sweep]"},
      {"[sweep]\n[sweep.values]\ntau = {low = 0.1, high = 0.2, logarithmic = true}\n", "none of low, high and log"},
      {"[sweep]\n[sweep.values]\ntau = {low = 0.1, high = 0.2, log = 1}\n", "tau.log must be true or false"},
      {"[sweep]\n[sweep.values]\ntau = {low = false, high = 0.2}\n", "tau.low must be a number"},
      {"[sweep]\n[sweep.values]\ntau = {low = 0.1}\n", "tau.high must be a number"},
      {"[sweep]\ntrails = 3\n[sweep.values]\ntau = [0.3]\n", "sweep.trails is none of"},
      {"[sweep]\n[sweep.values]\ntau = {low = 0.1, high = 0.2}\n", "a range is for method"},
      {"[sweep]\nmethod = \"random\"\n[sweep.values]\ntau = {low = 0.3, high = 0.2}\n", "low must be below high"},
      {"[sweep]\nmethod = \"random\"\ntrials = 0\n[sweep.values]\ntau = [0.3]\n", "from 1 to 10000"},
      {"[sweep]\nseeds = 9000\n[sweep.values]\ntau = [0.3, 0.4]\n", "18000 trainings, more than 10000"},
      {"[sweep]\n[sweep.values]\ntau = [0.3]\n[actor]\nhidden = [8]\n", "must be the last table"},
  };
  for (const auto& [text, complaint] : cases)
    EXPECT_THAT(usage_error([&, &text = text] { plan_of(text); }), HasSubstr(complaint)) << text;
}

}  // namespace
}  // namespace ddpg
