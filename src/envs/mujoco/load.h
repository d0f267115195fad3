// From an MJCF file, or its text, to MuJoCo's model.
#pragma once

#include <mujoco/mujoco.h>

#include <memory>

#include "ddpg/mujoco.h"

namespace ddpg {

struct DeleteMujocoModel {
  void operator()(mjModel* model) const { mj_deleteModel(model); }
};
using MujocoModelPointer = std::unique_ptr<mjModel, DeleteMujocoModel>;

/// The model as MuJoCo compiles it. Throws Error naming the file and what is wrong with it.
MujocoModelPointer load_model(const MujocoModel& source);

}  // namespace ddpg
