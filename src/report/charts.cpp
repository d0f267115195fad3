#include "report/charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "record/metrics.h"

namespace ddpg {
namespace {

constexpr std::size_t kMostPoints = 200;       // of a line of diagnostics
constexpr std::size_t kMostCurvePoints = 500;  // of a learning curve; its table has all

struct DrawnMetric {
  std::string title;
  std::string y_label;
  std::vector<std::string> columns;  // the second is drawn dashed
  std::string meaning;
  bool logarithmic = false, from_zero = false;
};

const std::vector<DrawnMetric>& drawn_metrics() {
  static const std::vector<DrawnMetric> all = {
      {"Predicted and true return",
       "discounted return",
       {"evaluation_predicted_q", "evaluation_discounted_return"},
       "Solid: what the critic predicts along the test episodes. Dashed: the discounted return obtained from there. "
       "Solid above dashed is over-estimation."},
      {"Training return",
       "return of an episode",
       {"training_return"},
       "Mean return, with noise, of the training episodes finished since the row before."},
      {"Episode length", "steps", {"evaluation_mean_length"}, "Mean length of the test episodes.", false, true},
      {"Critic loss", "mean squared error", {"critic_loss"}, "Mean squared Bellman error of the minibatches.", true},
      {"Actor loss", "\u2212Q", {"actor_loss"}, "\u2212mean Q(s, \u03bc(s)) of the minibatches."},
      {"Q in the minibatches",
       "Q",
       {"mean_q", "mean_target"},
       "Solid: mean Q(s, a). Dashed: mean of the targets y it is trained towards."},
      {"Saturation",
       "share of components",
       {"saturated_share"},
       "Share of the components of \u03bc(s) beyond 99 % of the half-range. Near 1 the actor's gradient is gone.",
       false,
       true},
      {"Exploration noise",
       "\u03c3, half-ranges",
       {"exploration_sigma"},
       "Scale of the noise on the action.",
       false,
       true},
      {"Critic gradient", "L2 norm", {"critic_gradient_norm"}, "Before clipping, of the last update of a row.", true},
      {"Actor gradient", "L2 norm", {"actor_gradient_norm"}, "Before clipping, of the last update of a row.", true},
      {"Environment steps per second",
       "steps/s",
       {"steps_per_second"},
       "Since the row before, evaluation left out; only where updates were made.",
       false,
       true},
      {"Updates per second",
       "updates/s",
       {"updates_per_second"},
       "Since the row before, evaluation left out.",
       false,
       true},
  };
  return all;
}

// What the tasks measure themselves, of all runs.
std::vector<DrawnMetric> metrics_of_task(const Task& task) {
  const std::string of_tests = kEvaluationMetric, of_training = kTrainingMetric;
  std::vector<DrawnMetric> found;
  for (const RunGroup& group : task.groups)
    for (const RunRecord* run : group.runs)
      for (const std::string& column : run->progress.names()) {
        if (!column.starts_with(of_tests)) continue;
        const std::string name = column.substr(of_tests.size());
        if (std::ranges::any_of(found, [&](const DrawnMetric& one) { return one.title == name; })) continue;
        found.push_back(
            {name,
             name,
             {column, of_training + name},
             "The task's own metric. Solid: mean over the test episodes. Dashed: over the training episodes "
             "finished since the row before."});
      }
  return found;
}

std::vector<DrawnMetric> drawn_for(const Task& task) {
  std::vector<DrawnMetric> all = metrics_of_task(task);
  all.insert(all.end(), drawn_metrics().begin(), drawn_metrics().end());
  return all;
}

ChartLine line_of(const RunGroup& group, int colour, const std::string& column, bool dashed, bool with_band) {
  const auto points = aggregate(group.curves(column), Band::none, kMostPoints);
  ChartLine line{group.label, colour, dashed, {}, {}, {}, {}};
  for (const CurvePoint& point : points) {
    line.x.push_back(point.step);
    line.y.push_back(point.iqm);
    if (!with_band || group.runs.size() < 2) continue;
    line.low.push_back(point.runs > 1 ? point.min : NAN);
    line.high.push_back(point.runs > 1 ? point.max : NAN);
  }
  return line;
}

Diagnostic diagnostic(const Task& task, const DrawnMetric& metric) {
  Diagnostic result{{metric.title, metric.y_label, {}, metric.logarithmic, metric.from_zero}, "", metric.meaning};
  for (std::size_t c = 0; c < metric.columns.size(); c++) {
    result.columns += (c == 0 ? "" : ", ") + metric.columns[c];
    for (std::size_t g = 0; g < task.groups.size(); g++) {
      ChartLine line = line_of(task.groups[g], static_cast<int>(g), metric.columns[c], c > 0, c == 0);
      if (metric.columns.size() > 1) line.name += fmt::format(": {}", metric.columns[c]);
      if (!line.x.empty()) result.chart.lines.push_back(std::move(line));
    }
  }
  return result;
}

}  // namespace

Chart learning_curve(const Task& task) {
  Chart chart{task.environment, "mean return of the test episodes", {}};
  for (std::size_t g = 0; g < task.groups.size(); g++) {
    const RunGroup& group = task.groups[g];
    ChartLine line{group.label, static_cast<int>(g), g >= kSeriesColours, {}, {}, {}, {}};
    const std::size_t all = group.curve.size(), shown = std::min(all, kMostCurvePoints);
    for (std::size_t i = 0; i < shown; i++) {
      const CurvePoint& point = group.curve[shown < 2 ? 0 : i * (all - 1) / (shown - 1)];
      line.x.push_back(point.step);
      line.y.push_back(point.iqm);
      line.low.push_back(point.low);
      line.high.push_back(point.high);
    }
    if (!line.x.empty()) chart.lines.push_back(std::move(line));
  }
  return chart;
}

std::vector<Diagnostic> diagnostics(const Task& task) {
  std::vector<Diagnostic> all;
  for (const DrawnMetric& metric : drawn_for(task)) {
    Diagnostic one = diagnostic(task, metric);
    if (!one.chart.lines.empty()) all.push_back(std::move(one));
  }
  return all;
}

std::vector<std::string> diagnostic_columns(const Task& task) {
  std::vector<std::string> columns;
  for (const DrawnMetric& metric : drawn_for(task))
    columns.insert(columns.end(), metric.columns.begin(), metric.columns.end());
  return columns;
}

std::vector<IntervalRow> score_rows(const Task& task) {
  std::vector<IntervalRow> rows;
  for (std::size_t g = 0; g < task.groups.size(); g++) {
    const RunGroup& group = task.groups[g];
    if (!group.scores.empty())
      rows.push_back(
          {group.label, static_cast<int>(g), group.iqm, group.interval.low, group.interval.high, group.scores});
  }
  return rows;
}

}  // namespace ddpg
