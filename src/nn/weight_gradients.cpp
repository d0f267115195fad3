// A gradient of a weight is a sum over the rows, so what threads share is the outputs: a piece is some panels of one
// layer.
#include "nn/weight_gradients.h"

#include "nn/row_blocks.h"

namespace ddpg {
namespace {

const Node& node_of_layer(const Network& network, std::size_t n) {
  const std::vector<Node>& nodes = network.plan().nodes;
  for (const Node& node : nodes)
    if (node.kind == StepKind::dense && n-- == 0) return node;
  return nodes.back();
}

struct WeightGradients {
  const Network& network;
  const Compute& compute;
  ConstPanels observation, action;
  Trace& trace;
  float* gradient;

  void of_layer(const Node& node, int panel, int count) const {
    const DenseLayout& at = network.layers()[static_cast<std::size_t>(node.index)];
    const ConstPanels dz = panels_from(ConstPanels(trace.slot(node.out).d.view(trace.rows)), panel, count);
    const auto segment = [&](ConstPanels x, int input) {
      float* to = gradient + at.weights + at.segment(input);
      if (at.out == 1)  // the weights lie along the inputs: the product is turned around
        compute.kernels->dense_backward_weights(dz, x, to, kPanel);
      else
        compute.kernels->dense_backward_weights(x, dz, to + panel * at.panel_stride(), at.panel_stride());
    };
    segment(node_input(node, observation, trace), 0);
    if (at.in1) segment(action, 1);
    if (at.has_bias) compute.kernels->column_sums(dz, gradient + at.bias + panel * kPanel);
  }
};

}  // namespace

void weight_gradients(const Network& network, const Compute& compute, ConstPanels observation, ConstPanels action,
                      Trace& trace, float* gradient) {
  double flops = 0;
  for (const DenseLayout& at : network.layers()) flops += dense_flops(at, trace.rows);
  const auto size_in = [&](std::size_t n) {
    return panels_per_piece(compute.shares(flops), trace.rows, panels_of(network.layers()[n].out));
  };
  const auto pieces_in = [&](std::size_t n) {
    return (panels_of(network.layers()[n].out) + size_in(n) - 1) / size_in(n);
  };
  int pieces = 0;
  for (std::size_t n = 0; n < network.layers().size(); n++) pieces += pieces_in(n);
  const WeightGradients work{network, compute, observation, action, trace, gradient};
  compute.run(pieces, flops, [&](int piece) {
    std::size_t n = 0;
    for (; piece >= pieces_in(n); n++) piece -= pieces_in(n);
    work.of_layer(node_of_layer(network, n), piece * size_in(n), size_in(n));
  });
}

}  // namespace ddpg
