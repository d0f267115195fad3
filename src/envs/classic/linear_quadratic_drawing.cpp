// What LinearQuadratic-v0 looks like: the mass between the wall and nothing, on its spring; a mark where it should
// rest.
#include "draw/drawing.h"
#include "envs/classic/linear_quadratic.h"

namespace ddpg {
namespace {

constexpr double kWall = -1.7, kMass = 0.2;  // position of the wall, half the side of the mass
constexpr Colour kFrame{0.30, 0.31, 0.34}, kSpring{0.55, 0.57, 0.60}, kBlock{0.20, 0.45, 0.68},
    kTarget{0.24, 0.62, 0.36};

// A zigzag between wall and mass, which stretches with it.
std::vector<Point> spring(double to) {
  constexpr int kTurns = 9;
  const double from = kWall + 0.1, piece = (to - 0.1 - from) / (2 * kTurns);
  std::vector<Point> points{{kWall, kMass}, {from, kMass}};
  for (int i = 0; i < 2 * kTurns; i++) points.push_back({from + (i + 0.5) * piece, kMass + (i % 2 == 0 ? 0.1 : -0.1)});
  points.push_back({to - 0.1, kMass});
  points.push_back({to, kMass});
  return points;
}

}  // namespace

Drawing LinearQuadratic::drawing() const {
  Drawing drawing{.view = {{-0.1, 0.25}, 3.4, 1.6}};
  const double x = state_[0];
  drawing.line({{0, -0.16}, {0, -0.04}}, 0.03, kTarget);
  drawing.line({{0, 2 * kMass + 0.06}, {0, 2 * kMass + 0.18}}, 0.03, kTarget);
  drawing.line({{kWall, 0.6}, {kWall, -0.015}, {1.5, -0.015}}, 0.03, kFrame);
  drawing.line(spring(x - kMass), 0.018, kSpring);
  drawing.area({{x - kMass, 0}, {x + kMass, 0}, {x + kMass, 2 * kMass}, {x - kMass, 2 * kMass}}, kBlock);
  drawing.line({{x, 0.02}, {x, 2 * kMass - 0.02}}, 0.012, {1, 1, 1});
  return drawing;
}

void LinearQuadratic::draw_state(Picture& picture, const std::string&) const {
  paint(drawing(), picture);
}

}  // namespace ddpg
