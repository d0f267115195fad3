// What MountainCarContinuous-v0 looks like: the valley, the flag at the goal, and the car. The height of the road is
// Gymnasium's, 0.45 sin(3 x) + 0.55.
#include "draw/drawing.h"
#include "envs/classic/mountain_car_continuous.h"
#include "support/math.h"

#include <cmath>

namespace ddpg {
namespace {

constexpr double kLeft = -1.2, kRight = 0.6, kGoal = 0.45;
constexpr Colour kSky{0.88, 0.94, 0.99}, kGround{0.55, 0.66, 0.44}, kRoad{0.30, 0.34, 0.28};
constexpr Colour kBody{0.78, 0.22, 0.20}, kGlass{0.93, 0.95, 0.97}, kWheel{0.15, 0.15, 0.17};
constexpr Colour kPole{0.25, 0.25, 0.27}, kFlag{0.95, 0.75, 0.15};

double height(double x) {
  return 0.45 * pinned_sin(3 * x) + 0.55;
}

// The angle of the road, from its slope 1.35 cos(3 x).
double inclination(double x) {
  return std::atan(1.35 * pinned_cos(3 * x));
}

std::vector<Point> road(double from, double to) {
  constexpr int kPieces = 200;
  std::vector<Point> points;
  for (int i = 0; i <= kPieces; i++) {
    const double x = from + (to - from) * i / kPieces;
    points.push_back({x, height(x)});
  }
  return points;
}

void add_ground(Drawing& drawing) {
  std::vector<Point> ground = road(kLeft - 1, kRight + 1);
  ground.push_back({kRight + 1, -1});
  ground.push_back({kLeft - 1, -1});
  drawing.area(ground, kGround);
  drawing.line(road(kLeft - 1, kRight + 1), 0.012, kRoad);
  drawing.line({{kLeft - 0.05, height(kLeft)}, {kLeft - 0.05, height(kLeft) + 0.16}}, 0.02, kPole);  // the wall
}

void add_flag(Drawing& drawing) {
  const double foot = height(kGoal), top = foot + 0.22;
  drawing.line({{kGoal, foot}, {kGoal, top}}, 0.01, kPole);
  drawing.area({{kGoal, top}, {kGoal + 0.1, top - 0.035}, {kGoal, top - 0.07}}, kFlag);
}

void add_car(Drawing& drawing, double x) {
  constexpr double kWheelRadius = 0.024;
  const double angle = inclination(x);
  const Point foot{x, height(x) + 0.006};
  const auto at = [&](double along, double above) { return placed({along, above}, angle, foot); };
  drawing.area({at(-0.085, 0.025), at(0.085, 0.025), at(0.085, 0.06), at(0.045, 0.068), at(0.02, 0.1), at(-0.055, 0.1),
                at(-0.08, 0.065)},
               kBody);
  drawing.area({at(-0.042, 0.07), at(0.028, 0.07), at(0.012, 0.091), at(-0.042, 0.091)}, kGlass);
  for (double along : {-0.048, 0.048}) {
    drawing.disc(at(along, kWheelRadius), kWheelRadius, kWheel);
    drawing.disc(at(along, kWheelRadius), 0.4 * kWheelRadius, kGlass);
  }
}

}  // namespace

Drawing MountainCarContinuous::drawing() const {
  Drawing drawing{.view = {{(kLeft + kRight) / 2, 0.62}, 2.0, 1.3}, .background = kSky};
  add_ground(drawing);
  add_flag(drawing);
  add_car(drawing, position_);
  return drawing;
}

void MountainCarContinuous::draw_state(Picture& picture, const std::string&) const {
  paint(drawing(), picture);
}

}  // namespace ddpg
