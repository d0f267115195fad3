// The library that the program was linked with.
#include <fmt/format.h>
#include <mujoco/mujoco.h>

#include "ddpg/error.h"
#include "envs/mujoco/library.h"
#include "envs/mujoco_tasks.h"

namespace ddpg {

void use_mujoco_library(const std::string&) {}

void open_mujoco() {
  if (mj_version() == mjVERSION_HEADER) return;
  throw Error(
      fmt::format("[mujoco] the library found at run time is MuJoCo {}, and ddpg was built for another version ({} "
                  "against {}): build ddpg again, or take the other library out of LD_LIBRARY_PATH",
                  mj_versionString(), mj_version(), mjVERSION_HEADER));
}

void set_mujoco_handlers(void (*error)(const char*), void (*warning)(const char*)) {
  mju_user_error = error;
  mju_user_warning = warning;
}

}  // namespace ddpg
