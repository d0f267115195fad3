// How the seeds of an experiment stand, read from the run folders that their trainings write.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>
#include <utility>

#include "ddpg/version.h"
#include "experiment/experiment.h"
#include "record/run_record.h"
#include "report/statistics.h"
#include "support/json.h"

namespace ddpg {

SeedProgress ExperimentFolder::look_at(const RunKey& key) const {
  const RunRecord run = read_run(this->run(key));
  SeedProgress progress;
  progress.seed = key.seed;
  progress.trial = key.trial;
  progress.steps = plan_.options.steps;
  progress.step = run.steps_done;
  progress.last_return = run.last_return;
  progress.best_return = run.best_return;
  if (run.state == RunState::finished && (progress.step >= progress.steps || !run.criterion.empty()))
    progress.state = SeedState::finished;
  if (progress.state == SeedState::finished) progress.criterion = run.criterion;
  if (run.state == RunState::failed) progress.state = SeedState::failed;
  if (progress.state != SeedState::waiting) progress.seconds = run.seconds;
  if (progress.state == SeedState::failed) progress.error = run.message;
  return progress;
}

SeedStatistics over_seeds(const std::vector<SeedProgress>& seeds) {
  std::vector<std::pair<double, std::uint64_t>> ends;
  for (const SeedProgress& seed : seeds)
    if (seed.state == SeedState::finished && !std::isnan(seed.last_return))
      ends.emplace_back(seed.last_return, seed.seed);
  if (ends.empty()) return {};
  std::sort(ends.begin(), ends.end());
  std::vector<double> returns;
  for (const auto& [value, seed] : ends) returns.push_back(value);
  SeedStatistics statistics;
  statistics.seeds = static_cast<int>(returns.size());
  statistics.mean = mean(returns);
  statistics.deviation = sample_deviation(returns);
  statistics.interquartile_mean = interquartile_mean(returns);
  std::tie(statistics.worst, statistics.worst_seed) = ends.front();
  std::tie(statistics.best, statistics.best_seed) = ends.back();
  return statistics;
}

std::vector<TrialResult> over_trials(const ExperimentPlan& plan, const std::vector<SeedProgress>& seeds) {
  std::vector<TrialResult> results;
  for (std::size_t trial = 0; trial < plan.trials.size(); trial++) {
    std::vector<SeedProgress> own;
    std::ranges::copy_if(seeds, std::back_inserter(own), [&](const SeedProgress& seed) { return seed.trial == trial; });
    results.push_back({trial, over_seeds(own)});
  }
  const auto score = [](const TrialResult& result) {
    return std::isnan(result.over.interquartile_mean) ? -HUGE_VAL : result.over.interquartile_mean;
  };
  std::ranges::stable_sort(results, [&](const auto& a, const auto& b) { return score(a) > score(b); });
  return results;
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

Json experiment_json(const ExperimentFolder& folder, const std::vector<SeedProgress>& seeds, double seconds) {
  Json runs = Json::array();
  int counts[5] = {};
  for (const SeedProgress& seed : seeds) {
    counts[static_cast<int>(seed.state)]++;
    Json run = {{"seed", seed.seed},
                {"run", folder.run(seed.key()).filename().string()},
                {"outcome", state_name(seed.state)},
                {"steps", seed.step},
                {"mean_return", seed.last_return},
                {"best_return", seed.best_return},
                {"seconds", seed.seconds}};
    if (!seed.error.empty()) run["error"] = seed.error;
    if (!seed.criterion.empty()) run["criterion"] = seed.criterion;
    if (!folder.plan().trials.empty()) run["trial"] = seed.trial;
    runs.push_back(run);
  }
  const auto count = [&](SeedState state) { return counts[static_cast<int>(state)]; };
  const bool failed = count(SeedState::failed) > 0;
  const bool finished = count(SeedState::finished) == static_cast<int>(seeds.size());
  const SeedStatistics over = over_seeds(seeds);
  const ExperimentPlan& plan = folder.plan();
  Json trials = Json::array();
  for (const TrialResult& result : over_trials(plan, seeds))
    trials.push_back({{"trial", result.trial},
                      {"set", plan.trials[result.trial]},
                      {"finished", result.over.seeds},
                      {"mean_return", result.over.mean},
                      {"iqm_return", result.over.interquartile_mean}});
  Json json = {{"environment", plan.options.environment},
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
  if (!plan.trials.empty()) json["trials"] = trials;
  return json;
}

}  // namespace ddpg
