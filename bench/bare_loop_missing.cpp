// Stands in for bare_loop.cpp where ddpg is built without MuJoCo.
#include "bench/bare_loop.h"
#include "envs/mujoco_tasks.h"

namespace ddpg {

struct BareLoop::Physics {};

BareLoop::BareLoop(const std::string& task) {
  make_mujoco_task(task, {});  // throws, and says how to get MuJoCo
}
BareLoop::~BareLoop() = default;

// No object of this class comes to be here, so that what follows is never called.
void BareLoop::start(std::span<const double>) {}
void BareLoop::play(std::span<const float>) {}
bool BareLoop::is_at(std::span<const double>) const {
  return false;
}

}  // namespace ddpg
