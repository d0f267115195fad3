// Writes policies to export in every format, observations, and the actions of the trained policies, for the scripts
// that compare with other processors and with ONNX Runtime.
//   export_samples DIR ROWS
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>

#include "ddpg/export.h"
#include "export/samples.h"
#include "support/files.h"

namespace ddpg::testing {
namespace {

std::string_view bytes_of(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

void write_sample(const ExportSample& sample, const std::filesystem::path& folder, int rows) {
  const Policy policy(sample.content);
  const PolicyPairs pairs = sample_pairs(sample.content, rows);
  const std::string stem = (folder / sample.name).string();
  for (const char* ending : {".onnx", ".safetensors", ".ddpg"}) export_policy(policy, stem + ending);
  ExportOptions options;
  options.opset = 8;
  export_policy(policy, stem + "_opset8.onnx", options);
  options.opset = 0;
  options.pairs = pairs;
  export_policy(policy, stem + ".h", options);
  options.int8 = true;
  options.name = sample.name;
  export_policy(policy, stem + "_int8.h", options);
  write_file_atomically(stem + ".observations", bytes_of(pairs.observations));
  write_file_atomically(stem + ".actions", bytes_of(pairs.actions));
  std::printf("%s\n", sample.name.c_str());
}

}  // namespace
}  // namespace ddpg::testing

int main(int argc, char** argv) {
  if (argc != 3 || std::atoi(argv[2]) < 1) {
    std::fprintf(stderr, "usage: export_samples DIR ROWS\n");
    return 2;
  }
  try {
    for (const auto& sample : ddpg::testing::export_samples())
      ddpg::testing::write_sample(sample, argv[1], std::atoi(argv[2]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "export_samples: %s\n", error.what());
    return 1;
  }
  return 0;
}
