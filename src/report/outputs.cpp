#include "report/outputs.h"

#include <fmt/format.h>

#include <cmath>

#include "ddpg/error.h"
#include "report/charts.h"

namespace ddpg {
namespace {

std::string field(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : "";
}

std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::string curves_csv(const Study& study) {
  std::string text = std::string(kCurvesHeader) + "\n";
  for (const Task& task : study.tasks) {
    for (const RunGroup& group : task.groups) {
      for (const CurvePoint& point : group.curve)
        text +=
            fmt::format("{},{},{},{},{},{},{},{}\n", field(point.step), field(group.name), point.runs, field(point.iqm),
                        field(point.low), field(point.high), field(point.mean), field(point.deviation));
    }
  }
  return text;
}

std::string curves_png(const Study& study) {
  if (study.tasks.size() > 1) {
    throw UsageError(
        fmt::format("--png: one figure shows one environment, and these runs are of {} ({}, {}, ...); name runs of one",
                    study.tasks.size(), study.tasks[0].environment, study.tasks[1].environment));
  }
  const Chart chart = learning_curve(study.tasks.front());
  if (chart.lines.empty())
    throw UsageError("--png: these runs hold no evaluation, so that there is no learning curve to draw");
  Plot plot;
  return to_png(laid_out(chart, {.width = 640, .height = 400, .letters = 13, .line = 2, .with_title = true}, plot), 3);
}

}  // namespace ddpg
