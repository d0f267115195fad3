// A network at work: forward and backward passes over a minibatch, cut into blocks that threads share.
// Not here: losses (src/agent), the arithmetic (kernels.h).
#pragma once

#include <vector>

#include "nn/kernels.h"
#include "nn/network.h"
#include "support/thread_pool.h"

namespace ddpg {

// Who computes: the kernels, and the threads to spread them over (null: the caller alone).
struct Compute {
  const Kernels* kernels = &best_kernels();
  ThreadPool* pool = nullptr;

  // Is work of so many flops worth waking other threads?
  bool shares(double flops) const {
    constexpr double kWorthSharing = 2e6;  // about 20 microseconds of one core
    return pool && flops >= kWorthSharing;
  }

  // body(block) for each block; by several threads when the work is worth it.
  template <class Body>
  void run(int blocks, double flops, const Body& body) const {
    if (shares(flops)) return pool->run(blocks, body);
    for (int block = 0; block < blocks; block++) body(block);
  }
};

// Which statistics batch norm uses. Without batch norm both are the same.
enum class NormMode {
  running,  // acting and evaluation; targets where targets_use_running_statistics says so
  batch     // the minibatch's own: training, targets included
};

// Intermediate results of one network on up to `max_rows` rows; all memory is taken here. A Value for each slot of the
// network's plan (plan.h), a Norm for each normalisation, a transposed copy of the weights for each dense layer.
struct Trace {
  Trace(const Network& network, int max_rows, bool with_gradients);

  struct Value {
    PanelMatrix h;  // [rows, width]
    // The gradient to what the slot's node gives before the activation that is fused into it.
    PanelMatrix d;
    PanelMatrix shortcut;   // gradients from steps that add the value again, farther up
    AlignedFloats average;  // [rows], of AvgL1Norm
  };
  struct Norm {
    PanelMatrix xhat;
    AlignedFloats mean, variance;     // [padded width], batch norm
    AlignedFloats inverse_deviation;  // [padded width] or, layer norm, [rows]
  };

  int rows = 0;
  std::vector<Value> slots;
  std::vector<Norm> norms;
  std::vector<AlignedFloats> transposed;  // of each dense layer: weights of x0, roles exchanged
  AlignedFloats transposed_action;
  int output_slot = 0, output_gradient_slot = 0;

  Value& slot(int i) { return slots[static_cast<std::size_t>(i)]; }
  Panels output() { return slot(output_slot).h.view(rows); }
  // To the output before its activation; the caller writes it.
  Panels output_gradient() { return slot(output_gradient_slot).d.view(rows); }
};

// output [rows, output_size] = network(observation [rows, observation_size], action [rows, action_size] or empty).
void forward(const Network& network, const Compute& compute, const Weights& weights, ConstPanels observation,
             ConstPanels action, NormMode mode, Trace& trace);

// Moves the running statistics towards those of the last forward pass in NormMode::batch (momentum 0.1, unbiased
// variance; PyTorch).
void update_running_statistics(const Network& network, const Trace& trace, Weights& weights);

// From trace.output_gradient(): the gradient to all parameters, in their layout, for the forward pass in `trace`
// (NormMode::batch); and that to the observation [rows, observation_size], unless it is empty, where the first step is
// a dense one.
void backward_parameters(const Network& network, const Compute& compute, const Weights& weights,
                         ConstPanels observation, ConstPanels action, Trace& trace, AlignedFloats& gradient,
                         Panels observation_gradient = {});

// From trace.output_gradient(): the gradient to the action alone, [rows, action_size]. The parameters play no part.
void backward_action(const Network& network, const Compute& compute, const Weights& weights, Trace& trace,
                     Panels action_gradient);

// The same to the observation, too, and of the action to its first columns alone, as wide as action_gradient is, where
// it joins a layer of several outputs. The first step of the network is a dense one.
void backward_inputs(const Network& network, const Compute& compute, const Weights& weights, Trace& trace,
                     Panels observation_gradient, Panels action_gradient);

}  // namespace ddpg
