// Backward, node by node from the last to the first; see passes.h. As forward, stacks of nodes run block of rows by
// block of rows, and normalisations make them wait. Gradients of weights, which sum over the rows:
// weight_gradients.cpp.
#include "nn/passes.h"
#include "nn/row_blocks.h"
#include "nn/weight_gradients.h"

namespace ddpg {
namespace {

// One pass backward. When a node's turn comes, the gradient to what it gives, before its activation, is in its slot; it
// delivers that of its input into the input's slot.
struct Backward {
  const Network& network;
  const Compute& compute;
  const Weights& weights;
  ConstPanels observation, action;
  Trace& trace;
  float* gradient;  // to the parameters; null: on the way to what the caller gave

  const std::vector<Node>& nodes() const { return network.plan().nodes; }
  const DenseLayout& layer(const Node& node) const { return network.layers()[static_cast<std::size_t>(node.index)]; }
  Panels d(int slot) const { return trace.slot(slot).d.view(trace.rows); }

  // --- dense ---

  // The weights of a layer's x0 (input 0) or of its action (input 1), as dense_backward_input reads them: those
  // of a single output as they lie.
  const float* weights_down(const Node& node, int input) const {
    const DenseLayout& at = layer(node);
    if (at.out == 1) return weights.parameters.data() + at.weights + at.segment(input);
    return (input == 0 ? trace.transposed[static_cast<std::size_t>(node.index)] : trace.transposed_action).data();
  }
  void transpose(const Node& node, int input, int in) const {
    const DenseLayout& at = layer(node);
    if (at.out == 1) return;
    const int begin = input == 0 ? 0 : at.in0;
    float* to = (input == 0 ? trace.transposed[static_cast<std::size_t>(node.index)] : trace.transposed_action).data();
    compute.run(panels_of(in), 40.0 * in * at.out, [&](int panel) {
      const std::ptrdiff_t from = static_cast<std::ptrdiff_t>(panel) * kPanel;
      compute.kernels->transpose_weights(weights.parameters.data() + at.weights, at.panel_stride(),
                                         begin + panel * kPanel, std::min(kPanel, in - panel * kPanel), at.out,
                                         to + from * at.out);
    });
  }

  // --- what a node delivers, on rows [begin, end) ---

  // The gradient to the node's input is in the input's slot, but for what steps farther up add to it and for the
  // derivative of the activation that made it.
  void finish_input(const Node& node, int begin, int end) const {
    const Panels to = d(node.in).block(begin, end);
    if (node.in_is_added)
      compute.kernels->add(to, trace.slot(node.in).shortcut.view(trace.rows).block(begin, end), Activation::linear, to);
    if (node.in_activation != Activation::linear)
      compute.kernels->times_derivative(node.in_activation, trace.slot(node.in).h.view(trace.rows).block(begin, end),
                                        to);
  }

  void dense_down(const Node& node, int begin, int end) const {
    const Panels to = d(node.in).block(begin, end);
    const ConstPanels from = d(node.out).block(begin, end),
                      h = trace.slot(node.in).h.view(trace.rows).block(begin, end);
    const Activation fused = node.in_is_added ? Activation::linear : node.in_activation;
    compute.kernels->dense_backward_input(from, weights_down(node, 0), fused, h, to);
    if (node.in_is_added) finish_input(node, begin, end);
  }

  // The same gradient goes both ways. The first step from above that adds a value writes the value's shortcut.
  void add_down(const Node& node, bool is_first, int begin, int end) const {
    const Panels from = d(node.out).block(begin, end);
    const Panels other = trace.slot(node.added).shortcut.view(trace.rows).block(begin, end);
    if (is_first)
      compute.kernels->add(from, {}, Activation::linear, other);
    else
      compute.kernels->add(other, from, Activation::linear, other);
    pass_down(node, begin, end);
  }

  // The input's gradient is the output's.
  void pass_down(const Node& node, int begin, int end) const {
    if (node.in != node.out)
      compute.kernels->add(d(node.out).block(begin, end), {}, Activation::linear, d(node.in).block(begin, end));
    finish_input(node, begin, end);
  }

  void layer_norm_down(const Node& node, int begin, int end) const {
    const NormLayout& at = network.norms()[static_cast<std::size_t>(node.index)];
    Trace::Norm& kept = trace.norms[static_cast<std::size_t>(node.index)];
    compute.kernels->layer_norm_backward(d(node.out).block(begin, end), kept.xhat.view(trace.rows).block(begin, end),
                                         weights.parameters.data() + at.gain, kept.inverse_deviation.data() + begin,
                                         d(node.in).block(begin, end));
    finish_input(node, begin, end);
  }

  void avg_l1_norm_down(const Node& node, int begin, int end) const {
    const Trace::Value& given = trace.slot(node.out);
    compute.kernels->avg_l1_norm_backward(d(node.out).block(begin, end), given.h.view(trace.rows).block(begin, end),
                                          given.average.data() + begin, d(node.in).block(begin, end));
    finish_input(node, begin, end);
  }

  // --- the way down ---

  static bool is_norm(const Node& node) {
    return node.kind == StepKind::layer_norm || node.kind == StepKind::batch_norm;
  }
  static bool has_parameters(const Node& node) { return node.kind == StepKind::dense || is_norm(node); }

  // On the way down, is n the first node that adds its value?
  bool is_first_add(int n) const {
    const std::vector<Node>& all = nodes();
    for (std::size_t i = static_cast<std::size_t>(n) + 1; i < all.size(); i++)
      if (all[i].kind == StepKind::add && all[i].added == all[static_cast<std::size_t>(n)].added) return false;
    return true;
  }

  // Through node n, which is no normalisation, on some rows.
  void node_down(int n, int begin, int end) const {
    const Node& node = nodes()[static_cast<std::size_t>(n)];
    switch (node.kind) {
      case StepKind::dense:
        return dense_down(node, begin, end);
      case StepKind::activate:
        return pass_down(node, begin, end);
      case StepKind::join:
        take_columns(d(node.out).block(begin, end), 0, d(node.in).block(begin, end));
        return finish_input(node, begin, end);
      case StepKind::add:
        return add_down(node, is_first_add(n), begin, end);
      case StepKind::avg_l1_norm:
        return avg_l1_norm_down(node, begin, end);
      case StepKind::layer_norm:
      case StepKind::batch_norm:
        return;  // norm_down()
      case StepKind::recall:
      case StepKind::append:
        return;  // of policies, which are put together of what was trained
    }
  }

  // Nodes first, first - 1, ..., last + 1, no normalisation among them, with no barrier between.
  void stack_down(int first, int last) const {
    double flops = 0;
    int width = 1;
    for (int n = first; n > last; n--) {
      const Node& node = nodes()[static_cast<std::size_t>(n)];
      if (node.kind != StepKind::dense) continue;
      transpose(node, 0, layer(node).in0);
      flops += dense_flops(layer(node), trace.rows);
      width = std::max({width, node.in_width, layer(node).out});
    }
    for_row_blocks(compute, trace.rows, width, flops, [&](int begin, int end) {
      for (int n = first; n > last; n--) node_down(n, begin, end);
    });
  }

  // Through a normalisation: gradients of gain and shift are written, and where it is not the last, its input's.
  void norm_down(const Node& node, bool delivers) const {
    const NormLayout& at = network.norms()[static_cast<std::size_t>(node.index)];
    Trace::Norm& kept = trace.norms[static_cast<std::size_t>(node.index)];
    const Panels from = d(node.out), xhat = kept.xhat.view(trace.rows);
    const Panels to = delivers ? d(node.in) : from;
    const float* gain = weights.parameters.data() + at.gain;
    // on the way to the action `gradient` is null, and there is no batch norm, which stands only before the action
    // joins
    if (gradient)
      compute.run(from.panels(), 10.0 * from.rows * from.width, [&](int p) {
        const Panels part = panels_from(from, p, 1);
        float* dgain = gradient + at.gain + p * kPanel;
        float* dshift = gradient + at.shift + p * kPanel;
        if (at.batch) {
          compute.kernels->batch_norm_backward(part, panels_from(xhat, p, 1), gain + p * kPanel,
                                               kept.inverse_deviation.data() + p * kPanel, dgain, dshift,
                                               panels_from(to, p, 1));
        } else {
          compute.kernels->column_products(part, panels_from(xhat, p, 1), dgain);
          compute.kernels->column_sums(part, dshift);
        }
      });
    if (!delivers || (at.batch && !node.in_is_added && node.in_activation == Activation::linear)) return;
    for_row_blocks(compute, trace.rows, from.width, 10.0 * from.rows * from.width, [&](int begin, int end) {
      if (at.batch)
        finish_input(node, begin, end);
      else
        layer_norm_down(node, begin, end);
    });
  }

  // From the last node down to `bottom`, whose input gets no gradient.
  void down(int bottom) const {
    int n = static_cast<int>(nodes().size()) - 1;
    const Node& last = nodes().back();
    if (last.kind == StepKind::activate) {  // of the output: its derivative is the caller's
      if (n > bottom)
        for_row_blocks(compute, trace.rows, last.in_width, 0,
                       [&](int begin, int end) { finish_input(last, begin, end); });
      n--;
    }
    while (n >= bottom) {
      const Node& node = nodes()[static_cast<std::size_t>(n)];
      if (is_norm(node)) {
        norm_down(node, n > bottom);
        n--;
        continue;
      }
      int end = n;
      while (end > bottom && !is_norm(nodes()[static_cast<std::size_t>(end)])) end--;
      if (n > end) stack_down(n, end);
      if (n == end) break;  // the bottom, and no normalisation
      n = end;
    }
  }

  // --- what the caller gave ---

  // From the node that joins the action to the action.
  void to_action(const Node& node, Panels gradient_to_it) const {
    if (node.kind == StepKind::join) return take_columns(d(node.out), node.in_width, gradient_to_it);
    to_input(node, 1, gradient_to_it);
  }

  // From a dense node to its x0 (input 0) or its action (input 1), or to the first columns of it.
  void to_input(const Node& node, int input, Panels to) const {
    transpose(node, input, to.width);
    const DenseLayout& at = layer(node);
    for_row_blocks(compute, trace.rows, at.out, 2.0 * trace.rows * to.width * at.out, [&](int begin, int end) {
      compute.kernels->dense_backward_input(d(node.out).block(begin, end), weights_down(node, input),
                                            Activation::linear, {}, to.block(begin, end));
    });
  }
};

// The first node for which `wanted`.
template <class Wanted>
int first_node(const Network& network, const Wanted& wanted) {
  const std::vector<Node>& nodes = network.plan().nodes;
  int n = 0;
  while (n + 1 < static_cast<int>(nodes.size()) && !wanted(nodes[static_cast<std::size_t>(n)])) n++;
  return n;
}

bool joins(const Node& node) {
  return node.joined > 0;
}

}  // namespace

void backward_parameters(const Network& network, const Compute& compute, const Weights& weights,
                         ConstPanels observation, ConstPanels action, Trace& trace, AlignedFloats& gradient,
                         Panels observation_gradient) {
  const Backward pass{network, compute, weights, observation, action, trace, gradient.data()};
  pass.down(first_node(network, Backward::has_parameters));
  weight_gradients(network, compute, observation, action, trace, gradient.data());
  if (observation_gradient.data) pass.to_input(network.plan().nodes.front(), 0, observation_gradient);
}

void backward_action(const Network& network, const Compute& compute, const Weights& weights, Trace& trace,
                     Panels action_gradient) {
  const Backward pass{network, compute, weights, {}, {}, trace, nullptr};
  const int joined = first_node(network, joins);
  pass.down(joined);
  pass.to_action(network.plan().nodes[static_cast<std::size_t>(joined)], action_gradient);
}

void backward_inputs(const Network& network, const Compute& compute, const Weights& weights, Trace& trace,
                     Panels observation_gradient, Panels action_gradient) {
  const Backward pass{network, compute, weights, {}, {}, trace, nullptr};
  const std::vector<Node>& nodes = network.plan().nodes;
  pass.down(0);
  pass.to_input(nodes.front(), 0, observation_gradient);
  pass.to_action(nodes[static_cast<std::size_t>(first_node(network, joins))], action_gradient);
}

}  // namespace ddpg
