// The trainings of an experiment: each is started, resumed, watched and told of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ddpg/error.h"
#include "experiment/scripted_experiment.h"
#include "support/files.h"
#include "support/folder_lock.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

using Experiment = testing::ScriptedExperiment;

TEST_F(Experiment, TrainsEachSeedInAProcessOfItsOwn) {
  write_program("row 50 -9\nrow 100 -$seed\nfinish\n");
  ExperimentFolder folder = create();
  const auto seeds = train(folder);
  ASSERT_EQ(seeds.size(), 3u);
  for (const SeedProgress& seed : seeds) {
    EXPECT_EQ(seed.state, SeedState::finished) << seed.error;
    EXPECT_EQ(seed.step, 100);
    EXPECT_EQ(seed.last_return, -static_cast<double>(seed.seed));
    EXPECT_EQ(seed.best_return, -static_cast<double>(seed.seed));
    EXPECT_TRUE(fs::exists(folder.log(seed.seed)));
  }
  const std::string path = folder.path().string();
  EXPECT_THAT(calls(),
              HasSubstr("train --config " + path + "/options.toml --seed 4 --run " + path + "/seed4 --tensorboard\n"));
  const auto json = nlohmann::json::parse(experiment_json(folder, seeds, 1.5).dump());
  EXPECT_EQ(json.at("outcome"), "finished");
  EXPECT_EQ(json.at("mean_return"), -4);
  EXPECT_EQ(json.at("worst_return"), -5);
  EXPECT_EQ(json.at("runs").at(2).at("run"), "seed5");
}

TEST_F(Experiment, AtMostAsManyAtATimeAsJobs) {
  // the first waits until another one runs beside it, at most ten seconds
  const std::string counts = (place_ / "counts").string(), running = "ls -d ${run%/*}/seed*/runs | wc -l";
  write_program("touch $run/runs\n" + running + " >>" + counts + "\nfor i in $(seq 500); do grep -q 2 " + counts +
                " || [ $(" + running + ") -ge 2 ] && break; sleep 0.02; done\nsleep 0.3\nrm $run/runs\nfinish\n");
  ExperimentFolder folder = create();
  train(folder);
  EXPECT_THAT(read_file(place_ / "counts"), ::testing::AllOf(HasSubstr("2"), ::testing::Not(HasSubstr("3"))));
}

TEST_F(Experiment, OneThatFailsOrIsKilledLeavesTheOthersAlone) {
  write_program(
      "row 50 -9\ncase $seed in\n3) echo '{\"outcome\": \"failed\", \"error\": \"all is full\"}' >$run/summary.json; "
      "exit 1;;\n"
      "4) kill -9 $$;;\nesac\nfinish\n");
  ExperimentFolder folder = create();
  const auto seeds = train(folder);
  EXPECT_EQ(seeds[0].state, SeedState::failed);
  EXPECT_EQ(seeds[0].error, "all is full");
  EXPECT_EQ(seeds[1].state, SeedState::failed);
  EXPECT_THAT(seeds[1].error, HasSubstr("killed by signal 9"));
  EXPECT_THAT(seeds[1].error, HasSubstr("`ddpg resume"));
  EXPECT_EQ(seeds[2].state, SeedState::finished);
  EXPECT_EQ(text_member(experiment_json(folder, seeds, 1), "outcome", "summary"), "failed");
}

TEST_F(Experiment, IsGoneOnWithWhereItStood) {
  // the first time: 3 finishes, 4 fails after a row, 5 never gets that far
  write_program(
      "row 40 -9\n[ $seed = 3 ] && finish\n[ $seed = 4 ] && exit 1\nmv $run/config.toml $run/.ddpg-1-0.tmp\nkill -9 "
      "$$\n");
  ExperimentFolder folder = create();
  train(folder);
  fs::remove(folder.run(5) / "progress.csv");
  fs::remove(place_ / "calls");
  write_program("row 100 -$seed\nfinish\n");
  const auto seeds = train(folder);
  for (const SeedProgress& seed : seeds) EXPECT_EQ(seed.state, SeedState::finished) << seed.seed << ": " << seed.error;
  EXPECT_EQ(count_calls("seed3"), 0u);
  EXPECT_THAT(calls(), HasSubstr("resume " + folder.run(4).string() + " --steps 100 --threads 1\n"));
  EXPECT_THAT(calls(), HasSubstr("--run " + folder.run(5).string()));  // had no config.toml: begins
  EXPECT_FALSE(fs::exists(folder.run(5) / ".ddpg-1-0.tmp"));
}

// one that is refused before it begins has the summary of its former end still
TEST_F(Experiment, ASeedThatIsRefusedIsNotToldWithAnOlderError) {
  write_program("echo '{\"outcome\": \"failed\", \"error\": \"of yesterday\"}' >$run/summary.json; echo no; exit 2\n");
  ExperimentFolder folder = create();
  for (const SeedProgress& seed : train(folder))
    EXPECT_EQ(seed.error, "ended with exit code 2 and no result; see " + folder.log(seed.seed).string());
}

TEST_F(Experiment, ASeedThatFailsAgainIsTriedOnceEachTime) {
  write_program("exit 1\n");
  ExperimentFolder folder = create();
  train(folder);
  EXPECT_EQ(count_calls("train "), 3u);
  train(folder);
  EXPECT_EQ(count_calls("resume "), 3u);
}

TEST_F(Experiment, StoppingReachesEachTrainingOnceAndStartsNoOther) {
  write_program(R"(signals=0
trap 'signals=$((signals + 1)); row 60 $signals' TERM INT
row 50 -9
while [ $signals = 0 ]; do sleep 0.05; done
sleep 0.5
echo '{"outcome": "interrupted", "steps": 60}' >"$run/summary.json"
[ $signals = 1 ] && exit 130
exit 1
)");
  ExperimentFolder folder = create();
  const auto seeds = train(folder, [&] {
    if (folder.look_at(3).step == 50 && folder.look_at(4).step == 50) stop_ = true;
  });
  for (const SeedProgress& seed : seeds) EXPECT_EQ(seed.state, SeedState::interrupted) << seed.seed;
  EXPECT_EQ(seeds[0].step, 60);
  EXPECT_EQ(count_calls("seed5"), 0u);
  EXPECT_EQ(text_member(experiment_json(folder, seeds, 1), "outcome", "summary"), "interrupted");
}

TEST_F(Experiment, ARunThatAnotherProcessWritesIsWaitedForAndThenLeftAlone) {
  write_program("finish\n");
  ExperimentFolder folder = create();
  fs::create_directory(folder.run(4));
  const FolderLock held(folder.run(4), "");
  const auto seeds = train(folder);
  EXPECT_EQ(seeds[0].state, SeedState::finished);
  EXPECT_EQ(seeds[1].state, SeedState::failed);
  EXPECT_THAT(seeds[1].error, HasSubstr("another training is writing to"));
  EXPECT_EQ(count_calls("seed4"), 0u);
}

TEST_F(Experiment, AProgramThatCannotBeStartedIsAFailureOfItsSeed) {
  ExperimentFolder folder = create();
  for (const SeedProgress& seed : train(folder)) {
    EXPECT_EQ(seed.state, SeedState::failed);
    EXPECT_THAT(seed.error, HasSubstr(program_.string()));
  }
}

TEST_F(Experiment, NamesTheLogThatCannotBeWrittenOrHoldsNothing) {
  write_program("exit 1\n");
  ExperimentFolder folder = create();
  fs::create_directory(folder.log(3));
  fs::create_symlink("/dev/full", folder.log(4));
  const auto seeds = train(folder);
  EXPECT_THAT(seeds[0].error, HasSubstr("could not write " + folder.log(3).string() + ": Is a directory"));
  for (const SeedProgress& seed : {seeds[1], seeds[2]})
    EXPECT_EQ(seed.error, "ended with exit code 1, no result, and nothing in " + folder.log(seed.seed).string() +
                              "; is the disk full?");
}

}  // namespace
}  // namespace ddpg
