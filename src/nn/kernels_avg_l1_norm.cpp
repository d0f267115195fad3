// AvgL1Norm and its gradient, row by row. What is computed is defined in kernels_reference.cpp.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels_avg_l1_norm.cpp"
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

HWY_INLINE Lanes size_of(Lanes x) {
  DDPG_EACH_VECTOR x.v[i] = hn::Abs(x.v[i]);
  return x;
}

// p with the sign of y; 0 where y is 0.
HWY_INLINE Lanes with_sign_of(const Lanes& y, Lanes p) {
  const auto zero = hn::Zero(Tag());
  DDPG_EACH_VECTOR {
    const auto below = hn::IfThenElseZero(hn::Lt(y.v[i], zero), hn::Neg(p.v[i]));
    p.v[i] = hn::IfThenElse(hn::Gt(y.v[i], zero), p.v[i], below);
  }
  return p;
}

void avg_l1_norm_forward(ConstPanels z, float* average, Panels y) {
  const float width = static_cast<float>(z.width);
  for (int r = 0; r < z.rows; r++) {
    const float mean =
        row_sum(z.width, [&](int p, Lanes sum) HWY_ATTR { return add(sum, size_of(load(z.row(p, r)))); }) / width;
    average[r] = mean < kAvgL1Epsilon ? kAvgL1Epsilon : mean;
    const Lanes divisor = fill(average[r]);
    for (int p = 0; p < z.panels(); p++) store(div(load(z.row(p, r)), divisor), y.row(p, r));
  }
}

void avg_l1_norm_backward(ConstPanels dn, ConstPanels y, const float* average, Panels dz) {
  const float width = static_cast<float>(dn.width);
  for (int r = 0; r < dn.rows; r++) {
    const float sum = row_sum(
        dn.width, [&](int p, Lanes so_far) HWY_ATTR { return fma(load(dn.row(p, r)), load(y.row(p, r)), so_far); });
    const Lanes product = fill(average[r] > kAvgL1Epsilon ? sum / width : 0.0f), divisor = fill(average[r]);
    for (int p = 0; p < dn.panels(); p++)
      store(div(sub(load(dn.row(p, r)), with_sign_of(load(y.row(p, r)), product)), divisor), dz.row(p, r));
  }
}

}  // namespace

void fill_avg_l1_norm(Kernels& kernels) {
  kernels.avg_l1_norm_forward = avg_l1_norm_forward;
  kernels.avg_l1_norm_backward = avg_l1_norm_backward;
}

}  // namespace HWY_NAMESPACE
}  // namespace ddpg
HWY_AFTER_NAMESPACE();
#else
namespace ddpg::HWY_NAMESPACE {
void fill_avg_l1_norm(Kernels&) {}  // Highway's baseline: never chosen
}  // namespace ddpg::HWY_NAMESPACE
#endif

#if HWY_ONCE
namespace ddpg {
HWY_EXPORT(fill_avg_l1_norm);
void fill_avg_l1_norm_kernels(Kernels& kernels) {
  HWY_DYNAMIC_DISPATCH(fill_avg_l1_norm)(kernels);
}
}  // namespace ddpg
#endif
