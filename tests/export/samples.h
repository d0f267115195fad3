// Policies to export: the actor of every preset, and what no preset has; each with bounds that are unequal and not
// symmetric, weights of a size that makes it use its whole range, and observations of different scales.
#pragma once

#include <cmath>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "agent/mu.h"
#include "ddpg/export.h"
#include "ddpg/options.h"
#include "ddpg/random.h"
#include "nn/network.h"
#include "nn/network_samples.h"
#include "nn/passes.h"
#include "policy/content.h"

namespace ddpg::testing {

struct ExportSample {
  std::string name;  // a C identifier
  Policy::Content content;
};

// Neither centred nor of one scale, as joint angles and speeds are.
inline double observation_centre(int i) {
  return i % 3 == 0 ? 1.25 : i % 3 == 1 ? 0.0 : -0.1;
}
inline double observation_scale(int i) {
  return i % 3 == 0 ? 0.1 : i % 3 == 1 ? 1.0 : 3.0;
}

// Where all observations of some samples lie: floats there have steps of 1/128.
inline constexpr double kFar = 1e5;
inline double distance_of(const Policy::Content& content) {
  return content.normalise && content.mean[0] > kFar / 2 ? kFar : 0;
}

inline double sample_observation(RandomStream& random, int i, double width, double distance) {
  return distance + observation_centre(i) + observation_scale(i) * random.uniform(-width, width);
}

// Observations as the network gets them.
inline PanelMatrix sample_observations(int size, const Policy::Content& content, RandomStream& random) {
  constexpr int kRows = 128;
  PanelMatrix observations(kRows, size);
  for (int r = 0; r < kRows; r++)
    for (int i = 0; i < size; i++) {
      double x = sample_observation(random, i, 2, distance_of(content));
      const auto at = static_cast<std::size_t>(i);
      if (content.normalise) x = (x - content.mean[at]) / content.deviation[at];
      observations.view().at(r, i) = static_cast<float>(x);
    }
  return observations;
}

// What training leaves in a network with batch norm: the statistics of its observations and of what it makes of them.
inline void fit_running_statistics(const Network& network, Weights& weights, const PanelMatrix& observations) {
  constexpr int kRounds = 60;  // what was there before counts 0.9^60
  Trace trace(network, observations.view().rows, false);
  for (int round = 0; round < kRounds; round++) {
    forward(network, Compute{}, weights, observations.view(), {}, NormMode::batch, trace);
    update_running_statistics(network, trace, weights);
  }
}

// The output layer such that tanh gets numbers of root mean square 0.5: actions over most of the range, most of them
// where tanh does not hide a difference.
inline void scale_output(Policy::Content& content, RandomStream& random) {
  NetworkBody body = content.body;
  body.steps.pop_back();  // without tanh
  const Network network(body);
  const Weights weights = network.from_tensors(content.tensors);
  const PanelMatrix observations = sample_observations(body.observation_size, content, random);
  Trace trace(network, observations.view().rows, false);
  forward(network, Compute{}, weights, observations.view(), {}, NormMode::running, trace);
  double squares = 0;
  for (int r = 0; r < trace.rows; r++)
    for (int i = 0; i < body.output_size(); i++) squares += std::pow(trace.output().at(r, i), 2);
  const double factor = 0.5 * std::sqrt(trace.rows * body.output_size() / squares);
  const std::string last = "layers." + std::to_string(network.layers().size() - 1) + ".";
  for (Tensor& tensor : content.tensors)
    for (float& value : tensor.values)
      if (tensor.name.starts_with(last)) value = static_cast<float>(factor * value);
}

inline NetworkShape actor_of(const ActorOptions& actor, int observations, int actions) {
  NetworkShape shape;
  shape.observation_size = observations;
  shape.body = actor.body;
  shape.hidden = actor.hidden;
  shape.output_size = actions;
  shape.activation = actor.activation;
  shape.output_activation = Activation::tanh;
  shape.batch_norm = actor.batch_norm;
  shape.layer_norm = actor.layer_norm;
  return shape;
}

inline NetworkBody policy_of(const Options& options, int observations, int actions) {
  const std::vector<float> low(static_cast<std::size_t>(actions), -1.0f), high(low.size(), 1.0f);
  return Mu(options, {"sample", observations, low, high}, 1).body();
}

// What a sample is to be; making it takes a while.
struct SampleForm {
  SampleForm(std::string called, const NetworkBody& of, bool by_statistics = false, float large = 1, double far = 0)
      : name(std::move(called)), body(of), normalise(by_statistics), gain(large), distance(far) {}
  SampleForm(std::string called, const NetworkShape& of, bool by_statistics = false, float large = 1, double far = 0)
      : SampleForm(std::move(called), body_of(of), by_statistics, large, far) {
    shape = of;
  }

  std::string name;
  NetworkBody body;
  std::optional<NetworkShape> shape;  // which it was made of
  bool normalise = false;
  float gain = 1;  // of the first layer's weights: large numbers for its activation
  double distance = 0;
};

inline void PrintTo(const SampleForm& form, std::ostream* out) {
  *out << form.name;
}

inline ExportSample export_sample(const SampleForm& form) {
  const auto& [name, body, shape, normalise, gain, distance] = form;
  RandomStream random(7, name);
  const Network network(body);
  Policy::Content content;
  content.body = body;
  content.tensors = network.tensors(network.initialise(random, 0));
  for (Tensor& tensor : content.tensors) {
    const double low = tensor.name.ends_with("weight") ? 0.5 : -0.5;
    for (float& value : tensor.values) {
      if (tensor.name == "layers.0.weight") value *= gain;
      if (tensor.name.find("norm") != std::string::npos) value = static_cast<float>(random.uniform(low, low + 1));
    }
  }
  for (int i = 0; i < body.output_size(); i++) {
    content.action_low.push_back(-1.0f - 0.3f * static_cast<float>(i));
    content.action_high.push_back(0.7f + 2.5f * static_cast<float>(i * i));
  }
  content.normalise = normalise;
  content.clip = normalise ? 3 : 0;  // which some observations exceed
  for (int i = 0; normalise && i < body.observation_size; i++) {
    content.mean.push_back(distance + observation_centre(i) + random.uniform(-0.01, 0.01));
    content.deviation.push_back(observation_scale(i) * random.uniform(0.8, 1.2));
  }
  Weights weights = network.from_tensors(content.tensors);
  fit_running_statistics(network, weights, sample_observations(body.observation_size, content, random));
  content.tensors = network.tensors(weights);
  scale_output(content, random);
  content.provenance = {"Pendulum-v1", {}, "default", 3, 20'000, -147.5, "0.1.0"};
  return {name, std::move(content)};
}

// A quarter as wide, but for the default: what presets differ in is kinds of steps, and a C compiler reads a megabyte
// of numbers slowly.
inline Options narrowed(const Preset& preset) {
  Options options = preset.options;
  if (preset.name == "default") return options;
  for (int& width : options.actor.hidden) width = (width + 3) / 4;
  for (int& width : options.encoder.hidden) width = (width + 3) / 4;
  options.encoder.size = (options.encoder.size + 3) / 4;
  return options;
}

inline std::vector<SampleForm> sample_forms() {
  std::vector<SampleForm> samples;
  for (const Preset& preset : presets()) {
    const Options options = narrowed(preset);
    std::string name = preset.name;
    for (char& c : name) c = c == '-' ? '_' : c;
    if (options.encoder.kind == EncoderKind::none)
      samples.push_back({name, actor_of(options.actor, 17, 6), options.normalise_observations});
    else
      samples.push_back({name, policy_of(options, 17, 6), options.normalise_observations});
  }
  ActorOptions actor;
  actor.hidden = {64, 64};
  samples.push_back({"normaliser", actor_of(actor, 17, 6), true});
  samples.push_back({"far", actor_of(actor, 17, 6), true, 1, kFar});
  samples.push_back({"pendulum", actor_of(actor, 3, 1), false});
  samples.push_back({"one_action", actor_of(actor, 3, 1), true});
  actor.layer_norm = true;
  samples.push_back({"layer_norm", actor_of(actor, 17, 6), true});
  actor.activation = Activation::elu;
  samples.push_back({"layer_norm_elu", actor_of(actor, 11, 3), false});
  actor.layer_norm = false;
  samples.push_back({"elu_of_large_numbers", actor_of(actor, 5, 2), false, 50});
  actor.batch_norm = true;
  actor.activation = Activation::tanh;
  actor.hidden = {33, 1, 18};
  samples.push_back({"batch_norm_tanh", actor_of(actor, 5, 2), true});
  actor.batch_norm = false;
  actor.hidden = {20, 20};
  for (const Activation activation : {Activation::relu, Activation::elu}) {
    actor.activation = activation;
    actor.body = Body::simba;
    samples.push_back({activation == Activation::relu ? "simba" : "simba_elu", actor_of(actor, 17, 6),
                       activation == Activation::relu});
  }
  for (const NetworkSample& sample : composed_networks()) samples.push_back({sample.name, sample.body, true});
  actor.body = Body::mlp;
  actor.activation = Activation::linear;
  actor.hidden = {7};
  samples.push_back({"linear", actor_of(actor, 2, 2), false});
  actor.hidden = {};
  samples.push_back({"one_layer", actor_of(actor, 3, 2), true});
  return samples;
}

inline std::vector<ExportSample> export_samples() {
  std::vector<ExportSample> samples;
  for (const SampleForm& form : sample_forms()) samples.push_back(export_sample(form));
  return samples;
}

// Observations about the centres, a few far out, and the policy's actions.
inline PolicyPairs sample_pairs(const Policy::Content& content, int rows) {
  Policy policy(content);
  PolicyPairs pairs;
  pairs.rows = rows;
  pairs.origin = "made up";
  RandomStream random(11, "observations");
  std::vector<double> observation(static_cast<std::size_t>(policy.observation_size()));
  std::vector<float> action(static_cast<std::size_t>(policy.action_size()));
  for (int row = 0; row < rows; row++) {
    for (int i = 0; i < policy.observation_size(); i++) {
      pairs.observations.push_back(
          static_cast<float>(sample_observation(random, i, row % 100 == 0 ? 4 : 2, distance_of(content))));
      observation[static_cast<std::size_t>(i)] = static_cast<double>(pairs.observations.back());
    }
    policy.act(observation, action);
    pairs.actions.insert(pairs.actions.end(), action.begin(), action.end());
  }
  return pairs;
}

}  // namespace ddpg::testing
