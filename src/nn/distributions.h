// Critics whose outputs are a distribution over values: `atoms` logits, one for each of the values low, low + step, ...
// (Bellemare et al. 2017, "A distributional perspective on reinforcement learning", arXiv:1707.06887, C51). What the
// kernels compute, written to be read. Not here: what is measured of it (src/agent/categorical_head.cpp).
#pragma once

#include "nn/panels.h"

namespace ddpg {

// The value of atom 0, and from one atom to the next.
struct Support {
  float low = 0, step = 1;
};

inline constexpr float kLeastExponent = -80.0f;  // of a softmax: e^-80 is nothing beside 1, and no denormal number

// The plain loops behind the kernels of these names (kernels.h).
void reference_softmax(ConstPanels logits, Panels p, float* log_sums);
void reference_expectations(ConstPanels p, Support support, float* values);
void reference_project(ConstPanels p, const float* reward, const float* discount, Support support, Panels y);
double reference_cross_entropy(ConstPanels logits, ConstPanels p, const float* log_sums, ConstPanels y,
                               const float* weight, Panels d);
void reference_ascend_expectation(ConstPanels p, const float* values, Support support, Panels d);

// log of the sum of e^x, from the largest x and the sum of e^(x - largest). In double: one for each row.
float log_sum(float largest, float sum);

}  // namespace ddpg
