// A physics step of a model whose bodies move in one plane, as HalfCheetah's do, in less time than mj_step takes.
#pragma once

#include <mujoco/mujoco.h>

#include <memory>

namespace ddpg {

class PlanarStep {
 public:
  virtual ~PlanarStep() = default;

  /// Null for a model that is not of this kind (planar/tree.h), and with a MuJoCo or processor on which it was not
  /// tried.
  static std::unique_ptr<PlanarStep> make(const mjModel& model);

  /// What mj_step does to the state (mjSTATE_INTEGRATION), to the bit. `data` must have come from mj_forward
  /// or from this. Other fields of it may be left as they were.
  virtual void step(mjData& data) = 0;
};

}  // namespace ddpg
