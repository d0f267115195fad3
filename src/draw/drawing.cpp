#include "draw/drawing.h"

#include "support/math.h"

namespace ddpg {

Point placed(Point point, double angle, Point origin) {
  const double sine = pinned_sin(angle), cosine = pinned_cos(angle);
  return {origin.x + cosine * point.x - sine * point.y, origin.y + sine * point.x + cosine * point.y};
}

}  // namespace ddpg
