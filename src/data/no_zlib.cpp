// In place of zlib/ where ddpg was built without it.
#include "data/inflate.h"
#include "ddpg/error.h"

namespace ddpg {

struct Inflater::Stream {};

Inflater::Inflater() {
  throw Error(
      "it is compressed, which takes zlib, and ddpg was built without it; save it by numpy.savez, which does not "
      "compress, or install the Debian package zlib1g-dev and build again (from a clone, `./ddpg train` does both "
      "where "
      "a file *.npz is named)");
}

Inflater::~Inflater() = default;

Inflater::Piece Inflater::inflate(std::string_view, char*, std::size_t) {
  return {};
}

bool can_inflate() {
  return false;
}

}  // namespace ddpg
