#include "report/polyline.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ddpg {
namespace {

// From p to the straight piece between a and b.
double distance(const Point& p, const Point& a, const Point& b) {
  const double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  const double along = length > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length : 0;
  const double t = std::clamp(along, 0.0, 1.0);
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

}  // namespace

std::vector<Point> simplified(const std::vector<Point>& line, double tolerance) {
  if (line.size() < 3) return line;
  std::vector<bool> kept(line.size(), false);
  kept.front() = kept.back() = true;
  std::vector<std::pair<std::size_t, std::size_t>> pieces = {{0, line.size() - 1}};
  while (!pieces.empty()) {
    const auto [from, to] = pieces.back();
    pieces.pop_back();
    std::size_t farthest = from;
    double most = tolerance;
    for (std::size_t i = from + 1; i < to; i++) {
      if (const double d = distance(line[i], line[from], line[to]); d > most) {
        most = d;
        farthest = i;
      }
    }
    if (farthest == from) continue;
    kept[farthest] = true;
    pieces.emplace_back(from, farthest);
    pieces.emplace_back(farthest, to);
  }
  std::vector<Point> left;
  for (std::size_t i = 0; i < line.size(); i++) {
    if (kept[i]) left.push_back(line[i]);
  }
  return left;
}

}  // namespace ddpg
