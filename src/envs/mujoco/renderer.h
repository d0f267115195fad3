// Pictures of a MuJoCo model, by MuJoCo's own renderer. Not here: OpenGL itself, which gl_context.h finds.
#pragma once

#include <mujoco/mujoco.h>

#include <memory>
#include <string>
#include <vector>

#include "ddpg/mujoco.h"
#include "ddpg/picture.h"
#include "envs/mujoco/gl_context.h"

namespace ddpg {

class MujocoRenderer {
 public:
  using ModelPointer = std::unique_ptr<mjModel, void (*)(mjModel*)>;

  MujocoRenderer(const mjModel& model, const MujocoView& view);
  ~MujocoRenderer();
  MujocoRenderer(const MujocoRenderer&) = delete;

  // The state of `data`, seen by the model's camera of that name; "": by the view. Works on a copy of `data`, since
  // MuJoCo's own functions for it may write there. May be called from any thread, one at a time.
  void draw(const mjData& data, const std::string& camera, Picture& picture);

 private:
  mjvCamera look(const std::string& camera) const;
  void fit(const Picture& picture);

  ModelPointer drawn_;  // a copy, changed for the eye
  const mjModel& model_;
  MujocoView view_;
  std::unique_ptr<mjData, void (*)(mjData*)> data_;
  std::unique_ptr<GlContext> gl_;
  std::unique_ptr<mjrContext> context_;
  mjvScene scene_;
};

// Names of the model's cameras, those without one by their number.
std::vector<std::string> camera_names(const mjModel& model);

}  // namespace ddpg
