#include "envs/mujoco/gl_context.h"

#include <fmt/format.h>

#include <mutex>

#include "ddpg/error.h"
#include "envs/mujoco/gl_makers.h"

namespace ddpg {

std::unique_ptr<GlContext> make_gl_context() {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::string reasons;
  try {
    return make_egl_context();
  } catch (const Error& error) {
    reasons = fmt::format("EGL: {}", error.what());
  }
  try {
    return make_osmesa_context();
  } catch (const Error& error) {
    reasons += fmt::format("; OSMesa: {}", error.what());
  }
  throw Error(fmt::format(
      "[mujoco] drawing needs OpenGL without a display, and there is none ({}); install the Debian packages "
      "libegl1 and libgl1-mesa-dri, or libosmesa6 (from a clone, `./ddpg video` does)",
      reasons));
}

}  // namespace ddpg
