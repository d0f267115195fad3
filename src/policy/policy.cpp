// The policy at work. Its file: policy_file.cpp.
#include <algorithm>

#include "ddpg/error.h"
#include "nn/action_bounds.h"
#include "nn/passes.h"
#include "policy/content.h"

namespace ddpg {

struct Policy::Impl {
  explicit Impl(Content given)
      : content(std::move(given)),
        network(content.shape),
        weights(network.from_tensors(content.tensors)),
        bounds(content.action_low, content.action_high),
        input(1, content.shape.observation_size),
        trace(network, 1, false) {}

  Content content;
  Network network;
  Weights weights;
  ActionBounds bounds;
  PanelMatrix input;
  Trace trace;
};

Policy::Policy(Content content) : impl_(std::make_unique<Impl>(std::move(content))) {}
Policy::Policy(const Policy& other) : Policy(other.impl_->content) {}
Policy::Policy(Policy&&) noexcept = default;
Policy& Policy::operator=(const Policy& other) {
  return *this = Policy(other);
}
Policy& Policy::operator=(Policy&&) noexcept = default;
Policy::~Policy() = default;

int Policy::observation_size() const {
  return impl_->content.shape.observation_size;
}
int Policy::action_size() const {
  return impl_->content.shape.output_size;
}
std::span<const float> Policy::action_low() const {
  return impl_->content.action_low;
}
std::span<const float> Policy::action_high() const {
  return impl_->content.action_high;
}
const Provenance& Policy::provenance() const {
  return impl_->content.provenance;
}
const Policy::Content& Policy::content() const {
  return impl_->content;
}

void Policy::act(std::span<const double> observation, std::span<float> action) {
  Impl& self = *impl_;
  if (observation.size() != static_cast<std::size_t>(observation_size()) ||
      action.size() != static_cast<std::size_t>(action_size()))
    throw UsageError("[policy] expected " + std::to_string(observation_size()) + " observations and " +
                     std::to_string(action_size()) + " actions, found " + std::to_string(observation.size()) + " and " +
                     std::to_string(action.size()));
  const Content& content = self.content;
  const Panels input = self.input.view();
  for (std::size_t i = 0; i < observation.size(); i++) {
    double x = static_cast<float>(observation[i]);
    if (content.normalise) x = std::clamp((x - content.mean[i]) / content.deviation[i], -content.clip, content.clip);
    input.at(0, static_cast<int>(i)) = static_cast<float>(x);
  }
  forward(self.network, Compute{}, self.weights, input, {}, NormMode::running, self.trace);
  const ConstPanels u = self.trace.output();
  for (std::size_t i = 0; i < action.size(); i++) action[i] = self.bounds.scale(i, u.at(0, static_cast<int>(i)));
}

}  // namespace ddpg
