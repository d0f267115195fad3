// The physics of a MuJoCo task and nothing else, as one writes it in C: set the controls, call mj_step frame_skip
// times. No observation, no reward, no end of an episode: what the speed of such a task is a share of.
#pragma once

#include <memory>
#include <span>
#include <string>

namespace ddpg {

class BareLoop {
 public:
  // The task with its default settings. Throws Error where ddpg was built without MuJoCo.
  explicit BareLoop(const std::string& task);
  ~BareLoop();
  BareLoop(const BareLoop&) = delete;
  BareLoop& operator=(const BareLoop&) = delete;

  // Goes on from what save_state() of the task returned.
  void start(std::span<const double> state);
  // Control steps with these actions [steps, action_size].
  void play(std::span<const float> actions);
  // Whether this is the very state, to the bit, that save_state() of the task returned.
  bool is_at(std::span<const double> state) const;

 private:
  struct Physics;
  std::unique_ptr<Physics> physics_;
};

}  // namespace ddpg
