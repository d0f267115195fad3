// MuJoCo's library. Programs are linked with it (library_linked.cpp); the Python package finds the user's own when it
// is first needed (library_at_run_time.cpp), so that both share one copy, and so that it works where there is none.
#pragma once

#include <span>

namespace ddpg {

/// Before anything of MuJoCo is called. Throws Error where the library is not there, or is another version than the
/// headers that ddpg was built with.
void open_mujoco();

/// What MuJoCo calls with its errors and with its warnings.
void set_mujoco_handlers(void (*error)(const char*), void (*warning)(const char*));

/// A function of the library, and where its address goes. Those that ddpg calls, as a source made by
/// cmake/mujoco/calls.py lists them: for library_at_run_time.cpp alone.
struct MujocoCall {
  const char* name;
  void** address;
};
std::span<const MujocoCall> mujoco_calls();

}  // namespace ddpg
