#include "report/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "ddpg/version.h"
#include "record/text.h"
#include "report/html.h"
#include "report/numbers.h"
#include "report/page_parts.h"
#include "support/stop.h"

namespace ddpg {
namespace {

constexpr const char* kGenerator = "<meta name=\"generator\" content=\"ddpg report";

struct Tile {
  std::string label, value, note;  // HTML
};

std::string tiles(const std::vector<Tile>& all) {
  std::string text = "<dl class=\"tiles\">\n";
  for (const Tile& tile : all)
    text += fmt::format("<div><dt>{}</dt><dd><strong>{}</strong><span>{}</span></dd></div>\n", tile.label, tile.value,
                        tile.note);
  return text + "</dl>\n";
}

const RunGroup* best_group(const Task& task) {
  const RunGroup* best = nullptr;
  for (const RunGroup& group : task.groups) {
    if (!group.scores.empty() && (best == nullptr || group.iqm > best->iqm)) best = &group;
  }
  return best;
}

Tile score_tile(const Task& task) {
  const RunGroup* best = best_group(task);
  if (best == nullptr)
    return {
        "Final score", "\u2013",
        task.of_evaluations == 1 ? "no test episodes yet" : fmt::format("fewer than {} tests", task.of_evaluations)};
  const std::string where = fmt::format("{} {} steps", task.of_evaluations == 1 ? "at" : last_tests(task) + ", up to",
                                        grouped(std::llround(task.score_step)));
  const std::string range = std::isnan(best->interval.low) ? "one seed, no interval"
                                                           : fmt::format("95 %: {} to {}", readable(best->interval.low),
                                                                         readable(best->interval.high));
  const std::string whose = task.groups.size() > 1 ? fmt::format("{}<br/>", group_name(task, *best)) : "";
  return {task.groups.size() > 1 ? "Best final score" : "Final score", readable(best->iqm),
          whose + where + "<br/>" + range};
}

Tile runs_tile(const Task& task) {
  std::size_t all = 0, finished = 0;
  for (const RunGroup& group : task.groups) {
    all += group.runs.size();
    finished += static_cast<std::size_t>(std::count_if(
        group.runs.begin(), group.runs.end(), [](const RunRecord* run) { return run->state == RunState::finished; }));
  }
  const std::string groups = task.groups.size() > 1 ? fmt::format("{} configurations<br/>", task.groups.size()) : "";
  return {all == 1 ? "Run" : "Runs", fmt::format("{}", all),
          groups + (finished == all ? "all finished" : fmt::format("{} finished", finished))};
}

Tile steps_tile(const Task& task) {
  std::int64_t steps = 0;
  double seconds = 0;
  for (const RunGroup& group : task.groups) {
    for (const RunRecord* run : group.runs) {
      steps += run->steps_done;
      seconds += std::isfinite(run->seconds) ? run->seconds : 0;
    }
  }
  return {"Environment steps", short_count(static_cast<double>(steps)),
          fmt::format("in all, in {} of training", human_seconds(seconds))};
}

Tile speed_tile(const Task& task) {
  std::vector<double> speeds;
  for (const RunGroup& group : task.groups) {
    for (Curve& curve : group.curves("steps_per_second")) {
      std::sort(curve.values.begin(), curve.values.end());
      speeds.push_back(quantile(curve.values, 0.5));
    }
  }
  std::sort(speeds.begin(), speeds.end());
  return {"Throughput", speeds.empty() ? "\u2013" : readable(std::round(quantile(speeds, 0.5))),
          "environment steps/s while learning, median"};
}

std::string title_of(const Study& study) {
  std::string title;
  for (const Task& task : study.tasks) title += (title.empty() ? "" : ", ") + task.environment;
  return title;
}

std::string head(const std::string& title) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta "
      "charset=\"utf-8\"/>\n{} {}\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "script-src 'unsafe-inline'; img-src data:\"/>\n"
      "<title>{} \u00b7 ddpg report</title>\n<style>/*<![CDATA[*/\n{}/*]]>*/</style>\n</head>\n",
      kGenerator, kVersion, escaped(title), page_style());
}

std::string task_head(const Study& study, const Task& task) {
  const char* level = study.tasks.size() == 1 ? "h1" : "h2";
  std::string names;
  for (const RunGroup& group : task.groups) names += fmt::format("<li>{}</li>", group_name(task, group));
  return fmt::format("<header class=\"task\"><{0}>{1}</{0}>\n<ul class=\"legend\">{2}</ul></header>\n{3}", level,
                     escaped(task.environment), names,
                     tiles({score_tile(task), runs_tile(task), steps_tile(task), speed_tile(task)}));
}

std::string task_body(const Study& study, const Task& task, const PageOptions& options) {
  throw_if_stopped(options.stop, "a report");
  std::string body = task_head(study, task) + learning_section(task) + scores_section(task);
  if (options.episodes) body += episode_section(task, options.stop);
  throw_if_stopped(options.stop, "a report");
  return body + diagnostic_section(task) + options_section(task);
}

std::string footer(const PageOptions& options) {
  return fmt::format("<footer>ddpg {}{}. This page needs no network and loads nothing.</footer>\n", kVersion,
                     options.made.empty() ? "" : ", " + escaped(options.made));
}

}  // namespace

std::string id_of(const char* part, const Task& task) {
  std::string id = std::string(part) + "-";
  for (char c : task.environment) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) id += c;
  }
  return id;
}

std::string section(const std::string& id, const std::string& title, const std::string& body) {
  return fmt::format(
      "<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}</h2>\n{2}</section>\n", escaped(id),
      escaped(title), body);
}

std::string last_tests(const Task& task) {
  return fmt::format("mean of the last {} tests", task.of_evaluations);
}

std::string group_name(const Task& task, const RunGroup& group) {
  return fmt::format("<span class=\"group\"><span class=\"swatch k{}\"></span>{}</span>",
                     (&group - task.groups.data()) % kSeriesColours, escaped(group.label));
}

std::string html_page(const Study& study, const PageOptions& options) {
  const std::string title = title_of(study);
  std::string body;
  if (study.tasks.size() > 1) body += fmt::format("<h1>{}</h1>\n", escaped(title));
  for (const Task& task : study.tasks) body += task_body(study, task, options);
  body += runs_section(study) + machines_section(study) + methods_section() + footer(options);
  return head(title) + "<body>\n<main>\n" + body + "</main>\n<script>/*<![CDATA[*/\n" + page_script() +
         "/*]]>*/</script>\n</body>\n</html>\n";
}

bool is_report_page(std::string_view text) {
  return text.substr(0, 400).find(kGenerator) != std::string_view::npos;
}

}  // namespace ddpg
