// A shared library that is looked for at run time.
#pragma once

#include <dlfcn.h>

#include <string>
#include <utility>

#include "ddpg/error.h"

namespace ddpg {

class GlLibrary {
 public:
  // Its names are made visible to all: MuJoCo looks there for eglGetProcAddress and OSMesaGetProcAddress. Throws Error
  // with the loader's words.
  explicit GlLibrary(const char* file) : handle_(::dlopen(file, RTLD_NOW | RTLD_GLOBAL)) {
    if (handle_ == nullptr) throw Error(::dlerror());
  }
  ~GlLibrary() {
    if (handle_ != nullptr) ::dlclose(handle_);
  }
  GlLibrary(GlLibrary&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}

  template <class Function>
  Function* find(const char* name) const {
    void* symbol = ::dlsym(handle_, name);
    if (symbol == nullptr) throw Error(std::string("it has no ") + name);
    return reinterpret_cast<Function*>(symbol);
  }

 private:
  void* handle_;
};

}  // namespace ddpg
