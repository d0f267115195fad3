// A picture in memory: what an environment draws into, and what a video is made of.
#pragma once

#include <cstdint>
#include <vector>

namespace ddpg {

/// Rows from the top, pixels from the left; of each pixel red, green and blue, one byte each.
struct Picture {
  int width = 640;                  ///< pixels, 1 to 16,384
  int height = 480;                 ///< pixels, 1 to 16,384
  std::vector<std::uint8_t> rgb{};  ///< [height, width, 3]
};

}  // namespace ddpg
