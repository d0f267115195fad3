// Stands in for the rest of this folder where the bits of the planar step were not compared with those of mj_step: with
// another version of MuJoCo, or on another processor.
#include "envs/mujoco/planar/planar_step.h"

namespace ddpg {

std::unique_ptr<PlanarStep> PlanarStep::make(const mjModel&) {
  return nullptr;
}

}  // namespace ddpg
