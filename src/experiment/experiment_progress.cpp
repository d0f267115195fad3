// How the seeds of an experiment stand, read from what their trainings write: progress.csv and summary.json.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "ddpg/error.h"
#include "ddpg/version.h"
#include "experiment/experiment.h"
#include "run/progress_table.h"
#include "support/files.h"
#include "support/json.h"
#include "support/paths.h"
#include "support/shown.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

bool is_better(double value, double than) {
  return !std::isnan(value) && !(value <= than);
}

// What `run`/summary.json says; null where there is none, or none that can be read.
nlohmann::json summary_of(const fs::path& run) {
  const fs::path file = run / "summary.json";
  try {
    if (!is_there(file)) return {};
    return parse_json(read_file(file, kLongestText), shown(file));
  } catch (const std::exception&) {  // then the run counts as not ended
    return {};
  }
}

double number_in(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<double>() : kNotMeasured;
}

}  // namespace

void ExperimentFolder::read_progress(SeedProgress& progress) const try {
  const fs::path file = run(progress.seed) / "progress.csv";
  if (!is_there(file)) return;
  std::string damaged;  // told by what reads the run in full: report, runs, its resuming
  const ProgressTable table = ddpg::read_progress(file, damaged);
  const double step = table.last("step");
  if (step >= 0 && step < 1e18) progress.step = static_cast<std::int64_t>(step);
  progress.best_return = kNotMeasured;
  progress.last_return = table.last("evaluation_mean_return");
  for (const double value : table.column("evaluation_mean_return"))
    if (is_better(value, progress.best_return)) progress.best_return = value;
} catch (const Error&) {  // no table of ours: then nothing is known
}

SeedProgress ExperimentFolder::look_at(std::uint64_t seed) const {
  SeedProgress progress;
  progress.seed = seed;
  progress.steps = plan_.options.steps;
  read_progress(progress);
  const nlohmann::json summary = summary_of(run(seed));
  if (!summary.is_object()) return progress;
  const double done = number_in(summary, "steps");
  if (done >= 0 && done < 1e18) progress.step = static_cast<std::int64_t>(done);
  progress.last_return = number_in(summary, "mean_return");
  progress.seconds = number_in(summary, "seconds");
  const auto outcome = summary.find("outcome");
  if (outcome == summary.end()) return progress;
  if (*outcome == "finished" && progress.step >= progress.steps) progress.state = SeedState::finished;
  if (*outcome == "interrupted") progress.state = SeedState::interrupted;
  if (*outcome == "failed") progress.state = SeedState::failed;
  return progress;
}

SeedStatistics over_seeds(const std::vector<SeedProgress>& seeds) {
  std::vector<std::pair<double, std::uint64_t>> returns;
  for (const SeedProgress& seed : seeds) {
    if (seed.state == SeedState::finished && !std::isnan(seed.last_return)) {
      returns.emplace_back(seed.last_return, seed.seed);
    }
  }
  SeedStatistics statistics;
  if (returns.empty()) return statistics;
  std::sort(returns.begin(), returns.end());
  const auto mean = [&](std::size_t from, std::size_t to, const auto& value) {
    double sum = 0;
    for (std::size_t i = from; i < to; i++) sum += value(returns[i].first);
    return sum / static_cast<double>(to - from);
  };
  const auto itself = [](double value) { return value; };
  const std::size_t count = returns.size(), quarter = count / 4;
  statistics.seeds = static_cast<int>(count);
  statistics.mean = mean(0, count, itself);
  statistics.deviation = std::sqrt(mean(0, count, [&](double value) {
    const double distance = value - statistics.mean;
    return distance * distance;
  }));
  statistics.interquartile_mean = mean(quarter, count - quarter, itself);
  statistics.worst = returns.front().first;
  statistics.worst_seed = returns.front().second;
  statistics.best = returns.back().first;
  statistics.best_seed = returns.back().second;
  return statistics;
}

// As they will run: each that waits takes the place that is free first.
double seconds_left(const std::vector<SeedProgress>& seeds, int jobs) {
  std::vector<double> places;  // when each is free
  double rates = 0;
  const auto left = [](const SeedProgress& seed) {
    return static_cast<double>(std::max<std::int64_t>(seed.steps - seed.step, 0));
  };
  for (const SeedProgress& seed : seeds) {
    if (seed.state != SeedState::running || !(seed.steps_per_second > 0)) continue;
    places.push_back(left(seed) / seed.steps_per_second);
    rates += seed.steps_per_second;
  }
  if (places.empty()) return kNotMeasured;
  const double rate = rates / static_cast<double>(places.size());
  places.resize(std::max(places.size(), static_cast<std::size_t>(jobs)), 0);
  for (const SeedProgress& seed : seeds) {
    const bool unknown_speed = seed.state == SeedState::running && !(seed.steps_per_second > 0);
    if (seed.state != SeedState::waiting && !unknown_speed) continue;
    *std::min_element(places.begin(), places.end()) += left(seed) / rate;
  }
  return *std::max_element(places.begin(), places.end());
}

nlohmann::ordered_json experiment_json(const ExperimentFolder& folder, const std::vector<SeedProgress>& seeds,
                                       double seconds) {
  nlohmann::ordered_json runs = nlohmann::ordered_json::array();
  int counts[5] = {};
  for (const SeedProgress& seed : seeds) {
    counts[static_cast<int>(seed.state)]++;
    nlohmann::ordered_json run = {{"seed", seed.seed},
                                  {"run", folder.run(seed.seed).filename().string()},
                                  {"outcome", state_name(seed.state)},
                                  {"steps", seed.step},
                                  {"mean_return", seed.last_return},
                                  {"best_return", seed.best_return},
                                  {"seconds", seed.seconds}};
    if (!seed.error.empty()) run["error"] = seed.error;
    runs.push_back(run);
  }
  const auto count = [&](SeedState state) { return counts[static_cast<int>(state)]; };
  const bool failed = count(SeedState::failed) > 0;
  const bool finished = count(SeedState::finished) == static_cast<int>(seeds.size());
  const SeedStatistics over = over_seeds(seeds);
  const ExperimentPlan& plan = folder.plan();
  return {{"environment", plan.options.environment},
          {"preset", plan.options.preset},
          {"first_seed", plan.seeds.first},
          {"last_seed", plan.seeds.last()},
          {"seeds", plan.seeds.count},
          {"steps", plan.options.steps},
          {"jobs", plan.jobs},
          {"finished", count(SeedState::finished)},
          {"failed", count(SeedState::failed)},
          {"mean_return", over.mean},
          {"std_return", over.deviation},
          {"iqm_return", over.interquartile_mean},
          {"worst_return", over.worst},
          {"best_return", over.best},
          {"runs", runs},
          {"seconds", seconds},
          {"outcome", finished ? "finished"
                      : failed ? "failed"
                               : "interrupted"},
          {"version", kVersion}};
}

}  // namespace ddpg
