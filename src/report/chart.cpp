#include "report/chart.h"
#include "support/shown.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ddpg {
namespace {

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool empty() const { return low > high; }
};

bool is_drawn(const Chart& chart, double value) {
  return std::isfinite(value) && (!chart.logarithmic || value > 0);
}

// In DejaVu Sans, the widest of the usual fonts, where it matters: a number that is cut at the edge is another number.
double estimated_width(const std::string& text, double letters) {
  double width = 0;
  for (const unsigned char c : text) {
    if ((c & 0xC0) == 0x80) continue;  // a character's further bytes
    width += c == ',' || c == '.' ? 0.32 : c >= '0' && c <= '9' ? 0.64 : c >= 0x80 ? 0.84 : 0.58;  // the minus
  }
  return width * letters;
}

Axis y_axis(const Chart& chart, int wanted) {
  Range range;
  for (const ChartLine& line : chart.lines) {
    for (const std::vector<double>* values : {&line.y, &line.low, &line.high})
      for (double value : *values)
        if (is_drawn(chart, value)) range.include(value);
  }
  if (range.empty()) return linear_axis(0, 1, wanted);
  if (chart.logarithmic) return logarithmic_axis(range.low / 1.15, range.high * 1.15, wanted);
  const bool near_zero = range.high <= 0 && -range.high < 0.15 * (range.high - range.low);
  if (chart.from_zero || near_zero) range.include(0);
  const double room = 0.05 * (range.high - range.low);  // so that no line runs along the edge
  return linear_axis(chart.from_zero && range.low == 0 ? 0 : range.low - room, range.high + room, wanted);
}

Axis x_axis(const Chart& chart, int wanted) {
  Range range;
  for (const ChartLine& line : chart.lines)
    for (double value : line.x) range.include(value);
  if (range.empty()) return step_axis(0, 1, wanted);
  return step_axis(std::min(0.0, range.low), range.high, wanted);
}

// Draws into a figure what belongs to a chart.
class Artist {
 public:
  Artist(Figure& figure, const Plot& plot, const Chart& chart, const ChartSize& size)
      : figure_(figure), plot_(plot), chart_(chart), size_(size) {}

  void axes() {
    for (const Tick& tick : plot_.y.ticks) {
      const double y = plot_.at_y(tick.value);
      line({{plot_.left, y}, {plot_.right, y}}, Role::grid, 1);
      words({plot_.left - 8, y + 0.35 * size_.letters}, tick.label, Role::muted, Anchor::end);
    }
    line({{plot_.left, plot_.bottom}, {plot_.right, plot_.bottom}}, Role::axis, 1);
    for (const Tick& tick : plot_.x.ticks) {
      const double x = plot_.at_x(tick.value);
      line({{x, plot_.bottom}, {x, plot_.bottom + 4}}, Role::axis, 1);
      const bool at_edge = x > plot_.right - 0.5 * size_.letters;
      words({at_edge ? plot_.right + 6 : x, plot_.bottom + 1.6 * size_.letters}, tick.label, Role::muted,
            at_edge ? Anchor::end : Anchor::middle);
    }
  }

  void labels() {
    words({plot_.right, size_.height - 0.35 * size_.letters}, "environment steps", Role::muted, Anchor::end);
    words({2, plot_.top - 0.95 * size_.letters}, chart_.y_label, Role::muted, Anchor::start);
  }

  void band(const ChartLine& curve) {
    std::vector<Point> upper, lower;
    for (std::size_t i = 0; i < curve.low.size(); i++) {
      if (is_drawn(chart_, curve.low[i]) && is_drawn(chart_, curve.high[i])) {
        upper.push_back({plot_.at_x(curve.x[i]), plot_.at_y(curve.high[i])});
        lower.push_back({plot_.at_x(curve.x[i]), plot_.at_y(curve.low[i])});
      } else {
        close_band(curve, upper, lower);
      }
    }
    close_band(curve, upper, lower);
  }

  void curve(const ChartLine& curve) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < curve.y.size(); i++) {
      if (is_drawn(chart_, curve.y[i])) points.push_back({plot_.at_x(curve.x[i]), plot_.at_y(curve.y[i])});
    }
    if (points.size() == 1) {
      figure_.marks.push_back({Mark::dot, Role::series, curve.colour, false, points, 1.6 * size_.line});
    } else if (!points.empty()) {
      figure_.marks.push_back({Mark::line, Role::series, curve.colour, curve.dashed, points, size_.line});
    }
  }

  // For a picture that stands alone; returns how high it is.
  double title_and_legend() {
    const double letters = size_.letters;
    words({2, 1.4 * letters}, chart_.title, Role::text, Anchor::start, 1.25 * letters, true);
    double x = 2, y = 3.2 * letters;
    for (const ChartLine& curve : chart_.lines) {
      const double width = 2.6 * letters + estimated_width(curve.name, letters) + 2 * letters;
      if (x > 2 && x + width > size_.width) {
        x = 2;
        y += 1.6 * letters;
      }
      figure_.marks.push_back({Mark::line,
                               Role::series,
                               curve.colour,
                               curve.dashed,
                               {{x, y - 0.35 * letters}, {x + 2 * letters, y - 0.35 * letters}},
                               1.4 * size_.line});
      words({x + 2.6 * letters, y}, curve.name, Role::text, Anchor::start);
      x += width;
    }
    return y + 0.6 * letters;
  }

 private:
  void close_band(const ChartLine& curve, std::vector<Point>& upper, std::vector<Point>& lower) {
    if (upper.size() > 1) {
      upper.insert(upper.end(), lower.rbegin(), lower.rend());
      figure_.marks.push_back({Mark::area, Role::band, curve.colour, false, upper});
    }
    upper.clear();
    lower.clear();
  }
  void line(std::vector<Point> points, Role role, double width) {
    figure_.marks.push_back({Mark::line, role, 0, false, std::move(points), width});
  }
  void words(Point at, const std::string& text, Role role, Anchor anchor, double letters = 0, bool bold = false) {
    figure_.marks.push_back(
        {Mark::words, role, 0, false, {at}, letters > 0 ? letters : size_.letters, text, anchor, bold});
  }

  Figure& figure_;
  const Plot& plot_;
  const Chart& chart_;
  const ChartSize& size_;
};

}  // namespace

Figure laid_out(const Chart& chart, const ChartSize& size, Plot& plot) {
  Figure figure{size.width, size.height, {}};
  Artist artist(figure, plot, chart, size);
  const double head = size.with_title ? artist.title_and_legend() : 0;
  plot.top = head + 2.2 * size.letters;
  plot.bottom = size.height - 3.4 * size.letters;
  plot.right = size.width - 10;
  plot.y = y_axis(chart, std::clamp(static_cast<int>((plot.bottom - plot.top) / (3.6 * size.letters)), 2, 5));
  plot.left = 0;
  for (const Tick& tick : plot.y.ticks) plot.left = std::max(plot.left, estimated_width(tick.label, size.letters) + 12);
  plot.x = x_axis(chart, std::clamp(static_cast<int>((plot.right - plot.left) / (7 * size.letters)), 2, 6));
  artist.axes();
  artist.labels();
  for (const ChartLine& line : chart.lines) artist.band(line);
  for (const ChartLine& line : chart.lines) artist.curve(line);
  return figure;
}

Figure intervals(const std::vector<IntervalRow>& rows, const std::string& x_label, double width) {
  constexpr double kLetters = 12, kRow = 46, kFoot = 40;
  Figure figure{width, static_cast<double>(rows.size()) * kRow + kFoot, {}};
  Range range;
  for (const IntervalRow& row : rows) {
    for (double value : {row.middle, row.low, row.high}) range.include(value);
    for (double value : row.values) range.include(value);
  }
  const Axis x = range.empty() ? linear_axis(0, 1, 4)
                               : linear_axis(range.low, range.high, std::max(2, static_cast<int>(width / 110)));
  const double left = 24, right = width - 24, bottom = figure.height - kFoot;
  const auto at = [&](double value) { return left + x.share(value) * (right - left); };
  const auto add = [&](Mark mark) { figure.marks.push_back(std::move(mark)); };
  for (const Tick& tick : x.ticks) {
    add({Mark::line, Role::grid, 0, false, {{at(tick.value), 4}, {at(tick.value), bottom}}, 1});
    add({Mark::words, Role::muted, 0, false, {{at(tick.value), bottom + 16}}, kLetters, tick.label, Anchor::middle});
  }
  add({Mark::words, Role::muted, 0, false, {{right, bottom + 34}}, kLetters, x_label, Anchor::end});
  double y = 0;
  for (const IntervalRow& row : rows) {
    const double line = y + 32;
    add({Mark::words, Role::text, 0, false, {{2, y + 15}}, kLetters, row.name, Anchor::start});
    if (std::isfinite(row.low) && std::isfinite(row.high))
      add({Mark::area,
           Role::band,
           row.colour,
           false,
           {{at(row.low), line - 7}, {at(row.high), line - 7}, {at(row.high), line + 7}, {at(row.low), line + 7}}});
    for (double value : row.values)
      if (std::isfinite(value)) add({Mark::dot, Role::muted, 0, false, {{at(value), line}}, 3});
    if (std::isfinite(row.middle))
      add({Mark::line, Role::series, row.colour, false, {{at(row.middle), line - 9}, {at(row.middle), line + 9}}, 3});
    y += kRow;
  }
  return figure;
}

}  // namespace ddpg
