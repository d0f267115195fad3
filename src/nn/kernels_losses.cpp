// What critics learn by: losses of one output, sixteen rows at a time, and distributions over values, sixteen atoms at
// a time. What is computed, and in which order, is defined in losses.cpp and distributions.cpp.
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

// The numbers of a panel's columns.
HWY_INLINE Lanes columns_of(int panel) {
  alignas(64) static constexpr float kFirst[kPanel] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return add(load(kFirst), fill(static_cast<float>(panel * kPanel)));
}

HWY_INLINE Lanes values_of(Support support, int panel) {
  return fma(columns_of(panel), fill(support.step), fill(support.low));
}

HWY_INLINE int count_in(ConstPanels x, int panel) {
  return HWY_MIN(kPanel, x.width - panel * kPanel);
}

// Into a panel's row; zero in the padding.
HWY_INLINE void store_padded(const Lanes& x, int count, float* to) {
  store(count < kPanel ? first(count, x, fill(0)) : x, to);
}

HWY_INLINE float largest_of(ConstPanels x, int r) {
  Lanes most = fill(x.row(0, r)[0]);
  for (int p = 0; p < x.panels(); p++) {
    const int count = count_in(x, p);
    Lanes here = load(x.row(p, r));
    if (count < kPanel) here = first(count, here, most);
    DDPG_EACH_VECTOR most.v[i] = hn::IfThenElse(hn::Gt(here.v[i], most.v[i]), here.v[i], most.v[i]);
  }
  alignas(64) float lanes[kPanel];
  store(most, lanes);
  float largest = lanes[0];
  for (const float lane : lanes) largest = lane > largest ? lane : largest;
  return largest;
}

void softmax(ConstPanels logits, Panels p, float* log_sums) {
  for (int r = 0; r < logits.rows; r++) {
    const float largest = largest_of(logits, r);
    for (int panel = 0; panel < p.panels(); panel++)
      store_padded(exponential(sub(load(logits.row(panel, r)), fill(largest))), count_in(logits, panel),
                   p.row(panel, r));
    const float sum =
        row_sum(p.width, [&](int panel, Lanes so_far) HWY_ATTR { return add(so_far, load(p.row(panel, r))); });
    for (int panel = 0; panel < p.panels(); panel++) store(div(load(p.row(panel, r)), fill(sum)), p.row(panel, r));
    log_sums[r] = log_sum(largest, sum);
  }
}

void expectations(ConstPanels p, Support support, float* values) {
  for (int r = 0; r < p.rows; r++)
    values[r] = row_sum(p.width, [&](int panel, Lanes sum)
                                     HWY_ATTR { return fma(load(p.row(panel, r)), values_of(support, panel), sum); });
}

// Where the atoms of a panel lie after a step of the environment.
HWY_INLINE Lanes places_of(float reward, float discount, Support support, int panel, int atoms) {
  const Lanes low = fill(0), last = fill(static_cast<float>(atoms - 1));
  Lanes place =
      div(sub(fma(fill(discount), values_of(support, panel), fill(reward)), fill(support.low)), fill(support.step));
  DDPG_EACH_VECTOR {
    place.v[i] = hn::IfThenElse(hn::Lt(place.v[i], low.v[i]), low.v[i], place.v[i]);
    place.v[i] = hn::IfThenElse(hn::Gt(place.v[i], last.v[i]), last.v[i], place.v[i]);
  }
  return place;
}

// sum + p (1 - |place - column|, where that is not below 0)
HWY_INLINE Lanes add_share(const Lanes& columns, float place, float p, Lanes sum) {
  const Tag d;
  const auto zero = hn::Zero(d), one = hn::Set(d, 1.0f), at = hn::Set(d, place), much = hn::Set(d, p);
  DDPG_EACH_VECTOR {
    const auto share = hn::Sub(one, hn::Abs(hn::Sub(at, columns.v[i])));
    sum.v[i] = hn::MulAdd(much, hn::IfThenElse(hn::Lt(share, zero), zero, share), sum.v[i]);
  }
  return sum;
}

void project(ConstPanels p, const float* reward, const float* discount, Support support, Panels y) {
  for (int r = 0; r < p.rows; r++)
    for (int panel = 0; panel < y.panels(); panel++) {
      const Lanes columns = columns_of(panel);
      Lanes sum = fill(0);
      for (int from = 0; from < p.panels(); from++) {
        alignas(64) float places[kPanel];
        store(places_of(reward[r], discount[r], support, from, p.width), places);
        for (int i = 0; i < count_in(p, from); i++) sum = add_share(columns, places[i], p.row(from, r)[i], sum);
      }
      store_padded(sum, count_in(y, panel), y.row(panel, r));
    }
}

double cross_entropy(ConstPanels logits, ConstPanels p, const float* log_sums, ConstPanels y, const float* weight,
                     Panels d) {
  const Lanes rows = fill(static_cast<float>(p.rows));
  double total = 0;
  for (int r = 0; r < p.rows; r++) {
    for (int panel = 0; panel < p.panels(); panel++) {
      const Lanes difference = sub(load(p.row(panel, r)), load(y.row(panel, r)));
      store_padded(div(mul(fill(weight[r]), difference), rows), count_in(p, panel), d.row(panel, r));
    }
    const float loss = row_sum(p.width, [&](int panel, Lanes sum) HWY_ATTR {
      return fma(load(y.row(panel, r)), sub(fill(log_sums[r]), load(logits.row(panel, r))), sum);
    });
    total += static_cast<double>(weight[r]) * static_cast<double>(loss);
  }
  return total;
}

void ascend_expectation(ConstPanels p, const float* values, Support support, Panels d) {
  const Lanes rows = fill(static_cast<float>(p.rows));
  for (int r = 0; r < p.rows; r++)
    for (int panel = 0; panel < p.panels(); panel++) {
      const Lanes below = sub(fill(values[r]), values_of(support, panel));
      store_padded(div(mul(load(p.row(panel, r)), below), rows), count_in(p, panel), d.row(panel, r));
    }
}

}  // namespace

void fill_losses(Kernels& kernels) {
  kernels.scalar_loss = scalar_loss;
  kernels.softmax = softmax;
  kernels.expectations = expectations;
  kernels.project = project;
  kernels.cross_entropy = cross_entropy;
  kernels.ascend_expectation = ascend_expectation;
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
