// What the kernels of losses compute, written to be read, as kernels_reference.cpp for all others.
#include "nn/losses.h"

namespace ddpg {
namespace {

float derivative_at(Loss loss, float error) {
  switch (loss) {
    case Loss::squared_error:
      return 2.0f * error;
    case Loss::huber:
      return error < -1.0f ? -1.0f : error > 1.0f ? 1.0f : error;  // NaN stays NaN, so that it is found
  }
  return error;
}

}  // namespace

double reference_scalar_loss(Loss loss, ConstPanels q, ConstPanels y, const float* weight, float* errors, Panels dq) {
  const float rows = static_cast<float>(q.rows);
  double sum = 0;
  for (int r = 0; r < q.rows; r++) {
    errors[r] = q.at(r, 0) - y.at(r, 0);
    dq.at(r, 0) = weight[r] * derivative_at(loss, errors[r]) / rows;
    sum += static_cast<double>(weight[r]) * loss_at(loss, errors[r]);
  }
  return sum;
}

}  // namespace ddpg
