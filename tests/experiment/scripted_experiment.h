// An experiment whose trainings are done by a shell script in the place of ddpg.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "experiment/experiment.h"
#include "experiment/experiment_jobs.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ddpg::testing {

namespace fs = std::filesystem;

class ScriptedExperiment : public ::testing::Test {
 protected:
  ScriptedExperiment() {
    plan_.options.environment = "Pendulum-v1";
    plan_.options.steps = 100;
    plan_.options.tau = 0.1;
    plan_.seeds = {3, 3};
    plan_.jobs = 2;
    plan_.records = {"tensorboard"};
    fs::remove_all(place_);
    fs::create_directory(place_);
  }
  ~ScriptedExperiment() override { fs::remove_all(place_); }

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
      ExperimentFolder& folder, const std::function<void()>& watch = [] {},
      std::unique_ptr<Trainings> elsewhere = nullptr) {
    ExperimentJobs jobs(folder, {.program = program_, .name = "ddpg", .seconds_for_lock = 0.2}, std::move(elsewhere));
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

  TemporaryFolder folder_of_this_test_;
  fs::path place_ = folder_of_this_test_.path() / "runs";
  fs::path program_ = place_ / "program";
  ExperimentPlan plan_;
  std::atomic<bool> stop_ = false;
};

}  // namespace ddpg::testing
