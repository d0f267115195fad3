// Backward, node by node from the last to the first; see passes.h. As forward, stacks of nodes run block of rows by
// block of rows, and normalisations make them wait; gradients of weights sum over the rows and are cut into panels of
// outputs.
#include "nn/passes.h"
#include "nn/row_blocks.h"

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
  float* gradient;         // to the parameters; null: on the way to the action
  Panels action_gradient;  // to the action; empty: on the way to the parameters

  const std::vector<Node>& nodes() const { return network.plan().nodes; }
  const DenseLayout& layer(const Node& node) const { return network.layers()[static_cast<std::size_t>(node.index)]; }
  Panels d(int slot) const { return trace.slot(slot).d.view(trace.rows); }

  // --- dense ---

  // The weights of a layer's x0 (input 0) or of its action (input 1), as dense_backward_input reads them: a single
  // output's are their own.
  const float* weights_down(const Node& node, int input) const {
    const DenseLayout& at = layer(node);
    if (at.out == 1) return weights.parameters.data() + at.weights + at.segment(input);
    return (input == 0 ? trace.transposed[static_cast<std::size_t>(node.index)] : trace.transposed_action).data();
  }
  void transpose(const Node& node, int input) const {
    const DenseLayout& at = layer(node);
    if (at.out == 1) return;
    const int begin = input == 0 ? 0 : at.in0, in = input == 0 ? at.in0 : at.in1;
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

  // --- the way down ---

  static bool is_norm(const Node& node) {
    return node.kind == StepKind::layer_norm || node.kind == StepKind::batch_norm;
  }
  static bool has_parameters(const Node& node) { return node.kind == StepKind::dense || is_norm(node); }

  // Is no step above n the first, from above, to add the value that n adds?
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
      case StepKind::layer_norm:
      case StepKind::batch_norm:
        return;  // norm_down()
    }
  }

  // Nodes first, first - 1, ..., last + 1, no normalisation among them, with no barrier between.
  void stack_down(int first, int last) const {
    double flops = 0;
    int width = 1;
    for (int n = first; n > last; n--) {
      const Node& node = nodes()[static_cast<std::size_t>(n)];
      if (node.kind != StepKind::dense) continue;
      transpose(node, 0);
      flops += dense_flops(layer(node), trace.rows);
      width = std::max(width, node.in_width);
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
    // on the way to the action there is no `gradient`, and never batch norm: it stands before the action alone
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

  // From the last node down to `bottom`, which does not deliver.
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

  // --- weights ---

  // Gradients of the dense layers' weights and biases, for all layers together: a piece is some panels of outputs.
  void weight_gradients() const {
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
    compute.run(pieces, flops, [&](int piece) {
      std::size_t n = 0;
      for (; piece >= pieces_in(n); n++) piece -= pieces_in(n);
      weight_gradients_of(node_of_layer(n), piece * size_in(n), size_in(n));
    });
  }

  const Node& node_of_layer(std::size_t n) const {
    for (const Node& node : nodes())
      if (node.kind == StepKind::dense && n-- == 0) return node;
    return nodes().back();
  }

  void weight_gradients_of(const Node& node, int panel, int count) const {
    const DenseLayout& at = layer(node);
    const ConstPanels dz = panels_from(ConstPanels(d(node.out)), panel, count);
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

  // --- the action ---

  // From the node that joins the action to the action.
  void to_action(const Node& node) const {
    if (node.kind == StepKind::join) return take_columns(d(node.out), node.in_width, action_gradient);
    transpose(node, 1);
    const DenseLayout& at = layer(node);
    for_row_blocks(compute, trace.rows, at.out, dense_flops(at, trace.rows), [&](int begin, int end) {
      compute.kernels->dense_backward_input(d(node.out).block(begin, end), weights_down(node, 1), Activation::linear,
                                            {}, action_gradient.block(begin, end));
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

}  // namespace

void backward_parameters(const Network& network, const Compute& compute, const Weights& weights,
                         ConstPanels observation, ConstPanels action, Trace& trace, AlignedFloats& gradient) {
  const Backward pass{network, compute, weights, observation, action, trace, gradient.data(), {}};
  pass.down(first_node(network, Backward::has_parameters));
  pass.weight_gradients();
}

void backward_action(const Network& network, const Compute& compute, const Weights& weights, Trace& trace,
                     Panels action_gradient) {
  const Backward pass{network, compute, weights, {}, {}, trace, nullptr, action_gradient};
  const int joined = first_node(network, [](const Node& node) { return node.joined > 0; });
  pass.down(joined);
  pass.to_action(network.plan().nodes[static_cast<std::size_t>(joined)]);
}

}  // namespace ddpg
