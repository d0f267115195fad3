// Any bytes as a config: they are refused with an Error, or the options written again are read as the same options.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "ddpg/error.h"
#include "ddpg/options.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ddpg;
  const std::string text(reinterpret_cast<const char*>(data), size);
  Options options;
  try {
    apply_toml(options, text, "x");
    validate(options);
  } catch (const Error&) {
    return 0;
  }
  const std::string written = to_toml(options);
  Options again;
  apply_toml(again, written, "written");
  if (to_toml(again) == written) return 0;
  std::fprintf(stderr, "config_fuzz: written and read, the options are others:\n%s\n%s", written.c_str(),
               to_toml(again).c_str());
  std::abort();
}
