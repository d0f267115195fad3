// The folder of an experiment: its plan, and whose runs are in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ddpg/error.h"
#include "experiment/scripted_experiment.h"
#include "support/files.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

using ExperimentFolderTest = testing::ScriptedExperiment;

TEST_F(ExperimentFolderTest, KeepsItsPlanInItsFolder) {
  { const ExperimentFolder created = create(); }
  const ExperimentFolder opened = ExperimentFolder::open(place_ / "experiment/");
  EXPECT_EQ(opened.path(), place_ / "experiment");
  EXPECT_EQ(opened.plan().seeds.first, 3u);
  EXPECT_EQ(opened.plan().seeds.count, 3u);
  EXPECT_EQ(opened.plan().jobs, 2);
  EXPECT_EQ(opened.plan().records, plan_.records);
  EXPECT_EQ(opened.plan().options.tau, 0.1);
  EXPECT_EQ(opened.plan().options.environment, "Pendulum-v1");
}

TEST_F(ExperimentFolderTest, TakesTheNextFreeNameAndRefusesWhatIsThere) {
  const auto first = ExperimentFolder::create(plan_, {}, place_), second = ExperimentFolder::create(plan_, {}, place_);
  EXPECT_EQ(first.path(), place_ / "Pendulum-v1/default-tau=0.1-seeds3-5");
  EXPECT_EQ(second.path(), place_ / "Pendulum-v1/default-tau=0.1-seeds3-5-2");
  EXPECT_THAT([&] { ExperimentFolder::create(plan_, first.path()); },
              ThrowsMessage<UsageError>(HasSubstr("ddpg resume " + first.path().string())));
}

TEST_F(ExperimentFolderTest, IsHeldByOneProcess) {
  const ExperimentFolder held = create();
  EXPECT_THAT([&] { ExperimentFolder::open(held.path()); },
              ThrowsMessage<UsageError>(HasSubstr("another process is at this experiment")));
}

TEST_F(ExperimentFolderTest, RefusesADamagedPlan) {
  const fs::path path = [&] { return create().path(); }();
  for (const char* damaged : {"first_seed = ", "jobs = 2", "first_seed = 3\nlast_seed = 2\njobs = 1\nrecords = []",
                              "first_seed = 0\nlast_seed = 99999999\njobs = 1\nrecords = []",
                              "first_seed = 0\nlast_seed = 1\njobs = 0\nrecords = []",
                              "first_seed = 0\nlast_seed = 1\njobs = 1\nrecords = [\"--help\"]"}) {
    write_file_atomically(path / "experiment.toml", damaged);
    EXPECT_THAT([&] { ExperimentFolder::open(path); }, ThrowsMessage<UsageError>(HasSubstr("experiment.toml")))
        << damaged;
  }
}

TEST_F(ExperimentFolderTest, RefusesMoreTrainingsThanThereMayBe) {
  const fs::path path = [&] { return create().path(); }();
  write_file_atomically(path / "experiment.toml",
                        "first_seed = 0\nlast_seed = 5000\njobs = 1\nrecords = []\n"
                        "trials = [[\"tau=0.1\"], [\"tau=0.2\"]]\n");
  EXPECT_THAT([&] { ExperimentFolder::open(path); },
              ThrowsMessage<UsageError>(HasSubstr("2 trials of 5001 seeds are 10002 trainings, more than 10000")));
}

TEST_F(ExperimentFolderTest, RefusesRunsThatAreNotItsOwn) {
  write_program("finish\n");
  const fs::path path = [&] {
    ExperimentFolder folder = create();
    train(folder);
    return folder.path();
  }();
  const std::string options = read_file(path / "options.toml"), third = read_file(path / "seed3/config.toml");
  const auto with = [](std::string text, std::string_view from, std::string_view to) {
    return text.replace(text.find(from), from.size(), to);
  };
  struct Case {
    const char* file;
    std::string text, error;
  };
  const Case cases[] = {
      {"options.toml", with(options, "tau = 0.1", "tau = 0.2"),
       "seed3 is no run of this experiment: tau = 0.1, in options.toml 0.2"},
      {"seed4/config.toml", third, "seed4 is no run of this experiment: seed = 3, expected 4"},
      {"seed5/config.toml", with(third, "environment = \"Pendulum-v1\"", "environment = \"LinearQuadratic-v0\""),
       "environment = \"LinearQuadratic-v0\", in options.toml \"Pendulum-v1\""},
      {"seed5/config.toml", with(third, "seed = 3", "seed = 5") + "\n[env]\nmass = 2.0\n",
       "env.mass = 2.0, in options.toml not set"},
      {"seed5/config.toml", "tau = ", "seed5/config.toml:1"}};
  for (const Case& one : cases) {
    const std::string before = read_file(path / one.file);
    write_file_atomically(path / one.file, one.text);
    EXPECT_THAT([&] { ExperimentFolder::open(path); }, ThrowsMessage<UsageError>(HasSubstr(one.error)));
    write_file_atomically(path / one.file, before);
  }
  // what no result depends on may differ, and a run may be given more steps
  write_file_atomically(
      path / "seed5/config.toml",
      with(with(read_file(path / "seed5/config.toml"), "threads = 1", "threads = 2"), "steps = 100", "steps = 90"));
  EXPECT_EQ(ExperimentFolder::open(path).path(), path);
}

TEST_F(ExperimentFolderTest, CountsNoSeedThatWasTrainedWithOtherOptions) {
  plan_.jobs = 1;
  write_program("[ $seed = 3 ] && sed -i 's/^tau = .*/tau = 0.5/' " + (place_ / "experiment/options.toml").string() +
                "\nfinish\n");
  ExperimentFolder folder = create();
  auto seeds = train(folder);
  EXPECT_EQ(seeds[0].state, SeedState::finished);
  EXPECT_EQ(seeds[1].state, SeedState::failed);
  EXPECT_THAT(seeds[1].error, HasSubstr("options.toml was changed while the experiment ran: tau = 0.5, before 0.1"));
  EXPECT_EQ(count_calls("seed4"), 0u);
  folder.change_plan(plan_);
  write_program("echo 'tau = 0.7' >$run/config.toml\nfinish\n");
  seeds = train(folder);
  EXPECT_EQ(seeds[2].state, SeedState::failed);
  EXPECT_THAT(seeds[2].error, HasSubstr("seed5 is no run of this experiment: "));
  EXPECT_EQ(over_seeds(seeds).seeds, 1);
}

TEST_F(ExperimentFolderTest, ReadsATableThatIsHalfWritten) {
  ExperimentFolder folder = create();
  fs::create_directory(folder.run(3));
  write_file_atomically(folder.run(3) / "progress.csv",
                        "step,x,evaluation_mean_return\n0,,-20\n50,1,-3.5\n100,2,\n150,,-9\n200,1,-1");
  const SeedProgress seed = folder.look_at(3);
  EXPECT_EQ(seed.step, 150);
  EXPECT_EQ(seed.last_return, -9);
  EXPECT_EQ(seed.best_return, -3.5);
  EXPECT_EQ(seed.state, SeedState::waiting);
  write_file_atomically(folder.run(3) / "progress.csv", "no table,\0\n\n,,,,\nx");
  EXPECT_EQ(folder.look_at(3).step, 0);
}

}  // namespace
}  // namespace ddpg
