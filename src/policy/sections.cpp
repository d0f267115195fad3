// What the sections of a policy file hold: see sections.h and docs/policy-format.md.
#include "policy/sections.h"

#include <bit>
#include <cmath>
#include <type_traits>

namespace ddpg {
namespace {

constexpr std::uint64_t kNan = 0x7FF8000000000000;  // the one NaN that a file holds

// A number kept for the record only: any value, but a single NaN.
void write_record(ByteWriter& out, double value) {
  out.u64(std::isnan(value) ? kNan : std::bit_cast<std::uint64_t>(value));
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
  static_assert(std::is_same_v<SettingValue, std::variant<bool, double, std::string, std::vector<double>>>);
  return static_cast<std::uint8_t>(setting.index());
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

// NETW
void write_network(ByteWriter& out, const NetworkBody& body) {
  out.u32(static_cast<std::uint32_t>(body.observation_size));
  out.u32(static_cast<std::uint32_t>(body.output_size()));
  out.u64(body.steps.size());
  for (const Step& step : body.steps) {
    out.u8(static_cast<std::uint8_t>(step.kind));
    switch (step.kind) {
      case StepKind::dense:
        out.u32(static_cast<std::uint32_t>(step.out));
        out.u8(step.bias ? 1 : 0);
        break;
      case StepKind::activate:
        out.u8(static_cast<std::uint8_t>(step.activation));
        break;
      case StepKind::add:
      case StepKind::recall:
      case StepKind::append:
        out.u32(static_cast<std::uint32_t>(step.value));
        break;
      case StepKind::layer_norm:
      case StepKind::batch_norm:
      case StepKind::join:
      case StepKind::avg_l1_norm:
        break;
    }
  }
}

// BNDS
void write_bounds(ByteWriter& out, const Policy::Content& content) {
  out.floats(content.action_low);
  out.floats(content.action_high);
}

// NORM
void write_normaliser(ByteWriter& out, const Policy::Content& content) {
  out.u8(content.normalise ? 1 : 0);
  out.f64(content.clip);
  out.doubles(content.mean);
  out.doubles(content.deviation);
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

// SPEC
void write_specification(ByteWriter& out, const Policy::Content& content) {
  out.u32(static_cast<std::uint32_t>(content.time_limit));
  out.f64(content.control_period);
  for (const auto* texts :
       {&content.observation_names, &content.observation_units, &content.action_names, &content.action_units}) {
    out.u64(texts->size());
    for (const std::string& text : *texts) out.text(text);
  }
}

// CHCK
void write_checks(ByteWriter& out, const Policy::Content& content) {
  out.u64(content.checks());
  out.floats(content.check_observations);
  out.floats(content.check_actions);
}

// WRAP
void write_wrappers(ByteWriter& out, const std::vector<deploy::CarriedWrapper>& wrappers) {
  out.u64(wrappers.size());
  for (const deploy::CarriedWrapper& wrapper : wrappers) {
    out.u8(static_cast<std::uint8_t>(wrapper.kind));
    if (wrapper.kind == deploy::WrapperKind::low_pass)
      out.f64(wrapper.share);
    else
      out.u32(static_cast<std::uint32_t>(wrapper.count));
  }
}

// MODL
void write_model(ByteWriter& out, const std::vector<ModelFile>& files) {
  out.u64(files.size());
  for (const ModelFile& file : files) {
    out.text(file.name);
    out.u32(file.checksum);
  }
}

}  // namespace ddpg
