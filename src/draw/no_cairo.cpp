// In place of cairo/ where ddpg was built without it.
#include "ddpg/error.h"
#include "draw/drawing.h"

namespace ddpg {

void paint(const Drawing&, Picture&) {
  throw Error(
      "[draw] pictures of this task need Cairo, and ddpg was built without it; install the Debian package "
      "libcairo2-dev and build again (from a clone, `./ddpg video` does both)");
}

}  // namespace ddpg
