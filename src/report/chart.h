// Charts: lines with bands over environment steps, and intervals side by side; laid out as figures. Not here: what is
// charted (page_charts.cpp), and how a figure becomes SVG (html.h) or PNG (draw/figure.h).
#pragma once

#include <string>
#include <vector>

#include "draw/figure.h"
#include "report/axis.h"

namespace ddpg {

struct ChartLine {
  std::string name;
  int colour = 0;
  bool dashed = false;
  std::vector<double> x, y;
  std::vector<double> low, high;  ///< of the band, NaN where there is none; or empty
};

struct Chart {
  std::string title;
  std::string y_label;  ///< with its unit, above the axis
  std::vector<ChartLine> lines;
  bool logarithmic = false;  ///< y; what is not > 0 is left out
  bool from_zero = false;    ///< y begins at 0
};

/// Where the numbers of a chart lie in its figure.
struct Plot {
  double left = 0, top = 0, right = 0, bottom = 0;
  Axis x, y;

  double at_x(double value) const { return left + x.share(value) * (right - left); }
  double at_y(double value) const { return bottom - y.share(value) * (bottom - top); }
};

struct ChartSize {
  double width = 400, height = 230;
  double letters = 12;      ///< height of the words
  double line = 1.8;        ///< width of the lines
  bool with_title = false;  ///< title and legend in the figure itself, for a picture that stands alone
};

/// The chart as a figure, and where its numbers lie.
Figure laid_out(const Chart& chart, const ChartSize& size, Plot& plot);

/// One row of a chart of intervals: the middle as a dot, its interval as a bar, and the single values as small dots.
struct IntervalRow {
  std::string name;
  int colour = 0;
  double middle = 0, low = 0, high = 0;  ///< low and high NaN: no bar
  std::vector<double> values;
};

Figure intervals(const std::vector<IntervalRow>& rows, const std::string& x_label, double width);

}  // namespace ddpg
