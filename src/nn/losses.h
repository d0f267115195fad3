// Losses of a critic whose output is one number: what each of them is. The loops over a minibatch are kernels
// (kernels.h). Not here: which one a critic has, and what is measured of it (src/agent/scalar_head.cpp).
#pragma once

#include <cmath>

#include "nn/panels.h"

namespace ddpg {

enum class Loss {
  squared_error,  // e^2, without a half
  huber           // e^2 / 2 where |e| < 1, |e| - 1/2 beyond (Huber 1964, as smooth_l1 in PyTorch)
};

// The loss at an error e = Q - y. In double, and behind no kernel: it is measured, and nothing is learnt from it.
inline double loss_at(Loss loss, float error) {
  const double e = error, size = std::fabs(e);
  switch (loss) {
    case Loss::squared_error:
      return e * e;
    case Loss::huber:
      return size < 1 ? 0.5 * e * e : size - 0.5;
  }
  return e;
}

// The plain loops behind Kernels::scalar_loss.
double reference_scalar_loss(Loss loss, ConstPanels q, ConstPanels y, const float* weight, float* errors, Panels dq);

}  // namespace ddpg
