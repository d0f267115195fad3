// Backward, layer by layer; see passes.h. As forward, stacks of layers run block of rows by block of rows; gradients of
// weights sum over the rows and are cut into panels of outputs.
#include "nn/passes.h"
#include "nn/row_blocks.h"

namespace ddpg {
namespace {

// One pass backward; dz of the output layer is given.
struct Backward {
  const Network& network;
  const Compute& compute;
  const Weights& weights;
  ConstPanels observation, action;
  Trace& trace;

  Panels dz(std::size_t n) const { return trace.layers[n].dz.view(trace.rows); }

  // The weights of layer n's x0 (input 0) or of its action (input 1), as dense_backward_input reads them: a single
  // output's are their own.
  const float* weights_down(std::size_t n, int input) const {
    const DenseLayout& layer = network.layers()[n];
    if (layer.out == 1) return weights.parameters.data() + layer.weights + layer.segment(input);
    return input == 0 ? trace.layers[n].transposed.data() : trace.transposed_action.data();
  }
  void transpose(std::size_t n, int input) const {
    const DenseLayout& layer = network.layers()[n];
    if (layer.out == 1) return;
    const int begin = input == 0 ? 0 : layer.in0, in = input == 0 ? layer.in0 : layer.in1;
    float* to = (input == 0 ? trace.layers[n].transposed : trace.transposed_action).data();
    compute.run(panels_of(in), 40.0 * in * layer.out, [&](int panel) {
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(panel) * kPanel;
      compute.kernels->transpose_weights(weights.parameters.data() + layer.weights, layer.panel_stride(),
                                         begin + panel * kPanel, std::min(kPanel, in - panel * kPanel), layer.out,
                                         to + at * layer.out);
    });
  }

  // dz of layer n - 1 (before its normalisation: to the normalised value) on some rows, from dz of layer n.
  void down_rows(std::size_t n, int begin, int end) const {
    Trace::Layer& below = trace.layers[n - 1];
    compute.kernels->dense_backward_input(
        dz(n).block(begin, end), weights_down(n, 0), network.layers()[n - 1].activation,
        below.h.view(trace.rows).block(begin, end), below.dz.view(trace.rows).block(begin, end));
  }
  // dz of the layers from below the output down to `bottom`, with no barrier but at normalisations, whose gradients go
  // to `gradient`.
  void down(std::size_t bottom, float* gradient) const {
    const std::vector<DenseLayout>& layers = network.layers();
    for (std::size_t top = layers.size() - 1; top > bottom;) {
      std::size_t end = top - 1;  // the stack goes from dz of `top` to dz of `end`
      while (end > bottom && !layers[end].norm.present) end--;
      double flops = 0;
      int width = 1;
      for (std::size_t n = top; n > end; n--) {
        transpose(n, 0);
        flops += dense_flops(layers[n], trace.rows);
        width = std::max(width, layers[n].in0);
      }
      for_row_blocks(compute, trace.rows, width, flops, [&](int first, int past) {
        for (std::size_t n = top; n > end; n--) down_rows(n, first, past);
      });
      if (layers[end].norm.present) norm_down(layers[end].norm, trace.layers[end].norm, dz(end), gradient);
      top = end;
    }
  }

  // From dz of layer n to one of its inputs, where that is not another layer's output.
  void to_input(std::size_t n, int input, Panels gradient) const {
    transpose(n, input);
    const DenseLayout& layer = network.layers()[n];
    for_row_blocks(compute, trace.rows, layer.out, dense_flops(layer, trace.rows), [&](int begin, int end) {
      compute.kernels->dense_backward_input(dz(n).block(begin, end), weights_down(n, input), Activation::linear, {},
                                            gradient.block(begin, end));
    });
  }

  // Through a normalisation: dn becomes dz in place; gradients of gain and shift are written.
  void norm_down(const NormLayout& layout, Trace::Norm& norm, Panels d, float* gradient) const {
    const Panels xhat = norm.xhat.view(trace.rows);
    const float* gain = weights.parameters.data() + layout.gain;
    const bool batch = network.shape().batch_norm;
    // on the way to the action there is no `gradient`, and never batch norm: it stands before the action alone
    if (gradient)
      compute.run(d.panels(), 10.0 * d.rows * d.width, [&](int p) {
        const Panels part = panels_from(d, p, 1);
        float* dgain = gradient + layout.gain + p * kPanel;
        float* dshift = gradient + layout.shift + p * kPanel;
        if (batch) {
          compute.kernels->batch_norm_backward(part, panels_from(xhat, p, 1), gain + p * kPanel,
                                               norm.inverse_deviation.data() + p * kPanel, dgain, dshift, part);
        } else {
          compute.kernels->column_products(part, panels_from(xhat, p, 1), dgain);
          compute.kernels->column_sums(part, dshift);
        }
      });
    if (batch) return;
    for_row_blocks(compute, trace.rows, d.width, 10.0 * d.rows * d.width, [&](int begin, int end) {
      const Panels part = d.block(begin, end);
      compute.kernels->layer_norm_backward(part, xhat.block(begin, end), gain, norm.inverse_deviation.data() + begin,
                                           part);
    });
  }

  // Gradients of the dense layers' weights and biases, for all layers together: a piece is some panels of outputs.
  void weight_gradients(float* gradient) const {
    double flops = 0;
    for (const DenseLayout& layer : network.layers()) flops += dense_flops(layer, trace.rows);
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
      weight_gradients_of(n, piece * size_in(n), size_in(n), gradient);
    });
  }

  void weight_gradients_of(std::size_t n, int panel, int count, float* gradient) const {
    const DenseLayout& layer = network.layers()[n];
    const ConstPanels d = panels_from(ConstPanels(dz(n)), panel, count);
    const auto segment = [&](ConstPanels x, int input) {
      float* to = gradient + layer.weights + layer.segment(input);
      if (layer.out == 1)  // the weights lie along the inputs: the product is turned around
        compute.kernels->dense_backward_weights(d, x, to, kPanel);
      else
        compute.kernels->dense_backward_weights(x, d, to + panel * layer.panel_stride(), layer.panel_stride());
    };
    segment(layer_input(network, n, observation, trace), 0);
    if (layer.in1) segment(action, 1);
    if (layer.has_bias) compute.kernels->column_sums(d, gradient + layer.bias + panel * kPanel);
  }
};

}  // namespace

void backward_parameters(const Network& network, const Compute& compute, const Weights& weights,
                         ConstPanels observation, ConstPanels action, Trace& trace, AlignedFloats& gradient) {
  const Backward pass{network, compute, weights, observation, action, trace};
  pass.down(0, gradient.data());
  pass.weight_gradients(gradient.data());
  if (!network.input_norm().present) return;
  const Panels dinput = trace.dinput.view(trace.rows);
  pass.to_input(0, 0, dinput);
  pass.norm_down(network.input_norm(), trace.input_norm, dinput, gradient.data());
}

void backward_action(const Network& network, const Compute& compute, const Weights& weights, Trace& trace,
                     Panels action_gradient) {
  const Backward pass{network, compute, weights, {}, {}, trace};
  const std::size_t joined = static_cast<std::size_t>(network.shape().action_layer) - 1;
  pass.down(joined, nullptr);
  pass.to_input(joined, 1, action_gradient);
}

}  // namespace ddpg
