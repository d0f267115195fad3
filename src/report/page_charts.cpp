// The parts of a page that show curves and scores.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "record/text.h"
#include "report/charts.h"
#include "report/html.h"
#include "report/numbers.h"
#include "report/page_parts.h"

namespace ddpg {
namespace {

std::string plot_attributes(const Plot& plot, const char* kind) {
  return fmt::format(
      "class=\"{}\" tabindex=\"0\" data-plot=\"[{:.1f},{:.1f},{:.1f},{:.1f},{:.9g},{:.9g},{:.9g},{:.9g},{}]\"", kind,
      plot.left, plot.top, plot.right, plot.bottom, plot.x.low, plot.x.high, plot.y.low, plot.y.high,
      plot.y.logarithmic ? 1 : 0);
}

std::string drawn(const Chart& chart, const ChartSize& size, const char* kind, const std::string& label) {
  Plot plot;
  const Figure figure = laid_out(chart, size, plot);
  return svg(figure, label, plot_attributes(plot, kind));
}

// The numbers for the read-out: steps, and of each line name, colour, dashes, values and band.
std::string readings(const Chart& chart) {
  std::string lines;
  for (const ChartLine& line : chart.lines) {
    lines += fmt::format("{}{{\"name\":{},\"colour\":{},\"dashed\":{},\"x\":{},\"y\":{}", lines.empty() ? "" : ",\n",
                         script_text(line.name), line.colour % kSeriesColours, line.dashed, script_numbers(line.x),
                         script_numbers(line.y));
    if (!line.low.empty())
      lines += fmt::format(",\"low\":{},\"high\":{}", script_numbers(line.low), script_numbers(line.high));
    lines += "}";
  }
  return "<script type=\"application/json\">[" + lines + "]</script>\n";
}

std::string how_much_it_means(const RunGroup& group) {
  const std::size_t n = group.scores.size();
  if (n == 0) return "";
  if (n == 1)
    return "One seed: the curve stands alone, without a band. What one seed says of the configuration is little.";
  if (n < 5)
    return fmt::format(
        "{} seeds: the band is drawn, but means little; of so few runs it reaches from the worst to the best. "
        "Five seeds are a beginning, ten are better.",
        n);
  return "";
}

std::string curve_notes(const Task& task) {
  std::vector<std::string> notes;
  for (const RunGroup& group : task.groups) {
    const std::string named = task.groups.size() > 1 ? group.label + ": " : "";
    if (group.curve.empty()) notes.push_back(named + "no test episodes were played yet.");
    if (const std::string note = how_much_it_means(group); !note.empty()) notes.push_back(named + note);
    if (!group.curve.empty() && group.scores.size() < group.runs.size())
      notes.push_back(
          fmt::format("{}{} of {} seeds came to step {}{}{} and count in its score; the others are in the curve as "
                      "far as they came.",
                      named, group.scores.size(), group.runs.size(), grouped(std::llround(task.score_step)),
                      task.of_evaluations == 1 ? "" : fmt::format(" with {} tests", task.of_evaluations),
                      group.ended_before == 0 ? "" : " or were ended by a criterion before it"));
    if (group.ended_before > 0)
      notes.push_back(fmt::format("{}a criterion (stop.*) ended {} before step {}: the last tests count.", named,
                                  counted(static_cast<std::int64_t>(group.ended_before), "seed"),
                                  grouped(std::llround(task.score_step))));
    if (!group.repeated.empty())
      notes.push_back(fmt::format("{}{} of a seed that is there already: shown among the runs, counted once.", named,
                                  counted(static_cast<std::int64_t>(group.repeated.size()), "run")));
  }
  std::string list;
  for (const std::string& note : notes) list += "<li>" + escaped(note) + "</li>";
  return list.empty() ? "" : "<ul class=\"notes\">" + list + "</ul>\n";
}

// The curves at about ten steps, for readers of tables.
std::string curve_table(const Task& task) {
  constexpr std::size_t kRows = 10;
  Table table{"Learning curve: interquartile mean of the mean return, with its 95 % interval", {"step"}, {}, "n"};
  std::vector<double> steps;
  for (const RunGroup& group : task.groups) {
    table.columns.push_back(group.label);
    table.numeric += 'n';
    for (const CurvePoint& point : group.curve) steps.push_back(point.step);
  }
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  const std::size_t rows = std::min(kRows, steps.size() - 1) + 1;
  for (std::size_t r = 0; r < rows; r++) {
    const double step = steps[rows == 1 ? 0 : r * (steps.size() - 1) / (rows - 1)];
    std::vector<std::string> row = {grouped(std::llround(step))};
    for (const RunGroup& group : task.groups) {
      const auto point =
          std::find_if(group.curve.begin(), group.curve.end(), [&](const CurvePoint& p) { return p.step == step; });
      if (point == group.curve.end())
        row.emplace_back("\u2013");
      else if (std::isnan(point->low))
        row.push_back(readable(point->iqm));
      else
        row.push_back(fmt::format("{} <small>{} to {}</small>", readable(point->iqm), readable(point->low),
                                  readable(point->high)));
    }
    table.rows.push_back(row);
  }
  return "<details><summary>The curve as a table</summary>\n" + html(table) + "</details>\n";
}

std::string range(const Interval& interval, bool share) {
  if (std::isnan(interval.low)) return "\u2013";
  if (share) return fmt::format("{} to {}", per_cent(interval.low), per_cent(interval.high));
  return fmt::format("{} to {}", readable(interval.low), readable(interval.high));
}

std::string score_table(const Task& task) {
  const std::string what = task.of_evaluations == 1 ? "" : ": " + last_tests(task);
  Table table{fmt::format("Score at step {}{}", grouped(std::llround(task.score_step)), what),
              {"configuration", "seeds", "IQM", "95 % interval", "mean", "std", "worst", "best"},
              {},
              "wnnnnnnn"};
  for (const RunGroup& group : task.groups) {
    if (group.scores.empty()) continue;
    const auto [worst, best] = std::minmax_element(group.scores.begin(), group.scores.end());
    table.rows.push_back({group_name(task, group), std::to_string(group.scores.size()),
                          "<strong>" + readable(group.iqm) + "</strong>", range(group.interval, false),
                          readable(group.mean), readable(group.deviation), readable(*worst), readable(*best)});
  }
  return html(table);
}

std::string comparison_table(const Task& task) {
  if (task.comparisons.empty()) return "";
  Table table{"Probability of improvement: how often a seed of X scores above a seed of Y",
              {"X", "Y", "P(X > Y)", "95 % interval"},
              {},
              "wwnn"};
  for (const Comparison& pair : task.comparisons) {
    if (pair.probability < 0.5 || (pair.probability == 0.5 && pair.x > pair.y)) continue;  // its mirror image is shown
    table.rows.push_back({group_name(task, task.groups[pair.x]), group_name(task, task.groups[pair.y]),
                          "<strong>" + per_cent(pair.probability) + "</strong>", range(pair.interval, true)});
  }
  return html(table);
}

// The interquartile mean of the last values of the column; NaN when no run measured it.
double last_value(const RunGroup& group, const std::string& column) {
  std::vector<double> values;
  for (const Curve& curve : group.curves(column)) values.push_back(curve.values.back());
  return interquartile_mean(values);
}

std::string last_values_table(const Task& task) {
  Table table{"Last values, interquartile mean over the seeds", {"metric"}, {}, "w"};
  for (const RunGroup& group : task.groups) {
    table.columns.push_back(group.label);
    table.numeric += 'n';
  }
  for (const std::string& column : diagnostic_columns(task)) {
    std::vector<std::string> row = {"<code>" + escaped(column) + "</code>"};
    bool measured = false;
    for (const RunGroup& group : task.groups) {
      const double value = last_value(group, column);
      measured = measured || !std::isnan(value);
      row.push_back(readable(value));
    }
    if (measured) table.rows.push_back(row);
  }
  table.rows.push_back({"over-estimation: predicted \u2212 true"});
  for (const RunGroup& group : task.groups)
    table.rows.back().push_back(
        readable(last_value(group, "evaluation_predicted_q") - last_value(group, "evaluation_discounted_return")));
  return "<details><summary>The last values as a table</summary>\n" + html(table) + "</details>\n";
}

}  // namespace

std::string learning_section(const Task& task) {
  const Chart chart = learning_curve(task);
  if (chart.lines.empty()) return section(id_of("curve", task), "Learning curve", curve_notes(task));
  const std::string label = "Learning curve on " + task.environment;
  const bool band =
      std::any_of(task.groups.begin(), task.groups.end(), [](const RunGroup& g) { return g.runs.size() > 1; });
  const std::string what =
      band ? "Line: interquartile mean over the seeds. Band: its 95 % interval by stratified bootstrap."
           : "Mean return of the test episodes, played without noise.";
  return section(
      id_of("curve", task), "Learning curve",
      fmt::format("<figure class=\"chart main\">\n{}{}{}<figcaption>{}</figcaption></figure>\n{}{}",
                  drawn(chart, {960, 400, 13, 2.2}, "wide", label), drawn(chart, {380, 300, 12, 2}, "narrow", label),
                  readings(chart), what, curve_notes(task), curve_table(task)));
}

std::string scores_section(const Task& task) {
  const std::vector<IntervalRow> rows = score_rows(task);
  if (rows.empty()) return "";
  std::string figure;
  if (rows.size() > 1 || rows.front().values.size() > 1) {
    const std::string label =
        task.of_evaluations == 1 ? "return at the last common step" : last_tests(task) + ", up to the last common step";
    figure = fmt::format(
        "<figure class=\"chart\">\n{}{}<figcaption>Bar: 95 % interval of the interquartile mean, which the "
        "upright line marks. Dots: the seeds.</figcaption></figure>\n",
        svg(intervals(rows, label, 960), label, "class=\"wide\""),
        svg(intervals(rows, label, 380), label, "class=\"narrow\""));
  }
  return section(id_of("scores", task), "Final score", figure + score_table(task) + comparison_table(task));
}

std::string diagnostic_section(const Task& task) {
  std::string figures;
  for (const Diagnostic& one : diagnostics(task)) {
    figures += fmt::format(
        "<figure class=\"chart\">\n<h3>{}</h3>\n<p class=\"columns\"><code>{}</code></p>\n{}{}"
        "<figcaption>{}</figcaption></figure>\n",
        escaped(one.chart.title), escaped(one.columns), drawn(one.chart, {440, 230, 12, 1.7}, "small", one.chart.title),
        readings(one.chart), escaped(one.meaning));
  }
  const char* many = "<p>Lines: interquartile mean over the seeds. Bands: from the lowest seed to the highest.</p>\n";
  const bool several =
      std::any_of(task.groups.begin(), task.groups.end(), [](const RunGroup& g) { return g.runs.size() > 1; });
  return section(
      id_of("learning", task), "Inside the learning",
      (several ? std::string(many) : "") + "<div class=\"grid\">\n" + figures + "</div>\n" + last_values_table(task));
}

}  // namespace ddpg
