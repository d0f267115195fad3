// The deterministic policy mu(s) for acting: with running statistics, through the encoder where there is one. The
// weights are values that come from elsewhere. Not here: noise (exploration.h), the units of actions (collector.h).
#pragma once

#include <optional>

#include "agent/learned.h"
#include "ddpg/environment.h"
#include "nn/passes.h"

namespace ddpg {

// Of the networks that mu consists of.
struct PolicyWeights {
  const Weights* actor = nullptr;
  const Weights* encoder = nullptr;  // null: there is none
};

class Mu {
 public:
  Mu(const Options& options, const Specification& specification, int rows);

  // u [rows, action_size] in [-1, 1] = the actor's tanh output; there until the next call.
  ConstPanels operator()(const Compute& compute, const PolicyWeights& weights, ConstPanels observation);

  // As one network, which is what is deployed, and its tensors; and back.
  NetworkBody body() const;
  std::vector<Tensor> tensors(const PolicyWeights& weights) const;
  struct Parts {
    Weights actor;
    std::optional<Weights> encoder;
  };
  Parts parts(std::span<const Tensor> tensors) const;  // which are those of body()

 private:
  Network actor_;
  std::optional<Network> encoder_;
  Trace trace_;
  std::optional<Trace> encoder_trace_;
};

}  // namespace ddpg
