// What the sections of a policy file hold, writing and reading side by side: see sections.h and docs/policy-format.md.
#include "policy/sections.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <type_traits>
#include <utility>

#include "policy/check.h"

namespace ddpg {
namespace {

constexpr std::uint64_t kNan = 0x7FF8000000000000;  // the one NaN that a file holds
constexpr std::array kActivations = {Activation::linear, Activation::relu, Activation::tanh, Activation::elu};

// A number kept for the record only: any value, but a single NaN.
void write_record(ByteWriter& out, double value) {
  out.u64(std::isnan(value) ? kNan : std::bit_cast<std::uint64_t>(value));
}

double read_record(ByteReader& in, std::string_view what) {
  const std::uint64_t bits = in.u64(what);
  const double value = std::bit_cast<double>(bits);
  if (std::isnan(value) && bits != kNan) {
    in.fail(fmt::format("{}: expected NaN as {:016x}, found {:016x}", what, kNan, bits));
  }
  return value;
}

// One option of the environment: its type is its place in the variant.
struct SettingWriter {
  ByteWriter& out;
  void operator()(bool value) const { out.u8(value ? 1 : 0); }
  void operator()(double value) const { write_record(out, value); }
  void operator()(const std::string& value) const { out.text(value); }
  void operator()(const std::vector<double>& values) const {
    out.u64(values.size());
    for (double value : values) write_record(out, value);
  }
};

std::uint8_t setting_type(const Setting& setting) {
  static_assert(std::is_same_v<Setting, std::variant<bool, double, std::string, std::vector<double>>>);
  return static_cast<std::uint8_t>(setting.index());
}

Setting read_setting(ByteReader& in) {
  const std::uint8_t type = in.u8("type of a setting");
  if (type == 0) return in.flag("setting");
  if (type == 1) return read_record(in, "setting");
  if (type == 2) return std::string(in.text("setting"));
  if (type != 3) in.fail(fmt::format("type of a setting: expected 0 to 3, found {}", type));
  std::vector<double> values(in.count(8, "setting"));
  for (double& value : values) value = read_record(in, "setting");
  return values;
}

EnvironmentSettings read_settings(ByteReader& in) {
  EnvironmentSettings settings;
  const std::uint64_t count = in.count(1, "settings");
  for (std::uint64_t i = 0; i < count; i++) {
    std::string key(in.text("name of a setting"));
    if (!settings.empty() && key <= settings.rbegin()->first) {
      in.fail(fmt::format("expected settings in ascending order of their names, found {} after {}", printable(key),
                          printable(settings.rbegin()->first)));
    }
    Setting setting = read_setting(in);
    settings.emplace_hint(settings.end(), std::move(key), std::move(setting));
  }
  return settings;
}

void write_activation(ByteWriter& out, Activation activation) {
  const auto place = std::find(kActivations.begin(), kActivations.end(), activation);
  out.u8(static_cast<std::uint8_t>(place - kActivations.begin()));
}

Activation read_activation(ByteReader& in) {
  const std::uint8_t code = in.u8("activation");
  if (code >= kActivations.size()) {
    in.fail(fmt::format("activation: expected 0 to {}, found {}", kActivations.size() - 1, code));
  }
  return kActivations[code];
}

}  // namespace

// PROV
void write_provenance(ByteWriter& out, const Provenance& provenance) {
  out.text(provenance.environment);
  out.u64(provenance.env.size());
  for (const auto& [key, setting] : provenance.env) {
    out.text(key);
    out.u8(setting_type(setting));
    std::visit(SettingWriter{out}, setting);
  }
  out.text(provenance.preset);
  out.u64(provenance.seed);
  out.u64(static_cast<std::uint64_t>(provenance.step));
  write_record(out, provenance.mean_return);
  out.text(provenance.version);
}

Provenance read_provenance(ByteReader in) {
  Provenance provenance;
  provenance.environment = in.text("name of the environment");
  provenance.env = read_settings(in);
  provenance.preset = in.text("name of the preset");
  provenance.seed = in.u64("seed");
  provenance.step = static_cast<std::int64_t>(in.u64("step"));
  provenance.mean_return = read_record(in, "mean return");
  provenance.version = in.text("version of ddpg");
  in.expect_end();
  return provenance;
}

// NETW
void write_network(ByteWriter& out, const NetworkShape& shape) {
  out.u32(static_cast<std::uint32_t>(shape.observation_size));
  out.u32(static_cast<std::uint32_t>(shape.output_size));
  write_activation(out, shape.activation);
  write_activation(out, shape.output_activation);
  out.u8(shape.batch_norm ? 1 : 0);
  out.u8(shape.layer_norm ? 1 : 0);
  out.u64(shape.hidden.size());
  for (int width : shape.hidden) out.u32(static_cast<std::uint32_t>(width));
}

NetworkShape read_network(ByteReader in) {
  NetworkShape shape;
  shape.observation_size = in.size("observation size");
  shape.output_size = in.size("action size");
  shape.activation = read_activation(in);
  shape.output_activation = read_activation(in);
  shape.batch_norm = in.flag("batch normalisation");
  shape.layer_norm = in.flag("layer normalisation");
  shape.hidden.resize(in.count(4, "widths of the hidden layers"));
  for (int& width : shape.hidden) width = in.size("width of a hidden layer");
  in.expect_end();
  return shape;
}

// BNDS
void write_bounds(ByteWriter& out, const Policy::Content& content) {
  out.floats(content.action_low);
  out.floats(content.action_high);
}

void read_bounds(ByteReader in, Policy::Content& content) {
  const auto size = static_cast<std::uint64_t>(content.shape.output_size);
  content.action_low = in.floats(size, "lower action bounds");
  content.action_high = in.floats(size, "upper action bounds");
  in.expect_end();
}

// NORM
void write_normaliser(ByteWriter& out, const Policy::Content& content) {
  out.u8(content.normalise ? 1 : 0);
  out.f64(content.clip);
  out.doubles(content.mean);
  out.doubles(content.deviation);
}

void read_normaliser(ByteReader in, Policy::Content& content) {
  content.normalise = in.flag("normalise");
  content.clip = in.f64("clip");
  const auto size = static_cast<std::uint64_t>(content.normalise ? content.shape.observation_size : 0);
  content.mean = in.doubles(size, "mean");
  content.deviation = in.doubles(size, "deviation");
  in.expect_end();
}

// WGTS
void write_weights(ByteWriter& out, const std::vector<Tensor>& tensors) {
  out.u64(tensors.size());
  for (const Tensor& tensor : tensors) {
    out.text(tensor.name);
    out.u64(tensor.shape.size());
    for (int size : tensor.shape) out.u32(static_cast<std::uint32_t>(size));
    out.floats(tensor.values);
  }
}

std::vector<Tensor> read_weights(ByteReader in, const NetworkShape& shape, std::string_view where) {
  const std::vector<TensorForm> forms = expected_tensors(shape);
  const std::uint64_t count = in.u64("number of tensors");
  if (count != forms.size()) in.fail(fmt::format("expected {} tensors, found {}", forms.size(), count));
  std::vector<Tensor> tensors;
  for (const TensorForm& form : forms) {
    TensorForm found{std::string(in.text("name of a tensor")), {}};
    found.shape.resize(in.count(4, "shape of a tensor"));
    for (int& size : found.shape) size = in.size("shape of a tensor");
    check_form(found, form, where);  // before a size of the file is used
    std::vector<float> values = in.floats(static_cast<std::uint64_t>(form.elements()), form.name);
    tensors.push_back({std::move(found.name), std::move(found.shape), std::move(values)});
  }
  in.expect_end();
  return tensors;
}

}  // namespace ddpg
