// Forward, node by node; see passes.h. Rows are independent except in batch norm, so whole stacks of nodes run block of
// rows by block of rows, and only batch norm's statistics make the blocks wait for each other.
#include "nn/passes.h"
#include "nn/row_blocks.h"

namespace ddpg {
namespace {

// One pass forward over a network; the parts that every node needs.
struct Forward {
  const Network& network;
  const Compute& compute;
  const Weights& weights;
  ConstPanels observation, action;
  NormMode mode;
  Trace& trace;

  ConstPanels input(const Node& node) const { return value(node.in); }
  ConstPanels value(int slot) const { return slot_value(slot, observation, trace); }
  Panels output(const Node& node) const { return trace.slot(node.out).h.view(trace.rows); }
  const float* parameters(std::size_t offset) const { return weights.parameters.data() + offset; }
  const DenseLayout& layer(const Node& node) const { return network.layers()[static_cast<std::size_t>(node.index)]; }
  const NormLayout& norm(const Node& node) const { return network.norms()[static_cast<std::size_t>(node.index)]; }

  // Whether rows must wait for each other.
  bool is_barrier(const Node& node) const { return node.kind == StepKind::batch_norm && mode == NormMode::batch; }

  // The node on rows [begin, end); not a barrier.
  void rows(const Node& node, int begin, int end) const {
    const ConstPanels x = input(node).block(begin, end);
    const Panels y = output(node).block(begin, end);
    switch (node.kind) {
      case StepKind::dense: {
        const DenseLayout& at = layer(node);
        return compute.kernels->dense_forward(x, node.joined > 0 ? action.block(begin, end) : ConstPanels{},
                                              parameters(at.weights), at.has_bias ? parameters(at.bias) : nullptr,
                                              node.activation, y);
      }
      case StepKind::layer_norm: {
        const NormLayout& at = norm(node);
        Trace::Norm& kept = trace.norms[static_cast<std::size_t>(node.index)];
        return compute.kernels->layer_norm_forward(x, parameters(at.gain), parameters(at.shift), node.activation,
                                                   kept.inverse_deviation.data() + begin,
                                                   kept.xhat.view(trace.rows).block(begin, end), y);
      }
      case StepKind::batch_norm: {
        const NormLayout& at = norm(node);
        const float* statistics = weights.statistics.data();
        return compute.kernels->batch_norm_inference(x, parameters(at.gain), parameters(at.shift), statistics + at.mean,
                                                     statistics + at.variance, node.activation, y);
      }
      case StepKind::activate:
        return compute.kernels->add(x, {}, node.activation, y);
      case StepKind::join:
        return join_columns(x, action.block(begin, end), y);
      case StepKind::add:
        return compute.kernels->add(x, trace.slot(node.added).h.view(trace.rows).block(begin, end), node.activation, y);
      case StepKind::avg_l1_norm:
        return compute.kernels->avg_l1_norm_forward(x, trace.slot(node.out).average.data() + begin, y);
      case StepKind::append:
        return join_columns(x, value(node.added).block(begin, end), y);
      case StepKind::recall:  // it reads an earlier slot, and has no node
        return;
    }
  }

  // Batch norm by the minibatch's own statistics, a panel of columns at a time.
  void batch_norm(const Node& node) const {
    const NormLayout& at = norm(node);
    Trace::Norm& kept = trace.norms[static_cast<std::size_t>(node.index)];
    const ConstPanels z = input(node);
    const Panels xhat = kept.xhat.view(trace.rows), y = output(node);
    compute.run(z.panels(), 10.0 * z.rows * z.width, [&](int p) {
      const int column = p * kPanel;
      compute.kernels->batch_norm_forward(panels_from(z, p, 1), parameters(at.gain) + column,
                                          parameters(at.shift) + column, node.activation, kept.mean.data() + column,
                                          kept.variance.data() + column, kept.inverse_deviation.data() + column,
                                          panels_from(xhat, p, 1), panels_from(y, p, 1));
    });
  }

  // Nodes without a barrier between them.
  void stack(std::span<const Node> nodes) const {
    double flops = 0;
    int width = 1;
    for (const Node& node : nodes) {
      if (node.kind != StepKind::dense) continue;
      flops += dense_flops(layer(node), trace.rows);
      width = std::max({width, node.out_width, layer(node).in0 + layer(node).in1});
    }
    for_row_blocks(compute, trace.rows, width, flops, [&](int begin, int end) {
      for (const Node& node : nodes) rows(node, begin, end);
    });
  }

  void run() const {
    const std::span<const Node> nodes = network.plan().nodes;
    std::size_t first = 0;
    for (std::size_t n = 0; n < nodes.size(); n++) {
      if (!is_barrier(nodes[n])) continue;
      if (n > first) stack(nodes.subspan(first, n - first));
      batch_norm(nodes[n]);
      first = n + 1;
    }
    if (first < nodes.size()) stack(nodes.subspan(first));
  }
};

}  // namespace

void forward(const Network& network, const Compute& compute, const Weights& weights, ConstPanels observation,
             ConstPanels action, NormMode mode, Trace& trace) {
  trace.rows = observation.rows;
  Forward{network, compute, weights, observation, action, mode, trace}.run();
}

void update_running_statistics(const Network& network, const Trace& trace, Weights& weights) {
  constexpr float kMomentum = 0.1f;
  const float rows = static_cast<float>(trace.rows);
  const float unbiased = kMomentum * (rows / (rows - 1.0f));
  for (std::size_t n = 0; n < network.norms().size(); n++) {
    const NormLayout& layout = network.norms()[n];
    const Trace::Norm& norm = trace.norms[n];
    if (!layout.batch) continue;
    for (int i = 0; i < layout.width; i++) {
      float& mean = weights.statistics[layout.mean + i];
      float& variance = weights.statistics[layout.variance + i];
      mean = (1.0f - kMomentum) * mean + kMomentum * norm.mean[static_cast<std::size_t>(i)];
      variance = (1.0f - kMomentum) * variance + unbiased * norm.variance[static_cast<std::size_t>(i)];
    }
  }
}

}  // namespace ddpg
