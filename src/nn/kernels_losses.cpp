// Losses and their gradients, sixteen rows at a time. What is computed is defined in losses.cpp.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels_losses.cpp"
#include "nn/kernels_targets.h"
// clang-format off
#include <hwy/foreach_target.h>
// clang-format on
#include "nn/lanes-inl.h"

#if DDPG_TARGET_FUSES
HWY_BEFORE_NAMESPACE();
namespace ddpg {
namespace HWY_NAMESPACE {
namespace {

// Column 0 of `count` rows, side by side.
HWY_INLINE Lanes rows_of(ConstPanels x, int row, int count) {
  alignas(64) float values[kPanel] = {};
  for (int i = 0; i < count; i++) values[i] = x.row(0, row + i)[0];
  return load(values);
}

HWY_INLINE Lanes clip_to_one(Lanes x) {
  const Tag d;
  const auto one = hn::Set(d, 1.0f), minus_one = hn::Set(d, -1.0f);
  DDPG_EACH_VECTOR {
    x.v[i] = hn::IfThenElse(hn::Lt(x.v[i], minus_one), minus_one, x.v[i]);
    x.v[i] = hn::IfThenElse(hn::Gt(x.v[i], one), one, x.v[i]);
  }
  return x;
}

HWY_INLINE Lanes derivative_at(Loss loss, const Lanes& error) {
  switch (loss) {
    case Loss::squared_error:
      return mul(fill(2.0f), error);
    case Loss::huber:
      return clip_to_one(error);
  }
  return error;
}

double scalar_loss(Loss loss, ConstPanels q, ConstPanels y, const float* weight, float* errors, Panels dq) {
  const Lanes rows = fill(static_cast<float>(q.rows));
  double sum = 0;
  for (int row = 0; row < q.rows; row += kPanel) {
    const int count = HWY_MIN(kPanel, q.rows - row);
    alignas(64) float error[kPanel], slope[kPanel], weights[kPanel] = {};
    for (int i = 0; i < count; i++) weights[i] = weight[row + i];
    const Lanes e = sub(rows_of(q, row, count), rows_of(y, row, count));
    store(e, error);
    store(div(mul(load(weights), derivative_at(loss, e)), rows), slope);
    for (int i = 0; i < count; i++) {
      errors[row + i] = error[i];
      dq.row(0, row + i)[0] = slope[i];
      sum += static_cast<double>(weights[i]) * loss_at(loss, error[i]);
    }
  }
  return sum;
}

}  // namespace

void fill_losses(Kernels& kernels) {
  kernels.scalar_loss = scalar_loss;
}

}  // namespace HWY_NAMESPACE
}  // namespace ddpg
HWY_AFTER_NAMESPACE();
#else
namespace ddpg::HWY_NAMESPACE {
void fill_losses(Kernels&) {}  // Highway's baseline: never chosen
}  // namespace ddpg::HWY_NAMESPACE
#endif

#if HWY_ONCE
namespace ddpg {
HWY_EXPORT(fill_losses);
void fill_loss_kernels(Kernels& kernels) {
  HWY_DYNAMIC_DISPATCH(fill_losses)(kernels);
}
}  // namespace ddpg
#endif
