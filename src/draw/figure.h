// A figure as a value: lines, areas and words in pixels, y down, each with a role instead of a colour. So one figure
// becomes SVG that follows the reader's light or dark (report/html.h) and a picture for a paper (to_png). Not here:
// what the figures say (report/chart.h).
#pragma once

#include <string>
#include <vector>

#include "draw/drawing.h"

namespace ddpg {

enum class Role { grid, axis, text, muted, series, band };
enum class Anchor { start, middle, end };

struct Mark {
  enum Kind { line, area, dot, words };

  Kind kind = line;
  Role role = Role::grid;
  int series = 0;  ///< for Role::series and Role::band: which of the colours
  bool dashed = false;
  std::vector<Point> points;  ///< a dot's centre, the place of the words
  double size = 1;            ///< width of the line, radius of the dot, height of the words
  std::string text{};         ///< UTF-8
  Anchor anchor = Anchor::start;
  bool bold = false;
};

struct Figure {
  double width = 0, height = 0;
  std::vector<Mark> marks;
};

/// Colours that people with any kind of colour vision tell apart; after the last the first comes again.
inline constexpr int kSeriesColours = 8;

/// The figure as a PNG file, `scale` pixels to one of its own, on white. In cairo/, or, where ddpg was built without
/// Cairo, in no_cairo.cpp, which throws Error and names the package.
std::string to_png(const Figure& figure, double scale);

}  // namespace ddpg
