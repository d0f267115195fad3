// Lines with fewer points that look the same.
#pragma once

#include <vector>

#include "draw/drawing.h"

namespace ddpg {

/// The points of `line` that keep every left-out one within `tolerance` of the rest (Douglas and Peucker 1973); the
/// first and the last stay.
std::vector<Point> simplified(const std::vector<Point>& line, double tolerance);

}  // namespace ddpg
