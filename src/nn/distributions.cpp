// See distributions.h. The order of sums along a row is that of kernels.h: 16 lanes, then the tree.
#include "nn/distributions.h"

#include <cmath>

#include "nn/reference_math.h"
#include "support/math.h"

namespace ddpg {
namespace {

float value_of(Support support, int atom) {
  return std::fma(static_cast<float>(atom), support.step, support.low);
}

// Where r + discount z lies, counted in atoms; what lies beyond the ends moves to them.
float place_of(float reward, float discount, Support support, int atom, int atoms) {
  const float place = (std::fma(discount, value_of(support, atom), reward) - support.low) / support.step;
  const float last = static_cast<float>(atoms - 1);
  return place < 0.0f ? 0.0f : place > last ? last : place;  // NaN stays NaN
}

}  // namespace

float log_sum(float largest, float sum) {
  return static_cast<float>(static_cast<double>(largest) + pinned_log(static_cast<double>(sum)));
}

void reference_softmax(ConstPanels logits, Panels p, float* log_sums) {
  for (int r = 0; r < logits.rows; r++) {
    float largest = logits.at(r, 0);
    for (int c = 1; c < logits.width; c++) largest = logits.at(r, c) > largest ? logits.at(r, c) : largest;
    for (int c = 0; c < padded(logits.width); c++)
      p.at(r, c) = c < logits.width ? exponential(logits.at(r, c) - largest) : 0.0f;
    const float sum = row_sum(p.width, [&](int c, float so_far) { return so_far + p.at(r, c); });
    for (int c = 0; c < p.width; c++) p.at(r, c) /= sum;
    log_sums[r] = log_sum(largest, sum);
  }
}

void reference_expectations(ConstPanels p, Support support, float* values) {
  for (int r = 0; r < p.rows; r++)
    values[r] = row_sum(p.width, [&](int c, float sum) { return std::fma(p.at(r, c), value_of(support, c), sum); });
}

// Each atom's probability goes to the two atoms beside the place that it moves to, to each the more the nearer it is,
// and all of it to one that lies there.
void reference_project(ConstPanels p, const float* reward, const float* discount, Support support, Panels y) {
  for (int r = 0; r < p.rows; r++)
    for (int c = 0; c < padded(p.width); c++) {
      float sum = 0;
      for (int from = 0; from < p.width && c < p.width; from++) {
        const float place = place_of(reward[r], discount[r], support, from, p.width);
        const float share = 1.0f - std::fabs(place - static_cast<float>(c));
        sum = std::fma(p.at(r, from), share < 0.0f ? 0.0f : share, sum);
      }
      y.at(r, c) = sum;
    }
}

double reference_cross_entropy(ConstPanels logits, ConstPanels p, const float* log_sums, ConstPanels y,
                               const float* weight, Panels d) {
  const float rows = static_cast<float>(p.rows);
  double total = 0;
  for (int r = 0; r < p.rows; r++) {
    for (int c = 0; c < padded(p.width); c++)
      d.at(r, c) = c < p.width ? weight[r] * (p.at(r, c) - y.at(r, c)) / rows : 0.0f;
    const float loss =
        row_sum(p.width, [&](int c, float sum) { return std::fma(y.at(r, c), log_sums[r] - logits.at(r, c), sum); });
    total += static_cast<double>(weight[r]) * static_cast<double>(loss);
  }
  return total;
}

void reference_ascend_expectation(ConstPanels p, const float* values, Support support, Panels d) {
  const float rows = static_cast<float>(p.rows);
  for (int r = 0; r < p.rows; r++)
    for (int c = 0; c < padded(p.width); c++)
      d.at(r, c) = c < p.width ? p.at(r, c) * (values[r] - value_of(support, c)) / rows : 0.0f;
}

}  // namespace ddpg
