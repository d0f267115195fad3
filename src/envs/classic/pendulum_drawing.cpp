// What Pendulum-v1 looks like: the rod with its weight, and the torque as an arc around the pivot.
#include <cmath>

#include "draw/drawing.h"
#include "envs/classic/pendulum.h"
#include "support/math.h"

namespace ddpg {
namespace {

constexpr Colour kRod{0.80, 0.30, 0.30}, kWeight{0.62, 0.16, 0.18}, kPivot{0.15, 0.15, 0.17};
constexpr Colour kTorque{0.16, 0.42, 0.70}, kGuide{0.90, 0.91, 0.93};

// Where the end of the rod is; 0 is upright, positive counterclockwise, as in Gymnasium's picture.
Point on_circle(double angle, double radius) {
  return {-radius * pinned_sin(angle), radius * pinned_cos(angle)};
}

std::vector<Point> arc(double from, double to, double radius) {
  constexpr int kPieces = 48;
  std::vector<Point> points;
  for (int i = 0; i <= kPieces; i++) points.push_back(on_circle(from + (to - from) * i / kPieces, radius));
  return points;
}

// An arc from the top whose length shows the torque and whose head its direction.
void add_torque(Drawing& drawing, double torque) {
  constexpr double kRadius = 0.32, kLength = 0.9, kHead = 0.09;  // kLength: radians for each N m
  if (std::abs(torque) < 0.05) return;
  const double end = kLength * torque;
  const double ahead = torque > 0 ? kHead / kRadius : -kHead / kRadius;
  drawing.line(arc(0, end, kRadius), 0.035, kTorque);
  drawing.area(
      {on_circle(end, kRadius - kHead), on_circle(end, kRadius + kHead), on_circle(end + 1.6 * ahead, kRadius)},
      kTorque);
}

}  // namespace

Drawing Pendulum::drawing() const {
  Drawing drawing{.view = {{0, 0}, 2.6, 2.6}};
  const Point end = on_circle(angle_, 1);
  drawing.line(arc(0, 6.2831853, 1), 0.012, kGuide);   // where the weight can be
  drawing.line({{0, 1.06}, {0, 1.16}}, 0.02, kGuide);  // and where it should be
  drawing.line({{0, 0}, end}, 0.1, kRod);
  drawing.disc(end, 0.13, kWeight);
  add_torque(drawing, torque_);
  drawing.disc({0, 0}, 0.055, kPivot);
  return drawing;
}

void Pendulum::draw_state(Picture& picture, const std::string&) const {
  paint(drawing(), picture);
}

}  // namespace ddpg
