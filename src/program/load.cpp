#include "program/load.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <filesystem>

#include "ddpg/error.h"
#include "ddpg/version.h"
#include "support/paths.h"
#include "support/shown.h"

namespace ddpg::cli {

namespace {

template <class Function>
Function* symbol(void* library, const std::string& file, const char* name) {
  void* found = dlsym(library, name);
  if (found == nullptr)
    throw UsageError(fmt::format(
        "--load {}: it has no {}, so it is no library of tasks for ddpg; DDPG_PLUGIN() in ddpg/plugin.h makes "
        "it one",
        shown(file), name));
  return reinterpret_cast<Function*>(found);
}

std::string last_error() {
  const char* text = dlerror();
  return text == nullptr ? "it cannot be loaded" : text;
}

}  // namespace

void load_plugin(const std::string& file) {
  if (!is_there(file)) throw UsageError(fmt::format("--load {}: there is no such file", shown(file)));
  const std::string path = std::filesystem::absolute(file).string();  // a name without a slash is looked for elsewhere
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw UsageError(fmt::format("--load {}: {}", shown(file), last_error()));
  const std::string version = symbol<const char*()>(library, file, "ddpg_plugin_version")();
  if (version != kVersion)
    throw UsageError(
        fmt::format("--load {}: it was built for ddpg {}, and this is {}; build it anew with the headers of "
                    "this version",
                    shown(file), shown(version), kVersion));
  symbol<void()>(library, file, "ddpg_plugin_register")();
}

}  // namespace ddpg::cli
