// ddpg runs: the runs below a folder, how far they came and how well they did.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "ddpg/error.h"
#include "program/output.h"
#include "program/verbs.h"
#include "record/run_record.h"
#include "record/text.h"
#include "run/run_files.h"
#include "run/run_name.h"
#include "support/json.h"
#include "support/paths.h"
#include "support/shown.h"

namespace ddpg::cli {

namespace fs = std::filesystem;

namespace {

struct RunsArguments {
  std::string folder;
  bool clean = false;
};

struct Listed {
  RunRecord run;
  double age = 0;  // seconds since something was written
};

Listed listed(const fs::path& folder) {
  Listed one{read_run(folder)};
  const auto since = fs::file_time_type::clock::now() - one.run.updated;
  one.age = std::max(0.0, std::chrono::duration<double>(since).count());
  one.run.progress = {};  // hundreds of them need not be kept
  return one;
}

// Those that run now, then the latest first.
bool comes_first(const Listed& a, const Listed& b) {
  const bool running_a = a.run.state == RunState::running, running_b = b.run.state == RunState::running;
  if (running_a != running_b) return running_a;
  return a.run.updated > b.run.updated;
}

std::string age_text(double seconds) {
  if (seconds < 60) return fmt::format("{:.0f} s", std::floor(seconds));
  if (seconds < 3'600) return fmt::format("{:.0f} min", std::floor(seconds / 60));
  if (seconds < 86'400) return fmt::format("{:.0f} h", std::floor(seconds / 3'600));
  return fmt::format("{} d", grouped(static_cast<std::int64_t>(seconds / 86'400)));
}

std::string return_text(double value) {
  return std::isfinite(value) ? fmt::format("{:.1f}", value) : "-";
}

// In what its options differ from its preset.
std::string changes_text(const RunRecord& run) {
  return run.options ? short_changes(changes(*run.options)) : "-";
}

std::string as_table(const std::vector<Listed>& runs) {
  std::vector<std::vector<std::string>> rows = {{"RUN", "STATE", "STEPS", "OF", "BEST", "LAST", "AGE", "CHANGED"}};
  for (const Listed& one : runs) {
    rows.push_back({one.run.name(), name_of(one.run.state), grouped(one.run.steps_done),
                    one.run.steps_asked > 0 ? grouped(one.run.steps_asked) : "-", return_text(one.run.best_return),
                    return_text(one.run.last_return), age_text(one.age), changes_text(one.run)});
  }
  return table(rows);
}

Json as_json(const Listed& one) {
  Json object = {{"run", one.run.name()},
                 {"environment", nullptr},
                 {"preset", nullptr},
                 {"seed", nullptr},
                 {"changed", nullptr},
                 {"state", name_of(one.run.state)},
                 {"message", one.run.message},
                 {"step", one.run.steps_done},
                 {"steps", nullptr},
                 {"best_return", one.run.best_return},
                 {"last_return", one.run.last_return},
                 {"started", one.run.started},
                 {"age_seconds", one.age},
                 {"problems", one.run.problems}};
  if (one.run.steps_asked > 0) object["steps"] = one.run.steps_asked;
  if (one.run.options) {
    object["environment"] = one.run.options->environment;
    object["preset"] = one.run.options->preset;
    object["seed"] = one.run.options->seed;
    object["changed"] = Json::object();
    for (const Difference& change : changes(*one.run.options)) object["changed"][change.name] = change.value;
  }
  return object;
}

fs::path folder_to_list(const std::string& given) {
  const fs::path folder = given.empty() ? "runs" : given;
  if (is_folder(folder)) return folder;
  if (is_there(folder)) throw UsageError(fmt::format("{}: expected a folder, this is a file", shown(folder)));
  throw UsageError(fmt::format("{}: there is no such folder{}", shown(folder),
                               given.empty() ? "; `ddpg train` makes it, or name another: `ddpg runs DIR`" : ""));
}

std::uintmax_t size_of(const fs::path& folder) {
  std::uintmax_t bytes = 0;
  std::error_code unknown;
  for (fs::recursive_directory_iterator entry(folder, unknown), end; !unknown && entry != end;
       entry.increment(unknown)) {
    std::error_code gone;
    const std::uintmax_t size = entry->is_regular_file(gone) ? entry->file_size(gone) : 0;
    if (!gone) bytes += size;
  }
  return bytes;
}

fs::path without_links(const fs::path& path) {
  std::error_code unknown;
  const fs::path found = fs::weakly_canonical(path, unknown);
  return unknown ? path : found;
}

// What runs started from, and which: the folder of another, or one of its checkpoints; of data a file, too.
std::vector<std::pair<fs::path, const RunRecord*>> beginnings(const std::vector<RunRecord>& runs) {
  std::vector<std::pair<fs::path, const RunRecord*>> all;
  for (const RunRecord& run : runs) {
    if (!run.options) continue;
    if (!run.options->initial_run.empty()) all.emplace_back(without_links(run.options->initial_run), &run);
    for (const std::string& file : run.options->data) all.emplace_back(without_links(file), &run);
  }
  return all;
}

// Removes its checkpoints. Policies, records and config.toml stay.
Json clean(const fs::path& run, const Common& common) {
  const std::uintmax_t before = size_of(run);
  remove_checkpoints(run);
  const std::uintmax_t after = size_of(run);
  if (!common.json && after < before)
    print(fmt::format("{}: {} before, {} after\n", typed(run), human_bytes(before), human_bytes(after)));
  return {{"run", run.string()}, {"bytes_before", before}, {"bytes_after", after}};
}

int clean_runs(const fs::path& folder, const Common& common) {
  std::vector<RunRecord> runs;
  for (const fs::path& path : find_runs(folder)) runs.push_back(listed(path).run);
  const auto all = beginnings(runs);
  Json cleaned = Json::array(), kept = Json::array();
  for (const RunRecord& run : runs) {
    if (run.state != RunState::finished) continue;
    const auto other = std::ranges::find_if(all, [whole = without_links(run.path)](const auto& beginning) {
      return std::ranges::mismatch(whole, beginning.first).in1 == whole.end();
    });
    if (other == all.end()) {
      cleaned.push_back(clean(run.path, common));
      continue;
    }
    const RunRecord& by = *other->second;
    kept.push_back({{"run", run.name()}, {"needed_by", by.name()}});
    if (!common.json)
      print_message(fmt::format("{} keeps its checkpoints: {} started from it, and could not be repeated without them",
                                shown(run.path), shown(by.path)));
  }
  if (common.json) print_json({{"folder", folder.string()}, {"cleaned", cleaned}, {"kept", kept}});
  if (!common.json && cleaned.size() + kept.size() == 0)
    print_message(fmt::format("{} holds no run that has finished", shown(folder)));
  return kDone;
}

int run_runs(const RunsArguments& given, const Common& common) {
  const fs::path folder = folder_to_list(given.folder);
  if (given.clean) return clean_runs(folder, common);
  std::vector<Listed> runs;
  std::vector<std::string> passed_over;
  for (const fs::path& path : find_runs(folder, nullptr, &passed_over)) runs.push_back(listed(path));
  for (const std::string& what : passed_over) print_message(what);
  std::stable_sort(runs.begin(), runs.end(), comes_first);
  if (common.json) {
    Json all = Json::array();
    for (const Listed& one : runs) all.push_back(as_json(one));
    print_json({{"folder", folder.string()}, {"runs", all}});
    return kDone;
  }
  for (const Listed& one : runs)
    for (const std::string& problem : one.run.problems) print_message(problem);
  if (runs.empty())
    print_message(fmt::format("{} holds no run yet", shown(folder)));
  else
    print(as_table(runs));
  return kDone;
}

}  // namespace

Run add_runs(Flags& flags) {
  const auto given = std::make_shared<RunsArguments>();
  flags.argument("DIR", given->folder, "folder to look in, and in all folders below [runs]");
  flags.yes(
      "--clean", given->clean,
      "remove the checkpoints of runs that have finished: they cannot be trained for longer or started from then, "
      "nor their checkpoints be evaluated");
  return [given](const Common& common) { return run_runs(*given, common); };
}

}  // namespace ddpg::cli
