// Enumerations in options: the name of each value, written and read.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "nn/activations.h"
#include "options/option_value.h"

namespace ddpg {
namespace {

template <class Enum>
using Named = std::pair<Enum, std::string_view>;

// The names of an enumeration's values.
template <class Enum>
constexpr std::array<Named<Enum>, 0> kNames = {};
template <>
constexpr std::array<Named<Noise>, 4> kNames<Noise> = {{{Noise::gaussian, "gaussian"},
                                                        {Noise::ornstein_uhlenbeck, "ornstein-uhlenbeck"},
                                                        {Noise::none, "none"},
                                                        {Noise::own, "own"}}};
template <>
constexpr std::array<Named<EvaluateOn>, 2> kNames<EvaluateOn> = {
    {{EvaluateOn::own, "own"}, {EvaluateOn::training, "training"}}};
template <>
constexpr std::array<Named<OnBreakdown>, 2> kNames<OnBreakdown> = {
    {{OnBreakdown::stop, "stop"}, {OnBreakdown::end_episode, "end_episode"}}};
template <>
constexpr std::array<Named<Aggregate>, 3> kNames<Aggregate> = {
    {{Aggregate::first, "first"}, {Aggregate::mean, "mean"}, {Aggregate::min, "min"}}};
template <>
constexpr std::array<Named<Priority>, 4> kNames<Priority> = {
    {{Priority::uniform, "uniform"}, {Priority::lap, "lap"}, {Priority::per, "per"}, {Priority::fade, "fade"}}};
template <>
constexpr std::array<Named<Body>, 4> kNames<Body> = {{{Body::mlp, "mlp"},
                                                      {Body::simba, "simba"},
                                                      {Body::layer_norm_tanh, "layer-norm-tanh"},
                                                      {Body::avg_l1_norm, "avg-l1-norm"}}};
template <>
constexpr std::array<Named<EncoderKind>, 2> kNames<EncoderKind> = {
    {{EncoderKind::none, "none"}, {EncoderKind::sale, "sale"}}};
template <>
constexpr std::array<Named<Init>, 2> kNames<Init> = {
    {{Init::fan_in, "fan-in"}, {Init::orthogonal_he, "orthogonal-he"}}};
template <>
constexpr std::array<Named<Head>, 4> kNames<Head> = {
    {{Head::mse, "mse"}, {Head::huber, "huber"}, {Head::categorical, "categorical"}, {Head::two_hot, "two-hot"}}};

// Those of activations stand in the table of networks.
template <class Enum>
auto names_of() {
  if constexpr (std::is_same_v<Enum, Activation>) {
    std::array<Named<Activation>, kActivationCount> names;
    std::ranges::transform(activation_forms(), names.begin(),
                           [](const ActivationForm& form) { return std::pair(form.activation, form.name); });
    return names;
  } else {
    return kNames<Enum>;
  }
}

}  // namespace

template <class Enum>
requires std::is_enum_v<Enum> std::string to_toml_value(Enum value) {
  for (const auto& [candidate, name] : names_of<Enum>()) {
    if (candidate == value) return fmt::format("\"{}\"", name);
  }
  return "";
}

template <class Enum>
requires std::is_enum_v<Enum> std::string read_value(const RawValue& raw, Enum& value) {
  std::vector<std::string> expected;
  for (const auto& [candidate, name] : names_of<Enum>()) {
    if (const auto* text = std::get_if<std::string>(&raw); text && *text == name) {
      value = candidate;
      return "";
    }
    expected.push_back(fmt::format("\"{}\"", name));
  }
  return fmt::format("one of {}", fmt::join(expected, ", "));
}

template std::string to_toml_value(Activation);
template std::string read_value(const RawValue&, Activation&);
template std::string to_toml_value(Noise);
template std::string read_value(const RawValue&, Noise&);
template std::string to_toml_value(EvaluateOn);
template std::string read_value(const RawValue&, EvaluateOn&);
template std::string to_toml_value(OnBreakdown);
template std::string read_value(const RawValue&, OnBreakdown&);
template std::string to_toml_value(Aggregate);
template std::string read_value(const RawValue&, Aggregate&);
template std::string to_toml_value(Priority);
template std::string read_value(const RawValue&, Priority&);
template std::string to_toml_value(Body);
template std::string read_value(const RawValue&, Body&);
template std::string to_toml_value(EncoderKind);
template std::string read_value(const RawValue&, EncoderKind&);
template std::string to_toml_value(Init);
template std::string read_value(const RawValue&, Init&);
template std::string to_toml_value(Head);
template std::string read_value(const RawValue&, Head&);

}  // namespace ddpg
