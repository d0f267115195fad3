// Any bytes as an exported policy.safetensors: they are refused with an Error, or written again they are read as the
// same policy.
#include <cstdlib>
#include <string>

#include "ddpg/error.h"
#include "export/tensors_file.h"
#include "policy/format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ddpg;
  Policy::Content content;
  try {
    content = read_tensors_file({reinterpret_cast<const char*>(data), size}, "x");
  } catch (const Error&) {
    return 0;
  }
  const std::string written = tensors_file(content);
  if (tensors_file(read_tensors_file(written, "written")) != written) std::abort();
  return 0;
}
