// Adam with the parameters cut into blocks for threads; the arithmetic of one parameter is in kernels_reference.cpp.
#include "nn/adam.h"

#include <algorithm>
#include <cmath>

namespace ddpg {
namespace {
constexpr std::size_t kBlock = 16'384;  // floats; a multiple of a panel
}

Adam::Adam(const Network& network, const AdamOptions& options)
    : options_(options), first_moment_(network.buffer_size()), second_moment_(network.buffer_size()) {}

void Adam::step(const Network& network, const Compute& compute, const AlignedFloats& gradient,
                const DescentOptions& descent, Weights& weights, Weights* target) {
  steps_++;
  beta1_power_ *= options_.beta1;
  beta2_power_ *= options_.beta2;
  AdamStep step;
  step.beta1 = static_cast<float>(options_.beta1);
  step.one_minus_beta1 = static_cast<float>(1 - options_.beta1);
  step.beta2 = static_cast<float>(options_.beta2);
  step.one_minus_beta2 = static_cast<float>(1 - options_.beta2);
  step.step_size = static_cast<float>(descent.learning_rate / (1 - beta1_power_));
  step.second_correction = static_cast<float>(1 / std::sqrt(1 - beta2_power_));
  step.epsilon = static_cast<float>(options_.epsilon);
  step.tau = static_cast<float>(descent.tau);
  step.one_minus_tau = static_cast<float>(1 - descent.tau);
  if (descent.gradient_clip > 0) {
    const double norm = gradient_norm(network, compute, gradient);
    if (norm > descent.gradient_clip) step.gradient_scale = static_cast<float>(descent.gradient_clip / norm);
  }
  float* const averaged = target && descent.tau > 0 ? target->parameters.data() : nullptr;
  for (const ParameterRange& range : network.ranges()) {
    step.decay = range.is_weight ? static_cast<float>(descent.l2) : 0.0f;
    const int blocks = static_cast<int>((range.size + kBlock - 1) / kBlock);
    compute.run(blocks, 100.0 * static_cast<double>(range.size), [&](int block) {
      const std::size_t at = range.begin + static_cast<std::size_t>(block) * kBlock;
      const std::size_t size = std::min(kBlock, range.begin + range.size - at);
      compute.kernels->adam(step, size, gradient.data() + at, weights.parameters.data() + at, first_moment_.data() + at,
                            second_moment_.data() + at, averaged ? averaged + at : nullptr);
    });
  }
}

double gradient_norm(const Network& network, const Compute& compute, const AlignedFloats& gradient) {
  double squares = 0;
  for (const ParameterRange& range : network.ranges())
    squares += compute.kernels->sum_of_squares(gradient.data() + range.begin, range.size);
  return std::sqrt(squares);
}

}  // namespace ddpg
