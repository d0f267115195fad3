#include "experiment/experiment_toml.h"
#include "options/option_value.h"
#include "options/toml.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "ddpg/error.h"
#include "ddpg/version.h"

namespace ddpg {

namespace {

std::int64_t integer(const toml::table& table, const char* key, std::int64_t low, std::int64_t high,
                     std::string_view where) {
  const auto number = table[key].value_exact<std::int64_t>();
  if (number && *number >= low && *number <= high) return *number;
  throw UsageError(fmt::format("{}: {} must be an integer from {} to {}", where, key, low, high));
}

RecordNames read_records(const toml::table& table, std::string_view where) {
  RecordNames known, records;
  for (const RecordKind& kind : record_kinds()) known.insert(kind.name);
  const toml::array* list = table["records"].as_array();
  for (std::size_t i = 0; list != nullptr && i < list->size(); i++) records.insert((*list)[i].value_or(std::string()));
  if (list != nullptr && std::includes(known.begin(), known.end(), records.begin(), records.end())) return records;
  throw UsageError(fmt::format("{}: records must be a list of some of: {}", where, fmt::join(known, ", ")));
}

std::vector<Trial> read_trials(const toml::table& table, std::string_view where) {
  std::vector<Trial> trials;
  const toml::array* list = table["trials"].as_array();
  for (std::size_t i = 0; list != nullptr && i < list->size(); i++) {
    Trial trial;
    const toml::array* texts = (*list)[i].as_array();
    for (std::size_t k = 0; texts != nullptr && k < texts->size(); k++)
      trial.push_back((*texts)[k].value_or(std::string()));
    const bool sound = !trial.empty() && std::ranges::all_of(trial, [](const std::string& text) {
      return text.find('=') != std::string::npos;
    });
    if (!sound) throw UsageError(fmt::format("{}: trials must be lists of texts \"KEY=VALUE\"", where));
    trials.push_back(trial);
  }
  return trials;
}

std::string trials_text(const std::vector<Trial>& trials) {
  if (trials.empty()) return "";
  std::string text = "trials = [  # what each sets\n";
  for (const Trial& trial : trials) text += fmt::format("  {},\n", to_toml_value(trial));
  return text + "]\n";
}

}  // namespace

void check_trainings(std::uint64_t trials, std::uint64_t seeds, std::string_view where) {
  if (trials * seeds <= kMostSeeds) return;
  throw UsageError(fmt::format("{}: {} trials of {} seeds are {} trainings, more than {}; give fewer of either", where,
                               trials, seeds, trials * seeds, kMostSeeds));
}

std::string experiment_to_toml(const ExperimentPlan& plan) {
  std::vector<std::string> records;
  for (const std::string& record : plan.records) records.push_back(fmt::format("\"{}\"", record));
  return fmt::format(
             "# An experiment of ddpg: trainings that differ in their seed, and of a sweep in what its trials set.\n"
             "# `ddpg resume` with this folder continues it. The options of all are in options.toml.\n"
             "version = \"{}\"  # of ddpg\nfirst_seed = {}\nlast_seed = {}\njobs = {}  # trainings at a time\n"
             "records = [{}]  # of each seed, beside progress.csv\n",
             kVersion, plan.seeds.first, plan.seeds.last(), plan.jobs, fmt::join(records, ", ")) +
         trials_text(plan.trials);
}

void apply_experiment_toml(ExperimentPlan& plan, std::string_view text, std::string_view where) {
  constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();
  const toml::table table = parse_toml(text, where);
  const std::int64_t first = integer(table, "first_seed", 0, kHighest, where);
  const std::int64_t most = std::int64_t{kMostSeeds} - 1;
  const std::int64_t last =
      integer(table, "last_seed", first, first > kHighest - most ? kHighest : first + most, where);
  plan.seeds = {static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(last - first) + 1};
  plan.jobs = static_cast<int>(integer(table, "jobs", 1, std::int64_t{kMostSeeds}, where));
  plan.records = read_records(table, where);
  plan.trials = read_trials(table, where);
  check_trainings(std::max<std::uint64_t>(plan.trials.size(), 1), plan.seeds.count, where);
}

}  // namespace ddpg
