// The library that is found at run time: that of the Python package mujoco-core, wherever it is installed. Loaded by
// its path it is the copy that the package itself uses, whichever of the two comes first: the loader knows it by its
// file.
#include <dlfcn.h>
#include <fmt/format.h>
#include <mujoco/mujoco.h>

#include <mutex>

#include "ddpg/error.h"
#include "envs/mujoco/library.h"
#include "envs/mujoco_tasks.h"

namespace ddpg {
namespace {

struct {
  std::mutex mutex;
  std::string file;
  void* opened = nullptr;  // it stays open
} found_library;

std::string version_in_words(int number) {  // 4000000 is 4.0.0; until 3.4 it was 340
  if (number < 1000) return fmt::format("{}.{}.{}", number / 100, number / 10 % 10, number % 10);
  return fmt::format("{}.{}.{}", number / 1'000'000, number / 1000 % 1000, number % 1000);
}

std::string how_to_get_mujoco() {
  return fmt::format("pip install mujoco-core=={}", version_in_words(mjVERSION_HEADER));
}

void* address_in(void* opened, const char* name) {
  void* address = ::dlsym(opened, name);
  if (address == nullptr)
    throw Error(fmt::format("[mujoco] {} has no {}: {}", found_library.file, name, how_to_get_mujoco()));
  return address;
}

void* open_library(const std::string& file) {
  if (file.empty())
    throw Error(fmt::format("[mujoco] this task needs MuJoCo, and the Python package mujoco-core is not there: {}",
                            how_to_get_mujoco()));
  void* opened = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (opened == nullptr) throw Error(fmt::format("[mujoco] cannot load {}: {}", file, ::dlerror()));
  const int version = reinterpret_cast<decltype(&mj_version)>(address_in(opened, "mj_version"))();
  if (version != mjVERSION_HEADER)
    throw Error(fmt::format("[mujoco] {} is MuJoCo {}, and this ddpg was built for {}: {}", file,
                            version_in_words(version), version_in_words(mjVERSION_HEADER), how_to_get_mujoco()));
  for (const MujocoCall& call : mujoco_calls()) *call.address = address_in(opened, call.name);
  return opened;
}

}  // namespace

void use_mujoco_library(const std::string& given) {
  const std::lock_guard lock(found_library.mutex);
  found_library.file = given;
}

void open_mujoco() {
  const std::lock_guard lock(found_library.mutex);
  if (found_library.opened == nullptr) found_library.opened = open_library(found_library.file);
}

void set_mujoco_handlers(void (*error)(const char*), void (*warning)(const char*)) {
  using Handler = void (*)(const char*);
  *static_cast<Handler*>(address_in(found_library.opened, "mju_user_error")) = error;
  *static_cast<Handler*>(address_in(found_library.opened, "mju_user_warning")) = warning;
}

}  // namespace ddpg
