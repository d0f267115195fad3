#include "envs/observation_room.h"

#include <fmt/format.h>

#include <algorithm>

#include "ddpg/error.h"
#include "support/math.h"

namespace ddpg {

std::span<double> ObservationRoom::cleared() {
  std::ranges::fill(numbers(), kNaN);
  return numbers();
}

void ObservationRoom::refuse(const Environment& environment) const {
  throw UsageError(fmt::format("[environment {}] it wrote more than the {} numbers of its observation",
                               environment.specification().name, numbers().size()));
}

}  // namespace ddpg
