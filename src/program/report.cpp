// ddpg report: what runs learnt, as one page, as a table and as a figure.
#include "program/report.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>

#include "ddpg/error.h"
#include "program/interrupt.h"
#include "program/output.h"
#include "program/replaceable.h"
#include "program/verbs.h"
#include "record/text.h"
#include "report/outputs.h"
#include "report/page.h"
#include "support/files.h"
#include "support/json.h"
#include "support/paths.h"
#include "support/shown.h"

namespace ddpg::cli {

namespace fs = std::filesystem;

namespace {

std::string today() {
  return fmt::format("{:%Y-%m-%d %H:%M UTC}", fmt::gmtime(std::time(nullptr)));
}

// What stands under a name should be what its ending says.
void check_ending(const std::string& flag, const std::string& file, const std::string& ending, const char* kind) {
  std::string given = fs::path(file).extension().string();
  for (char& letter : given) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  if (given.empty() || given == ending) return;
  throw UsageError(
      fmt::format("{}: {} is written, so the name of the file should end in {}; found {}", flag, kind, ending, file));
}

// One would be written over the other.
void check_different(const std::vector<std::pair<std::string, std::string>>& outputs) {
  std::map<fs::path, std::string> named;
  std::error_code ignored;
  for (const auto& [flag, file] : outputs) {
    if (file.empty()) continue;
    const auto [other, added] = named.emplace(fs::weakly_canonical(fs::absolute(file), ignored), flag);
    if (!added)
      throw UsageError(fmt::format("{} and {} both name {}; give each its own file", other->second, flag, file));
  }
}

bool is_page(std::string_view text) {
  return text.empty() || is_report_page(text);
}
bool is_curves(std::string_view text) {
  return text.empty() || text.starts_with(kCurvesHeader);
}
bool is_png(std::string_view text) {
  return text.empty() || text.starts_with("\x89PNG\r\n");
}

Json as_json(const Task& task) {
  Json groups = Json::array(), comparisons = groups;
  for (const RunGroup& group : task.groups) {
    Json runs = Json::array();
    for (const RunRecord* run : group.runs) runs.push_back(run->name());
    groups.push_back({{"group", group.name},
                      {"runs", runs},
                      {"seeds", group.scores.size()},
                      {"iqm", group.iqm},
                      {"low", group.interval.low},
                      {"high", group.interval.high},
                      {"mean", group.mean},
                      {"std", group.deviation}});
  }
  for (const Comparison& pair : task.comparisons)
    comparisons.push_back({{"x", task.groups[pair.x].name},
                           {"y", task.groups[pair.y].name},
                           {"probability_of_improvement", pair.probability},
                           {"low", pair.interval.low},
                           {"high", pair.interval.high}});
  Json step;  // null where nothing was evaluated
  if (std::isfinite(task.score_step)) step = std::llround(task.score_step);
  return {{"environment", task.environment},
          {"step", step},
          {"last", task.of_evaluations},
          {"groups", groups},
          {"comparisons", comparisons}};
}

Json name_or_null(const std::string& name) {
  return name.empty() ? Json() : Json(name);
}

std::string as_table(const Study& study) {
  const int last = study.tasks.front().of_evaluations;
  const std::string iqm = last == 1 ? "IQM" : fmt::format("IQM OF LAST {}", last);
  std::vector<std::vector<std::string>> rows = {{"CONFIGURATION", "SEEDS", "STEP", iqm, "95 % INTERVAL"}};
  for (const Task& task : study.tasks) {
    for (const RunGroup& group : task.groups) {
      const std::string interval = std::isnan(group.interval.low)
                                       ? "-"
                                       : fmt::format("{:.1f} to {:.1f}", group.interval.low, group.interval.high);
      const bool scored = !group.scores.empty();
      rows.push_back({task.environment + ", " + group.options().preset == group.name || study.tasks.size() > 1
                          ? group.name
                          : task.environment + ", " + group.name,
                      std::to_string(group.scores.size()),
                      std::isnan(task.score_step) ? "-" : grouped(std::llround(task.score_step)),
                      scored ? fmt::format("{:.1f}", group.iqm) : "-", interval});
    }
  }
  return table(rows);
}

}  // namespace

void write_page(const fs::path& runs, const fs::path& page, const std::atomic<bool>& stop) {
  write_file_atomically(page, html_page(study_of({runs}, &stop), {.episodes = true, .made = today(), .stop = &stop}));
}

namespace {

struct ReportArguments {
  std::vector<std::string> runs;  // folders of runs, or of folders of runs
  std::string out, csv, png;      // "" when not given
  int last = 1;
};

int run_report(const ReportArguments& arguments, const Common& common) {
  if (arguments.runs.empty()) {
    throw UsageError("which runs? For example `ddpg report runs/Pendulum-v1`; `ddpg runs` lists those there are.");
  }
  const bool page_wanted = !arguments.out.empty() || (arguments.csv.empty() && arguments.png.empty());
  const std::string page = page_wanted && arguments.out.empty() ? "report.html" : arguments.out;
  check_replaceable("report", "--out", page, is_page);
  check_replaceable("report", "--csv", arguments.csv, is_curves);
  check_replaceable("report", "--png", arguments.png, is_png);
  check_different({{"--out", page}, {"--csv", arguments.csv}, {"--png", arguments.png}});
  check_ending("--out", page, ".html", "an HTML page");
  check_ending("--csv", arguments.csv, ".csv", "a table of comma-separated values");
  check_ending("--png", arguments.png, ".png", "a PNG");

  const std::atomic<bool>& stop = listen_for_interrupt(false);
  const Study study = study_of({arguments.runs.begin(), arguments.runs.end()}, &stop, arguments.last);
  for (const std::string& reason : study.left_out) print_message("left out: " + reason);
  // all is made before anything is written
  std::vector<std::pair<std::string, std::string>> files;
  if (!arguments.png.empty()) files.emplace_back(arguments.png, curves_png(study));
  if (!arguments.csv.empty()) files.emplace_back(arguments.csv, curves_csv(study));
  if (page_wanted) files.emplace_back(page, html_page(study, {.episodes = true, .made = today(), .stop = &stop}));
  for (const auto& [file, bytes] : files) write_file_atomically(file, bytes);

  if (common.json) {
    Json tasks = Json::array();
    for (const Task& task : study.tasks) tasks.push_back(as_json(task));
    print_json({{"report", name_or_null(page)},
                {"csv", name_or_null(arguments.csv)},
                {"png", name_or_null(arguments.png)},
                {"runs", study.runs.size()},
                {"left_out", study.left_out},
                {"tasks", tasks}});
    return kDone;
  }
  print(as_table(study));
  for (const std::string& file : {page, arguments.csv, arguments.png})
    if (!file.empty()) print(shown(file) + "\n");
  return kDone;
}

}  // namespace

Run add_report(Flags& flags) {
  const auto report = std::make_shared<ReportArguments>();
  flags.arguments("RUN", report->runs, "folders of runs, or folders that hold them");
  flags.text("--out", report->out, "FILE", "the page [report.html]; not written when only --csv or --png is asked for");
  flags.text("--csv", report->csv, "FILE", "the learning curves as a table");
  flags.text("--png", report->png, "FILE", "the learning curve as a figure for a paper");
  flags.number("--last", report->last, 1, 1'000'000,
               "test evaluations of which a run's score is the mean, its last [1]");
  flags.footer(
      "Runs with the same options but the seed are one configuration; several are compared. For example:\n"
      "  ddpg report runs/Pendulum-v1/default-seed*\n"
      "  ddpg report runs/Pendulum-v1 --out pendulum.html --png pendulum.png");
  return [report](const Common& common) { return run_report(*report, common); };
}

}  // namespace ddpg::cli
