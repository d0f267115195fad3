// The one line that a terminal shows of a training in progress, as text. Not here: when it is drawn, and where
// (console.h).
#pragma once

#include <cstdint>
#include <string>

#include "ddpg/observer.h"

namespace ddpg {

// What the line shows; NaN leaves a part out.
struct LiveState {
  std::int64_t step = 0;
  std::int64_t steps = 0;  // of the whole training
  double steps_per_second = kNotMeasured;
  double evaluation_return = kNotMeasured;
  double critic_loss = kNotMeasured;
  double mean_q = kNotMeasured;
};

// "[####------] 42 %  3,412 steps/s  0:12 left  return -145.3  critic loss 0.012  mean Q -23.4", at most `width`
// columns: parts are left out from the right until the line fits.
std::string live_line(const LiveState& state, int width);

// Steps per second of late: steps and seconds both count less as time goes by, so that a fast warm-up is soon
// forgotten.
class Rate {
 public:
  void measure(std::int64_t step, double seconds);
  double value() const { return seconds_ > 0 ? steps_ / seconds_ : kNotMeasured; }

 private:
  std::int64_t last_step_ = 0;
  double last_seconds_ = kNotMeasured;
  double steps_ = 0, seconds_ = 0;
};

}  // namespace ddpg
