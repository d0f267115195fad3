// What PointReach-v0 looks like from above: what is higher is larger.
#include "draw/drawing.h"
#include "envs/classic/point_reach.h"

namespace ddpg {
namespace {

constexpr Colour kWallColour{0.30, 0.31, 0.34}, kPoint{0.20, 0.45, 0.68}, kGoalColour{0.24, 0.62, 0.36};

double radius(double height) {
  return PointReach::kTolerance * (1 + 0.4 * height);
}

}  // namespace

Drawing PointReach::drawing() const {
  Drawing drawing{.view = {{0, 0}, 2.4, 2.4}};
  drawing.line({{-1.1, -1.1}, {1.1, -1.1}, {1.1, 1.1}, {-1.1, 1.1}, {-1.1, -1.1}}, 0.02, kWallColour);
  drawing.disc({state_[6], state_[7]}, radius(state_[8]), kGoalColour);
  drawing.disc({state_[6], state_[7]}, 0.8 * radius(state_[8]), {1, 1, 1});
  drawing.disc({state_[0], state_[1]}, 0.6 * radius(state_[2]), kPoint);
  return drawing;
}

void PointReach::draw_state(Picture& picture, const std::string&) const {
  paint(drawing(), picture);
}

}  // namespace ddpg
