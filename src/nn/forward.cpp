// Forward, layer by layer; see passes.h. Rows are independent except in batch norm, so whole stacks of layers run block
// of rows by block of rows, and only batch norm's statistics make the blocks wait for each other.
#include "nn/passes.h"
#include "nn/row_blocks.h"

namespace ddpg {
namespace {

// Batch norm in NormMode::batch, a panel of columns at a time. z may be y.
void batch_norm(const Compute& compute, const Weights& weights, const NormLayout& layout, Activation activation,
                ConstPanels z, Trace::Norm& norm, Panels y) {
  const Panels xhat = norm.xhat.view(z.rows);
  compute.run(z.panels(), 10.0 * z.rows * z.width, [&](int p) {
    const int at = p * kPanel;
    compute.kernels->batch_norm_forward(
        panels_from(z, p, 1), weights.parameters.data() + layout.gain + at,
        weights.parameters.data() + layout.shift + at, activation, norm.mean.data() + at, norm.variance.data() + at,
        norm.inverse_deviation.data() + at, panels_from(xhat, p, 1), panels_from(y, p, 1));
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

  // Dense layer n on rows [begin, end), and all that follows row by row; batch norm in NormMode::batch is left to the
  // caller.
  void layer_rows(std::size_t n, int begin, int end, NormMode mode) const {
    const DenseLayout& layer = network.layers()[n];
    const float* p = weights.parameters.data();
    const bool batch = network.shape().batch_norm;
    const Panels y = trace.layers[n].h.view(trace.rows).block(begin, end);
    const Activation fused = layer.norm.present ? Activation::linear : layer.activation;
    compute.kernels->dense_forward(layer_input(network, n, observation, trace).block(begin, end),
                                   layer.in1 ? action.block(begin, end) : ConstPanels{}, p + layer.weights,
                                   layer.has_bias ? p + layer.bias : nullptr, fused, y);
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
    int width = 1;
    for (std::size_t n = first; n < last; n++) {
      flops += dense_flops(network.layers()[n], trace.rows);
      width = std::max(width, network.layers()[n].out);
    }
    for_row_blocks(compute, trace.rows, width, flops, [&](int begin, int end) {
      for (std::size_t n = first; n < last; n++) layer_rows(n, begin, end, mode);
    });
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

}  // namespace ddpg
