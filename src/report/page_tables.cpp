// The parts of a page that are tables: options, runs, machines, and how it was all computed.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "options/option_table.h"
#include "record/text.h"
#include "report/group_names.h"
#include "report/html.h"
#include "report/numbers.h"
#include "report/page_parts.h"

namespace ddpg {
namespace {

using Values = std::map<std::string, std::string>;

Values values_of(const Options& options) {
  const auto pairs = flat(options);
  return {pairs.begin(), pairs.end()};
}

// Of the preset the options name; empty when there is none of that name.
Values preset_values(const Options& options) {
  for (const Preset& preset : presets())
    if (preset.name == options.preset) return values_of(preset.options);
  return {};
}

bool decided_by_the_run(const std::string& key) {
  const OptionEntry* entry = find_option(key);  // none of a setting of the environment
  return entry != nullptr && !is_of_a_preset(*entry);
}

struct OptionTable {
  std::vector<std::string> keys;
  std::vector<Values> groups, presets;

  explicit OptionTable(const Task& task) {
    for (const RunGroup& group : task.groups) {
      groups.push_back(values_of(group.options()));
      presets.push_back(preset_values(group.options()));
      for (const auto& [key, value] : flat(group.options())) {
        if (key != "seed" && std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
      }
    }
  }

  bool differs_from_preset(const std::string& key, std::size_t g) const {
    const auto value = groups[g].find(key), usual = presets[g].find(key);
    if (decided_by_the_run(key) || value == groups[g].end()) return false;
    return usual == presets[g].end() || usual->second != value->second;
  }

  std::string cell(const std::string& key, std::size_t g) const {
    const auto value = groups[g].find(key);
    if (value == groups[g].end()) return "\u2013";
    const std::string code = "<code>" + escaped(value->second) + "</code>";
    if (!differs_from_preset(key, g)) return code;
    const auto usual = presets[g].find(key);
    return fmt::format("<strong>{}</strong> <small>preset: {}</small>", code,
                       usual == presets[g].end() ? "not set" : "<code>" + escaped(usual->second) + "</code>");
  }

  Table table(const Task& task, const std::string& caption, const std::vector<std::string>& shown) const {
    Table result{caption, {"option"}, {}, "w"};
    for (const RunGroup& group : task.groups) {
      result.columns.push_back(group.label);
      result.numeric += 'w';
    }
    for (const std::string& key : shown) {
      result.rows.push_back({"<code>" + escaped(key) + "</code>"});
      for (std::size_t g = 0; g < groups.size(); g++) result.rows.back().push_back(cell(key, g));
    }
    return result;
  }
};

std::string state_cell(const RunRecord& run) {
  std::string text = fmt::format("<span class=\"state {0}\">{0}</span>", name_of(run.state));
  if (!run.message.empty()) text += " <small>" + escaped(run.message) + "</small>";
  return text;
}

double best_return(const RunRecord& run) {
  const Curve curve = curve_of(run.progress, "evaluation_mean_return", true);
  return curve.empty() ? NAN : *std::max_element(curve.values.begin(), curve.values.end());
}

std::vector<std::string> run_row(const RunRecord& run, const std::string& group) {
  const std::string asked = run.steps_asked > 0 ? " <small>of " + grouped(run.steps_asked) + "</small>" : "";
  const Curve curve = curve_of(run.progress, "evaluation_mean_return", true);
  return {"<code>" + escaped(run.name()) + "</code>",
          group,
          run.options ? std::to_string(run.options->seed) : "\u2013",
          state_cell(run),
          grouped(run.steps_done) + asked,
          readable(curve.empty() ? NAN : curve.values.back()),
          readable(best_return(run)),
          human_seconds(run.seconds)};
}

std::string group_of(const Study& study, const RunRecord& run) {
  for (const Task& task : study.tasks) {
    const std::string before = study.tasks.size() == 1 ? "" : escaped(task.environment) + "<br/>";
    for (const RunGroup& group : task.groups) {
      const auto is_run = [&](const RunRecord* other) { return other == &run; };
      if (std::any_of(group.runs.begin(), group.runs.end(), is_run)) return before + group_name(task, group);
      if (std::any_of(group.repeated.begin(), group.repeated.end(), is_run))
        return before + group_name(task, group) + " <small>repeated seed</small>";
    }
  }
  return "<small>left out</small>";
}

std::string known(const std::string& text) {
  return text.empty() ? "\u2013" : escaped(text);
}

}  // namespace

std::string options_section(const Task& task) {
  const OptionTable options(task);
  std::vector<const RunGroup*> groups;
  for (const RunGroup& group : task.groups) groups.push_back(&group);
  std::vector<std::string> differing = differing_options(groups), from_preset;
  for (const std::string& key : options.keys) {
    for (std::size_t g = 0; g < task.groups.size(); g++) {
      const bool known_already = std::find(differing.begin(), differing.end(), key) != differing.end() ||
                                 std::find(from_preset.begin(), from_preset.end(), key) != from_preset.end();
      if (!known_already && options.differs_from_preset(key, g)) from_preset.push_back(key);
    }
  }
  std::string body;
  if (!differing.empty()) body += html(options.table(task, "In which the configurations differ", differing));
  if (!from_preset.empty()) body += html(options.table(task, "In which they depart from their preset", from_preset));
  if (body.empty()) {
    body = fmt::format("<p>Every option is as in the preset <code>{}</code>.</p>\n",
                       escaped(task.groups.front().options().preset));
  }
  body += "<details><summary>All options</summary>\n" +
          html(options.table(task, "All options in force; bold where they depart from the preset", options.keys)) +
          "</details>\n";
  return section(id_of("options", task), "Configuration", body);
}

std::string runs_section(const Study& study) {
  Table table{"Each run, with the return of its test episodes",
              {"run", "configuration", "seed", "state", "steps", "last return", "best return", "time"},
              {},
              "wwnwnnnn"};
  for (const RunRecord& run : study.runs) table.rows.push_back(run_row(run, group_of(study, run)));
  std::string problems;
  for (const std::string& reason : study.left_out) problems += "<li>Left out: " + escaped(reason) + "</li>";
  for (const RunRecord& run : study.runs) {
    if (!run.options || run.progress.rows() == 0) continue;
    for (const std::string& problem : run.problems) problems += "<li>" + escaped(problem) + "</li>";
  }
  return section("runs", "Runs", html(table) + (problems.empty() ? "" : "<ul class=\"notes\">" + problems + "</ul>\n"));
}

std::string machines_section(const Study& study) {
  std::map<std::vector<std::string>, int> machines;
  for (const RunRecord& run : study.runs)
    machines[{run.version, run.processor, run.system, run.compiler, run.kernels}]++;
  Table table{"Where the runs were made", {"ddpg", "processor", "system", "compiler", "kernels", "runs"}, {}, "wwwwwn"};
  for (const auto& [machine, runs] : machines) {
    table.rows.emplace_back();
    for (const std::string& part : machine) table.rows.back().push_back(known(part));
    table.rows.back().push_back(std::to_string(runs));
  }
  std::string note;
  if (std::set<std::string> versions; std::any_of(machines.begin(), machines.end(), [&](const auto& machine) {
        versions.insert(machine.first.front());
        return versions.size() > 1;
      }))
    note =
        "<ul class=\"notes\"><li>These runs were made by different versions of ddpg, which may learn "
        "differently.</li></ul>\n";
  return section("machines", "Machine and version", html(table) + note);
}

std::string methods_section() {
  return section(
      "methods", "How this was computed",
      fmt::format(
          "<ul>\n<li>Runs with the same options, but for <code>seed</code> and <code>threads</code>, are one "
          "configuration. A seed "
          "that was run twice counts once.</li>\n"
          "<li>The return is that of the test episodes, without noise (<code>evaluation_mean_return</code>).</li>\n"
          "<li>Interquartile mean (IQM): the mean of the middle half of the seeds. Its interval is the central 95 % of "
          "the "
          "IQMs of {} resamples of the seeds along the curve, and of {} for the final score; the resamples are the "
          "same each "
          "time. Both as in Agarwal et al. 2021, arXiv:2108.13264.</li>\n"
          "<li>Where seeds were tested at different steps, each is taken between its neighbours in proportion, never "
          "beyond "
          "its last test.</li>\n"
          "<li>Final scores are taken at the largest step that every configuration has reached. A score that is the "
          "mean of several tests is that of the last ones up to there. Seeds that did not come so far, or have fewer "
          "tests, are not in them; those that a criterion (<code>stop.*</code>) ended before count with their last "
          "tests.</li>\n"
          "<li>P(X &gt; Y) is the share of all pairs of seeds in which X scores higher, ties counting one half; its "
          "interval is "
          "by bootstrap over both.</li>\n"
          "<li>What was not finite was left out. The std is that of the sample, between seeds.</li>\n</ul>\n",
          grouped(kCurveRepetitions), grouped(kScoreRepetitions)));
}

}  // namespace ddpg
