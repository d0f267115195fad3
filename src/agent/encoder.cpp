#include "agent/encoder.h"

#include <cstddef>

#include "nn/exchange.h"

namespace ddpg {

NetworkShape state_encoder_shape(const Options& options, const Specification& specification) {
  NetworkShape shape;
  shape.observation_size = specification.observation_size;
  shape.hidden = options.encoder.hidden;
  shape.output_size = options.encoder.size;
  shape.activation = options.encoder.activation;
  shape.output_norm = true;
  return shape;
}

NetworkShape action_encoder_shape(const Options& options, const Specification& specification) {
  NetworkShape shape;
  shape.observation_size = options.encoder.size;
  shape.action_size = specification.action_size();
  shape.action_layer = 1;
  shape.hidden = options.encoder.hidden;
  shape.output_size = options.encoder.size;
  shape.activation = options.encoder.activation;
  return shape;
}

namespace {

// As fan-in has it, in all layers.
NetworkOptions plainly() {
  NetworkOptions options;
  options.final_init = 0;
  return options;
}

// d = the gradient of the mean of (z - wanted)^2 to z; that mean. Summed in 16 lanes, row by row in each panel.
double squared_distance(ConstPanels z, ConstPanels wanted, Panels d) {
  const double count = static_cast<double>(z.rows) * z.width;
  const float scale = static_cast<float>(2 / count);
  double lanes[kPanel] = {};
  for (int p = 0; p < z.panels(); p++)
    for (int r = 0; r < z.rows; r++) {
      const float *a = z.row(p, r), *b = wanted.row(p, r);
      float* const to = d.row(p, r);
      for (int i = 0; i < kPanel; i++) {
        const float error = a[i] - b[i];
        to[i] = scale * error;
        lanes[i] += static_cast<double>(error) * error;
      }
    }
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  return sum / count;
}

}  // namespace

void Encoding::copy() {
  target.parameters = fixed.parameters;
  fixed.parameters = weights.parameters;
}

void Encoding::exchange(Snapshot& snapshot) {
  Learned::exchange(snapshot);
  exchange_weights(snapshot, "fixed", network, fixed);
}

Encoder::Encoder(const Options& options, const Specification& specification, RandomStream& random, Compute compute)
    : f(state_encoder_shape(options, specification), options.adam, plainly(), random),
      g(action_encoder_shape(options, specification), options.adam, plainly(), random),
      learning_rate_(options.encoder.learning_rate),
      compute_(compute),
      f_trace_(f.network, options.batch_size, true),
      next_trace_(f.network, options.batch_size, false),
      g_trace_(g.network, options.batch_size, true) {}

void Encoder::update(const Minibatch& minibatch) {
  const ConstPanels s = minibatch.observation.view(), a = minibatch.action.view();
  forward(f.network, compute_, f.weights, minibatch.next_observation.view(), {}, NormMode::batch, next_trace_);
  forward(f.network, compute_, f.weights, s, {}, NormMode::batch, f_trace_);
  const ConstPanels z = f_trace_.output();
  forward(g.network, compute_, g.weights, z, a, NormMode::batch, g_trace_);
  loss_ = squared_distance(g_trace_.output(), next_trace_.output(), g_trace_.output_gradient());
  backward_parameters(g.network, compute_, g.weights, z, a, g_trace_, g.gradient, f_trace_.output_gradient());
  backward_parameters(f.network, compute_, f.weights, s, {}, f_trace_, f.gradient);
  for (Encoding* encoding : {&f, &g})
    encoding->adam.step(encoding->network, compute_, encoding->gradient, {.learning_rate = learning_rate_},
                        encoding->weights, nullptr);
}

void Encoder::copy() {
  f.copy();
  g.copy();
}

void Encoder::exchange(Snapshot& snapshot) {
  snapshot.inside("state", [&] { f.exchange(snapshot); });
  snapshot.inside("state_action", [&] { g.exchange(snapshot); });
}

}  // namespace ddpg
