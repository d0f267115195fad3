// Enumerations in options: the name of each value, written and read.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "nn/activations.h"
#include "options/option_value.h"

namespace ddpg {
namespace {

constexpr std::array<std::pair<Noise, std::string_view>, 4> kNoises = {
    {{Noise::gaussian, "gaussian"},
     {Noise::ornstein_uhlenbeck, "ornstein-uhlenbeck"},
     {Noise::none, "none"},
     {Noise::own, "own"}}};
constexpr std::array<std::pair<EvaluateOn, std::string_view>, 2> kEvaluateOn = {
    {{EvaluateOn::own, "own"}, {EvaluateOn::training, "training"}}};
constexpr std::array<std::pair<OnBreakdown, std::string_view>, 2> kOnBreakdown = {
    {{OnBreakdown::stop, "stop"}, {OnBreakdown::end_episode, "end_episode"}}};
constexpr std::array<std::pair<Aggregate, std::string_view>, 3> kAggregates = {
    {{Aggregate::first, "first"}, {Aggregate::mean, "mean"}, {Aggregate::min, "min"}}};
constexpr std::array<std::pair<Priority, std::string_view>, 4> kPriorities = {
    {{Priority::uniform, "uniform"}, {Priority::lap, "lap"}, {Priority::per, "per"}, {Priority::fade, "fade"}}};
constexpr std::array<std::pair<Body, std::string_view>, 4> kBodies = {{{Body::mlp, "mlp"},
                                                                       {Body::simba, "simba"},
                                                                       {Body::layer_norm_tanh, "layer-norm-tanh"},
                                                                       {Body::avg_l1_norm, "avg-l1-norm"}}};
constexpr std::array<std::pair<EncoderKind, std::string_view>, 2> kEncoders = {
    {{EncoderKind::none, "none"}, {EncoderKind::sale, "sale"}}};
constexpr std::array<std::pair<Init, std::string_view>, 2> kInits = {
    {{Init::fan_in, "fan-in"}, {Init::orthogonal_he, "orthogonal-he"}}};
constexpr std::array<std::pair<Head, std::string_view>, 4> kHeads = {
    {{Head::mse, "mse"}, {Head::huber, "huber"}, {Head::categorical, "categorical"}, {Head::two_hot, "two-hot"}}};

std::array<std::pair<Activation, std::string_view>, kActivationCount> activation_names() {
  std::array<std::pair<Activation, std::string_view>, kActivationCount> names;
  std::ranges::transform(activation_forms(), names.begin(),
                         [](const ActivationForm& form) { return std::pair(form.activation, form.name); });
  return names;
}

template <class Enum, std::size_t N>
std::string name_of(Enum value, const std::array<std::pair<Enum, std::string_view>, N>& names) {
  for (const auto& [candidate, name] : names) {
    if (candidate == value) return fmt::format("\"{}\"", name);
  }
  return "";
}

template <class Enum, std::size_t N>
std::string read_name(const RawValue& raw, Enum& value, const std::array<std::pair<Enum, std::string_view>, N>& names) {
  std::vector<std::string> expected;
  for (const auto& [candidate, name] : names) {
    if (const auto* text = std::get_if<std::string>(&raw); text && *text == name) {
      value = candidate;
      return "";
    }
    expected.push_back(fmt::format("\"{}\"", name));
  }
  return fmt::format("one of {}", fmt::join(expected, ", "));
}

}  // namespace

std::string to_toml_value(Activation value) {
  return name_of(value, activation_names());
}

std::string read_value(const RawValue& raw, Activation& value) {
  return read_name(raw, value, activation_names());
}

std::string to_toml_value(Noise value) {
  return name_of(value, kNoises);
}

std::string read_value(const RawValue& raw, Noise& value) {
  return read_name(raw, value, kNoises);
}

std::string to_toml_value(EvaluateOn value) {
  return name_of(value, kEvaluateOn);
}

std::string read_value(const RawValue& raw, EvaluateOn& value) {
  return read_name(raw, value, kEvaluateOn);
}

std::string to_toml_value(OnBreakdown value) {
  return name_of(value, kOnBreakdown);
}

std::string read_value(const RawValue& raw, OnBreakdown& value) {
  return read_name(raw, value, kOnBreakdown);
}

std::string to_toml_value(Aggregate value) {
  return name_of(value, kAggregates);
}

std::string read_value(const RawValue& raw, Aggregate& value) {
  return read_name(raw, value, kAggregates);
}

std::string to_toml_value(Priority value) {
  return name_of(value, kPriorities);
}

std::string read_value(const RawValue& raw, Priority& value) {
  return read_name(raw, value, kPriorities);
}

std::string to_toml_value(Head value) {
  return name_of(value, kHeads);
}

std::string read_value(const RawValue& raw, Head& value) {
  return read_name(raw, value, kHeads);
}

std::string to_toml_value(Body value) {
  return name_of(value, kBodies);
}

std::string read_value(const RawValue& raw, Body& value) {
  return read_name(raw, value, kBodies);
}

std::string to_toml_value(EncoderKind value) {
  return name_of(value, kEncoders);
}

std::string read_value(const RawValue& raw, EncoderKind& value) {
  return read_name(raw, value, kEncoders);
}

std::string to_toml_value(Init value) {
  return name_of(value, kInits);
}

std::string read_value(const RawValue& raw, Init& value) {
  return read_name(raw, value, kInits);
}

}  // namespace ddpg
