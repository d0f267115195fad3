#include "experiment/experiment_toml.h"
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

}  // namespace

std::string experiment_to_toml(const ExperimentPlan& plan) {
  std::vector<std::string> records;
  for (const std::string& record : plan.records) records.push_back(fmt::format("\"{}\"", record));
  return fmt::format(
      "# An experiment of ddpg: trainings that differ in their seed alone. `ddpg resume` with this folder continues "
      "it.\n# The options of all seeds are in options.toml.\nversion = \"{}\"  # of ddpg\nfirst_seed = {}\nlast_seed = "
      "{}\njobs = {}  # trainings at a time\nrecords = [{}]  # of each seed, beside progress.csv\n",
      kVersion, plan.seeds.first, plan.seeds.last(), plan.jobs, fmt::join(records, ", "));
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
}

}  // namespace ddpg
