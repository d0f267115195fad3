#include "experiment/experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "ddpg/error.h"
#include "experiment/experiment_jobs.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(Seeds, AreANumberFromTheBaseOnOrARange) {
  EXPECT_EQ(read_seeds("10", 0).first, 0u);
  EXPECT_EQ(read_seeds("10", 0).last(), 9u);
  EXPECT_EQ(read_seeds("2", 40).last(), 41u);
  EXPECT_EQ(read_seeds("3-7", 100).first, 3u);
  EXPECT_EQ(read_seeds("3-7", 100).count, 5u);
  EXPECT_EQ(read_seeds("5-5", 0).count, 1u);
  EXPECT_EQ(read_seeds("1e3", 0).count, 1'000u);
}

TEST(Seeds, RefuseWhatIsNoSetOfSeeds) {
  for (const char* wrong : {"", "ten", "0", "-3", "3-", "7-3", "1.5", "10001", "0-10000", "1-2-3", "0,1",
                            "9223372036854775807-9223372036854775808"}) {
    EXPECT_THAT([&] { read_seeds(wrong, 0); }, ThrowsMessage<UsageError>(HasSubstr("--seeds"))) << wrong;
  }
  EXPECT_THROW(read_seeds("2", INT64_MAX), UsageError);
}

SeedProgress finished(std::uint64_t seed, double value) {
  SeedProgress progress;
  progress.seed = seed;
  progress.state = SeedState::finished;
  progress.last_return = value;
  return progress;
}

TEST(OverSeeds, TakesTheMiddleHalfAndTheEnds) {
  std::vector<SeedProgress> seeds;
  for (const double value : {5.0, -100.0, 1.0, 2.0, 4.0, 3.0, 6.0, 1'000.0, 7.0, 8.0}) {
    seeds.push_back(finished(seeds.size() + 20, value));
  }
  seeds.push_back(finished(99, -5'000));
  seeds.back().state = SeedState::failed;  // counts for nothing
  const SeedStatistics over = over_seeds(seeds);
  EXPECT_EQ(over.seeds, 10);
  EXPECT_DOUBLE_EQ(over.mean, 93.6);
  EXPECT_DOUBLE_EQ(over.interquartile_mean, 4.5);  // scipy.stats.trim_mean(..., 0.25): 2, 3, 4, 5, 6, 7
  EXPECT_EQ(over.worst, -100);
  EXPECT_EQ(over.worst_seed, 21u);
  EXPECT_EQ(over.best, 1'000);
  EXPECT_EQ(over.best_seed, 27u);
  EXPECT_TRUE(std::isnan(over_seeds({}).mean));
  EXPECT_DOUBLE_EQ(over_seeds({finished(0, 1), finished(1, 3)}).deviation, std::sqrt(2));  // with n - 1
}

TEST(SecondsLeft, FillsThePlacesAsTheyComeFree) {
  std::vector<SeedProgress> seeds(4);
  for (SeedProgress& seed : seeds) seed.steps = 1'000;
  EXPECT_TRUE(std::isnan(seconds_left(seeds, 2)));
  seeds[0].state = seeds[1].state = SeedState::running;
  seeds[0].steps_per_second = seeds[1].steps_per_second = 100;
  seeds[1].step = 500;
  EXPECT_DOUBLE_EQ(seconds_left(seeds, 2), 20);  // 10 + 10 and 5 + 10
  EXPECT_DOUBLE_EQ(seconds_left(seeds, 4), 10);
}

// An experiment in a folder of its own, whose trainings are done by a shell script in the place of ddpg.
class Experiment : public ::testing::Test {
 protected:
  Experiment() {
    plan_.options.environment = "Pendulum-v1";
    plan_.options.steps = 100;
    plan_.options.tau = 0.1;
    plan_.seeds = {3, 3};
    plan_.jobs = 2;
    plan_.records = {"tensorboard"};
    fs::remove_all(place_);
    fs::create_directory(place_);
  }
  ~Experiment() override { fs::remove_all(place_); }

  // `body` knows $verb, $seed and $run, and the functions row STEP RETURN and finish.
  void write_program(const std::string& body) {
    std::ofstream(program_) << "#!/bin/sh\n"
                               "echo \"$*\" >>"
                            << (place_ / "calls").string() << R"(
verb=$1
if [ "$verb" = resume ]; then run=$2; seed=${run##*seed}; else seed=$5; run=$7; fi
mkdir -p "$run"
[ "$verb" = resume ] || sed "s/^seed = .*/seed = $seed/" "$3" >"$run/config.toml"
[ -f "$run/progress.csv" ] || echo step,evaluation_mean_return >"$run/progress.csv"
row() { echo "$1,$2" >>"$run/progress.csv"; }
finish() {
  echo "{\"outcome\": \"finished\", \"steps\": 100, \"mean_return\": -$seed, \"seconds\": 1}" >"$run/summary.json"
  exit 0
}
)" << body;
    fs::permissions(program_, fs::perms::owner_all);
  }
  std::vector<SeedProgress> train(
      ExperimentFolder& folder, const std::function<void()>& watch = [] {}) {
    ExperimentJobs jobs(folder, {.program = program_, .name = "ddpg", .seconds_for_lock = 0.2});
    jobs.run(stop_, watch);
    return jobs.seeds();
  }
  ExperimentFolder create() { return ExperimentFolder::create(plan_, place_ / "experiment"); }
  std::string calls() const { return fs::exists(place_ / "calls") ? read_file(place_ / "calls") : ""; }
  std::size_t count_calls(const std::string& what) const {
    std::size_t count = 0;
    const std::string text = calls();
    for (std::size_t place = text.find(what); place != std::string::npos; place = text.find(what, place + 1)) count++;
    return count;
  }

  testing::TemporaryFolder folder_of_this_test_;
  fs::path place_ = folder_of_this_test_.path() / "runs";
  fs::path program_ = place_ / "program";
  ExperimentPlan plan_;
  std::atomic<bool> stop_ = false;
};

TEST_F(Experiment, KeepsItsPlanInItsFolder) {
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

TEST_F(Experiment, TakesTheNextFreeNameAndRefusesWhatIsThere) {
  const auto first = ExperimentFolder::create(plan_, {}, place_), second = ExperimentFolder::create(plan_, {}, place_);
  EXPECT_EQ(first.path(), place_ / "Pendulum-v1/default-tau=0.1-seeds3-5");
  EXPECT_EQ(second.path(), place_ / "Pendulum-v1/default-tau=0.1-seeds3-5-2");
  EXPECT_THAT([&] { ExperimentFolder::create(plan_, first.path()); },
              ThrowsMessage<UsageError>(HasSubstr("ddpg resume " + first.path().string())));
}

TEST_F(Experiment, IsHeldByOneProcess) {
  const ExperimentFolder held = create();
  EXPECT_THAT([&] { ExperimentFolder::open(held.path()); },
              ThrowsMessage<UsageError>(HasSubstr("another process is at this experiment")));
}

TEST_F(Experiment, RefusesADamagedPlan) {
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
  const auto json = experiment_json(folder, seeds, 1.5);
  EXPECT_EQ(json.at("outcome"), "finished");
  EXPECT_EQ(json.at("mean_return"), -4);
  EXPECT_EQ(json.at("worst_return"), -5);
  EXPECT_EQ(json.at("runs").at(2).at("run"), "seed5");
}

TEST_F(Experiment, AtMostAsManyAtATimeAsJobs) {
  write_program("touch $run/runs\nls -d ${run%/*}/seed*/runs | wc -l >>" + (place_ / "counts").string() +
                "\nsleep 0.3\nrm $run/runs\nfinish\n");
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
  EXPECT_EQ(seeds[2].state, SeedState::finished);
  EXPECT_EQ(experiment_json(folder, seeds, 1).at("outcome"), "failed");
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
  EXPECT_EQ(experiment_json(folder, seeds, 1).at("outcome"), "interrupted");
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

TEST_F(Experiment, RefusesRunsThatAreNotItsOwn) {
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

TEST_F(Experiment, CountsNoSeedThatWasTrainedWithOtherOptions) {
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

TEST_F(Experiment, ReadsATableThatIsHalfWritten) {
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
