// In place of cairo/ where ddpg was built without it.
#include "ddpg/error.h"
#include "draw/drawing.h"
#include "draw/figure.h"

namespace ddpg {

void paint(const Drawing&, Picture&) {
  throw Error(
      "[draw] pictures of this task need Cairo, and ddpg was built without it; install the Debian package "
      "libcairo2-dev and build again (from a clone, `./ddpg video` does both)");
}

std::string to_png(const Figure&, double) {
  throw Error(
      "[draw] a figure as PNG needs Cairo, and ddpg was built without it; install the Debian package libcairo2-dev and "
      "build again (from a clone, `./ddpg report --png` does both), or use the figures of the HTML page");
}

}  // namespace ddpg
