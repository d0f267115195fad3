// Adam with the parameters cut into blocks for threads; the arithmetic of one parameter is in kernels_reference.cpp.
#include "nn/adam.h"

#include <algorithm>
#include <cmath>

#include "nn/exchange.h"

namespace ddpg {
namespace {
constexpr std::size_t kBlock = 8'192;  // floats; a multiple of a panel
}

Adam::Adam(const Network& network, const AdamConstants& constants)
    : constants_(constants), first_moment_(network.buffer_size()), second_moment_(network.buffer_size()) {
  for (const ParameterRange& range : network.ranges())
    for (std::size_t at = 0; at < range.size; at += kBlock)
      blocks_.push_back({range.begin + at, std::min(kBlock, range.size - at), range.is_weight});
}

void Adam::step(const Network& network, const Compute& compute, const AlignedFloats& gradient,
                const DescentOptions& descent, Weights& weights, Weights* target) {
  steps_++;
  beta1_power_ *= constants_.beta1;
  beta2_power_ *= constants_.beta2;
  AdamStep step;
  step.beta1 = static_cast<float>(constants_.beta1);
  step.one_minus_beta1 = static_cast<float>(1 - constants_.beta1);
  step.beta2 = static_cast<float>(constants_.beta2);
  step.one_minus_beta2 = static_cast<float>(1 - constants_.beta2);
  step.step_size = static_cast<float>(descent.learning_rate / (1 - beta1_power_));
  step.second_correction = static_cast<float>(1 / std::sqrt(1 - beta2_power_));
  step.epsilon = static_cast<float>(constants_.epsilon);
  step.keep = static_cast<float>(1 - descent.learning_rate * descent.weight_decay);
  step.tau = static_cast<float>(descent.tau);
  step.one_minus_tau = static_cast<float>(1 - descent.tau);
  if (descent.gradient_clip > 0) {
    const double norm = gradient_norm(network, compute, gradient);
    if (norm > descent.gradient_clip) step.gradient_scale = static_cast<float>(descent.gradient_clip / norm);
  }
  float* const averaged = target && descent.tau > 0 ? target->parameters.data() : nullptr;
  const float decay = static_cast<float>(descent.l2);
  double flops = 0;
  for (const ParameterRange& block : blocks_) flops += 100.0 * static_cast<double>(block.size);
  compute.run(static_cast<int>(blocks_.size()), flops, [&](int i) {
    const ParameterRange& block = blocks_[static_cast<std::size_t>(i)];
    AdamStep here = step;
    here.decay = block.is_weight ? decay : 0.0f;
    compute.kernels->adam(here, block.size, gradient.data() + block.begin, weights.parameters.data() + block.begin,
                          first_moment_.data() + block.begin, second_moment_.data() + block.begin,
                          averaged ? averaged + block.begin : nullptr);
  });
}

void Adam::exchange(Snapshot& snapshot, const Network& network) {
  snapshot.value("steps", steps_);
  snapshot.value("beta1_power", beta1_power_);
  snapshot.value("beta2_power", beta2_power_);
  exchange_parameters(snapshot, "first_moment", network, first_moment_);
  exchange_parameters(snapshot, "second_moment", network, second_moment_);
}

double gradient_norm(const Network& network, const Compute& compute, const AlignedFloats& gradient) {
  double squares = 0;
  for (const ParameterRange& range : network.ranges())
    squares += compute.kernels->sum_of_squares(gradient.data() + range.begin, range.size);
  return std::sqrt(squares);
}

}  // namespace ddpg
