// From an MJCF file, or its text, to MuJoCo's model.
#pragma once

#include <mujoco/mujoco.h>

#include <memory>
#include <mutex>

#include "ddpg/mujoco.h"

namespace ddpg {

struct DeleteMujocoModel {
  void operator()(mjModel* model) const { mj_deleteModel(model); }
};
using MujocoModelPointer = std::unique_ptr<mjModel, DeleteMujocoModel>;

/// The files that a model in memory is read from: none, when it is read from its own place.
class VirtualFiles {
 public:
  explicit VirtualFiles(const MujocoModel& source);
  ~VirtualFiles();
  VirtualFiles(const VirtualFiles&) = delete;
  VirtualFiles& operator=(const VirtualFiles&) = delete;
  const mjVFS* get() const { return files_.get(); }

 private:
  std::unique_ptr<mjVFS> files_;
};

/// To be held while models are compiled: MuJoCo keeps global state in it.
std::mutex& model_compiler();

/// The model as MuJoCo compiles it. Throws Error naming the file and what is wrong with it.
MujocoModelPointer load_model(const MujocoModel& source);

/// The same physics, to the bit, in a form that takes less time to step, where there is one; or `model` itself. See
/// lean_model.cpp.
MujocoModelPointer lean_model(MujocoModelPointer model, const MujocoModel& source);

}  // namespace ddpg
