// Forward and backward, layer by layer; see passes.h. Rows are independent except in batch norm, so whole stacks of
// layers run block of rows by block of rows, and only batch norm's statistics make the blocks wait for each other.
#include "nn/passes.h"

#include <algorithm>

#include "nn/tensors.h"

namespace ddpg {
namespace {

constexpr int kBlockRows =
    48;  // a multiple of every tile height; small enough that a block's activations stay in the cache

int row_blocks(int rows) {
  return (rows + kBlockRows - 1) / kBlockRows;
}

template <class Body>
void for_row_blocks(const Compute& compute, int rows, double flops, const Body& body) {
  compute.run(row_blocks(rows), flops,
              [&](int block) { body(block * kBlockRows, std::min(rows, (block + 1) * kBlockRows)); });
}

double dense_flops(const DenseLayout& layer, int rows) {
  return 2.0 * rows * (layer.in0 + layer.in1) * layer.out;
}

// One panel of 16 columns of a matrix.
ConstPanels panel_of(ConstPanels x, int panel) {
  return {x.data + panel * x.stride, x.rows, std::min(kPanel, x.width - panel * kPanel), x.stride};
}
Panels panel_of(Panels x, int panel) {
  return {x.data + panel * x.stride, x.rows, std::min(kPanel, x.width - panel * kPanel), x.stride};
}

// Batch norm in NormMode::batch, a panel of columns at a time. z may be y.
void batch_norm(const Compute& compute, const Weights& weights, const NormLayout& layout, Activation activation,
                ConstPanels z, Trace::Norm& norm, Panels y) {
  const Panels xhat = norm.xhat.view(z.rows);
  compute.run(z.panels(), 10.0 * z.rows * z.width, [&](int p) {
    const int at = p * kPanel;
    compute.kernels->batch_norm_forward(panel_of(z, p), weights.parameters.data() + layout.gain + at,
                                        weights.parameters.data() + layout.shift + at, activation,
                                        norm.mean.data() + at, norm.variance.data() + at,
                                        norm.inverse_deviation.data() + at, panel_of(xhat, p), panel_of(y, p));
  });
}

void batch_norm_running(const Compute& compute, const Weights& weights, const NormLayout& layout, Activation activation,
                        ConstPanels z, Panels y) {
  compute.kernels->batch_norm_inference(
      z, weights.parameters.data() + layout.gain, weights.parameters.data() + layout.shift,
      weights.statistics.data() + layout.mean, weights.statistics.data() + layout.variance, activation, y);
}

// One pass forward over a network; the parts that every step needs.
struct Forward {
  const Network& network;
  const Compute& compute;
  const Weights& weights;
  ConstPanels observation, action;
  Trace& trace;

  ConstPanels input(std::size_t n) const {
    if (n > 0) return trace.layers[n - 1].h.view(trace.rows);
    return network.input_norm().present ? ConstPanels(trace.input.view(trace.rows)) : observation;
  }

  // Dense layer n on rows [begin, end), and all that follows row by row; batch norm in NormMode::batch is left to the
  // caller.
  void layer_rows(std::size_t n, int begin, int end, NormMode mode) const {
    const DenseLayout& layer = network.layers()[n];
    const float* p = weights.parameters.data();
    const bool batch = network.shape().batch_norm;
    const Panels y = trace.layers[n].h.view(trace.rows).block(begin, end);
    const Activation fused = layer.norm.present ? Activation::linear : layer.activation;
    compute.kernels->dense_forward(input(n).block(begin, end), layer.in1 ? action.block(begin, end) : ConstPanels{},
                                   p + layer.weights, layer.has_bias ? p + layer.bias : nullptr, fused, y);
    if (!layer.norm.present) return;
    if (batch && mode == NormMode::running) batch_norm_running(compute, weights, layer.norm, layer.activation, y, y);
    if (!batch)
      compute.kernels->layer_norm_forward(y, p + layer.norm.gain, p + layer.norm.shift, layer.activation,
                                          trace.layers[n].norm.inverse_deviation.data() + begin,
                                          trace.layers[n].norm.xhat.view(trace.rows).block(begin, end), y);
  }

  // Layers [first, last) without a barrier between them.
  void stack(std::size_t first, std::size_t last, NormMode mode) const {
    double flops = 0;
    for (std::size_t n = first; n < last; n++) flops += dense_flops(network.layers()[n], trace.rows);
    for_row_blocks(compute, trace.rows, flops, [&](int begin, int end) {
      for (std::size_t n = first; n < last; n++) layer_rows(n, begin, end, mode);
    });
  }
};

// One pass backward; dz of the output layer is given.
struct Backward {
  const Network& network;
  const Compute& compute;
  const Weights& weights;
  ConstPanels observation, action;
  Trace& trace;

  Panels dz(std::size_t n) const { return trace.layers[n].dz.view(trace.rows); }

  // The weights of layer n's x0 (or of its action), as dense_backward_input reads them.
  const float* transposed(std::size_t n, int input, AlignedFloats& memory) const {
    const DenseLayout& layer = network.layers()[n];
    const float* w = weights.parameters.data() + layer.weights;
    if (layer.out == 1) return w + layer.segment(input);
    compute.kernels->transpose_weights(w, layer.panel_stride(), input == 0 ? 0 : layer.in0,
                                       input == 0 ? layer.in0 : layer.in1, layer.out, memory.data());
    return memory.data();
  }

  // dz of layer n - 1 (before its normalisation: to the normalised value) on some rows, from dz of layer n.
  void down_rows(std::size_t n, const float* w, int begin, int end) const {
    Trace::Layer& below = trace.layers[n - 1];
    const DenseLayout& layout = network.layers()[n - 1];
    const Panels dn = below.dz.view(trace.rows).block(begin, end);
    compute.kernels->dense_backward_input(dz(n).block(begin, end), w, layout.activation,
                                          below.h.view(trace.rows).block(begin, end), dn);
  }

  // Layers [bottom, top) below the output: their dz, with no barrier but those of batch norm. Normalisation gradients
  // go to `gradient`.
  void down(std::size_t bottom, float* gradient) const {
    for (std::size_t n = network.layers().size() - 1; n > bottom; n--) {
      const float* w = transposed(n, 0, trace.layers[n].transposed);
      for_row_blocks(compute, trace.rows, dense_flops(network.layers()[n], trace.rows),
                     [&](int begin, int end) { down_rows(n, w, begin, end); });
      const DenseLayout& layout = network.layers()[n - 1];
      if (layout.norm.present) norm_down(layout.norm, trace.layers[n - 1].norm, dz(n - 1), gradient);
    }
  }

  // Through a normalisation: dn becomes dz in place; gradients of gain and shift are written.
  void norm_down(const NormLayout& layout, Trace::Norm& norm, Panels d, float* gradient) const {
    const Panels xhat = norm.xhat.view(trace.rows);
    const float* gain = weights.parameters.data() + layout.gain;
    const bool batch = network.shape().batch_norm;
    // on the way to the action there is no `gradient`, and never batch norm: it stands before the action alone
    if (gradient)
      compute.run(d.panels(), 10.0 * d.rows * d.width, [&](int p) {
        const Panels part = panel_of(d, p);
        float* dgain = gradient + layout.gain + p * kPanel;
        float* dshift = gradient + layout.shift + p * kPanel;
        if (batch) {
          compute.kernels->batch_norm_backward(part, panel_of(xhat, p), gain + p * kPanel,
                                               norm.inverse_deviation.data() + p * kPanel, dgain, dshift, part);
        } else {
          compute.kernels->column_products(part, panel_of(xhat, p), dgain);
          compute.kernels->column_sums(part, dshift);
        }
      });
    if (batch) return;
    for_row_blocks(compute, trace.rows, 10.0 * d.rows * d.width, [&](int begin, int end) {
      const Panels part = d.block(begin, end);
      compute.kernels->layer_norm_backward(part, xhat.block(begin, end), gain, norm.inverse_deviation.data() + begin,
                                           part);
    });
  }

  // Gradients of the dense layers' weights and biases, one panel of outputs (or, for one output, of inputs) at a time.
  void weight_gradients(std::size_t n, ConstPanels x0, float* gradient) const {
    const DenseLayout& layer = network.layers()[n];
    const Panels d = dz(n);
    float* g = gradient + layer.weights;
    const auto segment = [&](ConstPanels x, int input) {
      if (x.width == 0) return;
      float* here = g + layer.segment(input);
      if (layer.out == 1)
        compute.kernels->dense_backward_weights(d, x, here, kPanel);
      else
        compute.run(d.panels(), 2.0 * x.rows * x.width * d.width, [&](int p) {
          compute.kernels->dense_backward_weights(x, panel_of(d, p), here + p * layer.panel_stride(),
                                                  layer.panel_stride());
        });
    };
    segment(x0, 0);
    if (layer.in1) segment(action, 1);
    if (layer.has_bias) compute.kernels->column_sums(d, gradient + layer.bias);
  }
};

AlignedFloats norm_floats(bool wanted, int size) {
  return AlignedFloats(wanted ? static_cast<std::size_t>(padded(size)) : 0);
}

Trace::Norm make_norm(const NormLayout& layout, bool batch, int rows) {
  if (!layout.present) return {};
  return {PanelMatrix(rows, layout.width), norm_floats(batch, layout.width), norm_floats(batch, layout.width),
          norm_floats(true, batch ? layout.width : rows)};
}

}  // namespace

Trace::Trace(const Network& network, int max_rows, bool with_gradients) : rows(max_rows) {
  const bool batch = network.shape().batch_norm;
  input_norm = make_norm(network.input_norm(), batch, max_rows);
  if (network.input_norm().present) input = PanelMatrix(max_rows, network.shape().observation_size);
  if (network.input_norm().present && with_gradients) dinput = PanelMatrix(max_rows, network.shape().observation_size);
  for (const DenseLayout& layout : network.layers()) {
    Layer layer{PanelMatrix(max_rows, layout.out), {}, make_norm(layout.norm, batch, max_rows), {}};
    if (with_gradients) {
      layer.dz = PanelMatrix(max_rows, layout.out);
      if (layout.out > 1)
        layer.transposed = AlignedFloats(static_cast<std::size_t>(panels_of(layout.in0)) * layout.out * kPanel);
      if (layout.out > 1 && layout.in1)
        transposed_action = AlignedFloats(static_cast<std::size_t>(panels_of(layout.in1)) * layout.out * kPanel);
    }
    layers.push_back(std::move(layer));
  }
}

void forward(const Network& network, const Compute& compute, const Weights& weights, ConstPanels observation,
             ConstPanels action, NormMode mode, Trace& trace) {
  trace.rows = observation.rows;
  const Forward pass{network, compute, weights, observation, action, trace};
  if (network.input_norm().present) {
    const Panels input = trace.input.view(trace.rows);
    if (mode == NormMode::batch)
      batch_norm(compute, weights, network.input_norm(), Activation::linear, observation, trace.input_norm, input);
    else
      batch_norm_running(compute, weights, network.input_norm(), Activation::linear, observation, input);
  }
  std::size_t first = 0;
  for (std::size_t n = 0; n < network.layers().size(); n++) {
    const NormLayout& norm = network.layers()[n].norm;
    if (!(network.shape().batch_norm && norm.present && mode == NormMode::batch)) continue;
    pass.stack(first, n + 1, mode);
    Trace::Layer& layer = trace.layers[n];
    const Panels h = layer.h.view(trace.rows);
    batch_norm(compute, weights, norm, network.layers()[n].activation, h, layer.norm, h);
    first = n + 1;
  }
  pass.stack(first, network.layers().size(), mode);
}

void update_running_statistics(const Network& network, const Trace& trace, Weights& weights) {
  constexpr float kMomentum = 0.1f;
  if (!network.shape().batch_norm) return;
  const float rows = static_cast<float>(trace.rows);
  const float unbiased = kMomentum * (rows / (rows - 1.0f));
  const auto update = [&](const NormLayout& layout, const Trace::Norm& norm) {
    for (int i = 0; i < layout.width; i++) {
      float& mean = weights.statistics[layout.mean + i];
      float& variance = weights.statistics[layout.variance + i];
      mean = (1.0f - kMomentum) * mean + kMomentum * norm.mean[static_cast<std::size_t>(i)];
      variance = (1.0f - kMomentum) * variance + unbiased * norm.variance[static_cast<std::size_t>(i)];
    }
  };
  if (network.input_norm().present) update(network.input_norm(), trace.input_norm);
  for (std::size_t n = 0; n < network.layers().size(); n++)
    if (network.layers()[n].norm.present) update(network.layers()[n].norm, trace.layers[n].norm);
}

void backward_parameters(const Network& network, const Compute& compute, const Weights& weights,
                         ConstPanels observation, ConstPanels action, Trace& trace, AlignedFloats& gradient) {
  const Backward pass{network, compute, weights, observation, action, trace};
  const Forward inputs{network, compute, weights, observation, action, trace};
  pass.down(0, gradient.data());
  for (std::size_t n = network.layers().size(); n-- > 0;) pass.weight_gradients(n, inputs.input(n), gradient.data());
  if (!network.input_norm().present) return;
  const Panels dinput = trace.dinput.view(trace.rows);
  compute.kernels->dense_backward_input(pass.dz(0), pass.transposed(0, 0, trace.layers[0].transposed),
                                        Activation::linear, {}, dinput);
  pass.norm_down(network.input_norm(), trace.input_norm, dinput, gradient.data());
}

void backward_action(const Network& network, const Compute& compute, const Weights& weights, Trace& trace,
                     Panels action_gradient) {
  const Backward pass{network, compute, weights, {}, {}, trace};
  const std::size_t joined = static_cast<std::size_t>(network.shape().action_layer) - 1;
  pass.down(joined, nullptr);
  const float* w = pass.transposed(joined, 1, trace.transposed_action);
  compute.kernels->dense_backward_input(pass.dz(joined), w, Activation::linear, {}, action_gradient);
}

}  // namespace ddpg
