// Which format a file's ending names, and writing it. Not here: the formats (c_header.h, onnx.h, tensors_file.h,
// policy/format.h), and the comparison with what was trained (verify.cpp).
#include "ddpg/export.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "ddpg/error.h"
#include "export/c_header.h"
#include "export/difference.h"
#include "export/onnx.h"
#include "export/precision.h"
#include "export/tensors_file.h"
#include "policy/format.h"
#include "support/files.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;

constexpr int kCheckPairs = 16;  // of a C header

ActionDifference int8_difference(const Policy::Content& content, const PolicyPairs& pairs) {
  Policy int8(with_int8_weights(content));
  DifferenceMeter meter(int8.action_low(), int8.action_high());
  const auto n = static_cast<std::size_t>(int8.observation_size()), m = static_cast<std::size_t>(int8.action_size());
  std::vector<float> action(m);
  for (std::size_t row = 0; row < static_cast<std::size_t>(pairs.rows); row++) {
    const auto begin = pairs.observations.begin() + static_cast<std::ptrdiff_t>(row * n);
    int8.act(std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(n)), action);
    meter.add(std::span(pairs.actions).subspan(row * m, m), action);
  }
  return meter.result();
}

std::string header_text(const Policy::Content& content, const ExportOptions& options, Exported& exported) {
  const auto rows = static_cast<std::size_t>(std::max(options.pairs.rows, 0));
  if (rows == 0 ||
      options.pairs.observations.size() != rows * static_cast<std::size_t>(content.body.observation_size) ||
      options.pairs.actions.size() != rows * static_cast<std::size_t>(content.body.output_size())) {
    throw UsageError("[export] a C header needs pairs of observations and actions of this policy: record_pairs()");
  }
  if (options.int8) exported.int8_difference = int8_difference(content, options.pairs);
  return c_header(content,
                  {exported.name, options.int8, exported.int8_difference, thinned(options.pairs, kCheckPairs)});
}

std::string warning_of(const Policy::Content& content, const Exported& exported) {
  const int lost = lost_in_floats(content);
  if (lost < 0 || (exported.format != "c99" && exported.format != "onnx")) return "";
  return fmt::format("{}: {}", loss_in_words(content, lost),
                     exported.format == "onnx" ? "the model takes observations as float64"
                                               : fmt::format("give observations to {}_act_double", exported.name));
}

}  // namespace

std::string export_format(const std::string& path) {
  const std::string ending = fs::path(path).extension().string();
  if (ending == ".h") return "c99";
  if (ending == ".onnx" || ending == ".safetensors" || ending == ".ddpg") return ending.substr(1);
  throw UsageError(
      fmt::format("[export] {}: expected a name that ends with .h (a C99 header), .onnx, .safetensors or .ddpg", path));
}

Exported export_policy(const Policy& policy, const std::string& path, const ExportOptions& options) {
  const Policy::Content& content = policy.content();
  Exported exported{export_format(path), 0, "", options.int8, {}, ""};
  const bool header = exported.format == "c99";
  if (!header && (options.int8 || !options.name.empty())) {
    throw UsageError(fmt::format("[export] {}: {} is for C headers, whose name ends with .h", path,
                                 options.int8 ? "int8" : "a name"));
  }
  if (options.opset != 0 && exported.format != "onnx") {
    throw UsageError(fmt::format("[export] {}: opset is for ONNX, whose name ends with .onnx", path));
  }
  if (header) exported.name = options.name.empty() ? c_name(fs::path(path).stem().string()) : options.name;
  std::string bytes;
  if (header) bytes = header_text(content, options, exported);
  if (exported.format == "onnx") bytes = onnx_model(content, options.opset);
  if (exported.format == "safetensors") bytes = tensors_file(content);
  if (exported.format == "ddpg") bytes = encode_policy(content, path);
  write_file_atomically(path, bytes);
  exported.bytes = bytes.size();
  exported.warning = warning_of(content, exported);
  return exported;
}

}  // namespace ddpg
