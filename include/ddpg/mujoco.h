// Tasks on MuJoCo. Derive from MujocoEnvironment to make a task of your own MJCF model: the base class loads the model,
// steps the physics, resets with noise and saves the state; you write what is observed, what is rewarded and when it
// ends (examples/04_your_own_mujoco_model).
//
// A source that looks into the model includes <mujoco/mujoco.h> beside this. Where ddpg was built without MuJoCo,
// making such an object throws Error.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ddpg/environment.h"

struct mjModel_;  // MuJoCo's mjModel and mjData
struct mjData_;

namespace ddpg {

/// From where a model is looked at unless one of its own cameras is asked for; MuJoCo's free camera.
struct MujocoView {
  static constexpr double kOpen = std::numeric_limits<double>::quiet_NaN();

  double distance = 0;                                   ///< m, from the point looked at; 0: the extent of the model
  std::array<double, 3> lookat = {kOpen, kOpen, kOpen};  ///< m; kOpen: the median of the geoms at the start
  double elevation = -45;                                ///< degrees; negative: from above
  double azimuth = 90;                                   ///< degrees; 90: along the y axis
  /// The body that the point looked at follows in x and y, by its centre of mass; -1: none.
  int follow = -1;
};

/// A model and how a task plays it.
struct MujocoModel {
  std::string name{};  ///< of the task, e.g. "Seesaw-v0"; errors begin with it
  std::string file{};  ///< path of the MJCF file; meshes and included files are looked for beside it
  std::string xml{};   ///< the model's text, in place of what stands in `file`, which may be empty then; "": it is read
  int frame_skip = 1;  ///< physics steps for each control step, >= 1
  int time_limit = 1000;        ///< control steps after which an episode is truncated, >= 0; 0: none
  MujocoView view = {};         ///< for pictures
  bool contact_forces = false;  ///< compute cfrc_ext, cfrc_int and cacc after each control step (mj_rnePostConstraint)
};

/// One named term of a reward, as in the `info` of Gymnasium's tasks.
struct RewardPart {
  const char* name;  ///< must outlive the environment: a literal
  double value;
};

/// A task on a MuJoCo model. Actions are the model's controls, bounded by its actuators' ctrlrange. An episode starts
/// with mj_resetData, draw_start() and mj_forward; a control step sets the controls, calls mj_step `frame_skip` times
/// and judges what came of it: exactly what Gymnasium's MujocoEnv does (gymnasium/envs/mujoco/mujoco_env.py,
/// version 1.4.0).
class MujocoEnvironment : public Environment {
 public:
  ~MujocoEnvironment() override;

  const Specification& specification() const final { return specification_; }
  void reset(RandomStream& random, std::span<double> observation) final;
  /// Throws Error when the physics breaks down (a number that is not finite or too large, MuJoCo's mjWARN_BAD...).
  StepResult step(std::span<const float> action, std::span<double> observation) final;

  /// All that the next steps depend on: mjSTATE_INTEGRATION (time, positions, velocities, activations, warm start,
  /// controls, applied forces, ...), then progress() and the steps played, the streams of use_episode_stream(), and
  /// save_own(). Restoring it continues to the same bits.
  std::vector<double> save_state() const final;
  void restore_state(std::span<const double> state) final;

  /// The model's cameras.
  std::vector<std::string> cameras() const final;

  /// Begins an episode from these positions [nq] and velocities [nv], and writes its first observation.
  void set_state(std::span<const double> qpos, std::span<const double> qvel, std::span<double> observation);

  /// What the model was made of.
  const MujocoModel& source() const { return source_; }
  /// The model's positions [nq] and velocities [nv] as they are now.
  std::span<const double> positions() const;
  std::span<const double> velocities() const;

  /// The terms of the last step's reward, as set_reward_names() has them.
  void metrics(std::span<double> values) const final;
  /// The terms of the last step's reward. Empty before the first step, and for a task that names none.
  std::span<const RewardPart> reward_parts() const { return parts_; }
  /// Seconds of simulated time in a control step.
  double control_period() const;

 protected:
  /// Loads the model. Throws Error naming the file and what is wrong with it. The constructor of the derived class must
  /// call set_observation_size() or set_observation_names().
  explicit MujocoEnvironment(const MujocoModel& model);

  void set_observation_size(int size) { specification_.observation_size = size; }
  /// Sets the size too: one name for each number of an observation, and as many units, "" where a number has none. They
  /// go into policy files and what is exported from them.
  void set_observation_names(std::vector<std::string> names, std::vector<std::string> units) {
    set_observation_size(static_cast<int>(names.size()));
    specification_.observation_names = std::move(names);
    specification_.observation_units = std::move(units);
  }

  /// What the actions are, where control() makes something else of them than the model's controls.
  void set_actions(std::vector<float> low, std::vector<float> high, std::vector<std::string> names = {},
                   std::vector<std::string> units = {});
  /// Names of the terms that sum() is given, in their order: they are recorded as the task's metrics.
  void set_reward_names(std::vector<std::string> names) { specification_.metric_names = std::move(names); }
  /// Gives each episode a random stream of its own, which change_model(), control() and disturb() draw from, and which
  /// is saved with the state. Without it they get none. To be called in the constructor.
  void use_episode_stream();

  void draw_state(Picture& picture, const std::string& camera) const final;

  /// Draws the start of an episode into `qpos` [nq] and `qvel` [nv], which hold the model's own positions and zeros.
  virtual void draw_start(RandomStream& random, std::span<double> qpos, std::span<double> qvel) = 0;
  /// Optional, with use_episode_stream(): changes the model for this episode: masses, friction, gains. It is as it was
  /// loaded when this is called, and whatever is drawn comes from `random`. What else the model computes of masses is
  /// up to date after mj_setConst(&model, &data).
  virtual void change_model(RandomStream& random, mjModel_& model, mjData_& data);
  /// Optional: sets the controls for an action, and what else acts on the bodies (data.xfrc_applied), before each
  /// physics step; substep counts from 0 to frame_skip - 1. A control loop of the robot's own stands here: data.ctrl =
  /// gain * (action - position). Unless it is written: data.ctrl = action, once.
  virtual void control(std::span<const float> action, int substep, mjData_& data);
  /// Optional, with use_episode_stream(): what sensors make of an observation.
  virtual void disturb(RandomStream& random, std::span<double> observation);
  /// Optional: members of the task that the next steps depend on, such as a set point drawn in draw_start(). How many
  /// numbers they are may change from step to step.
  virtual std::vector<double> save_own() const { return {}; }
  /// Takes back what save_own() gave; the model is restored by then. It must check how many numbers there are, and
  /// throw Error where save_own() gives no such number: nobody else knows. Unless it is written: Error where there are
  /// any.
  virtual void restore_own(std::span<const double> own);

  /// Writes the observation of the present state.
  virtual void observe(std::span<double> observation) const = 0;
  /// Rewards the step that `action` has led here, and returns whether the episode has terminated.
  virtual StepResult judge(std::span<const float> action) = 0;
  /// A point whose motion judge() asks for by velocity(): metres along x, and y where there is one.
  virtual std::array<double, 2> progress() const { return {0, 0}; }

  /// Velocity of progress() over the last control step, in m/s.
  std::array<double, 2> velocity() const;
  /// The sum of the terms, left to right, which reward_parts() then returns.
  double sum(std::initializer_list<RewardPart> parts);

  /// Of this episode: for control(), with use_episode_stream().
  RandomStream& episode_stream() { return episode_; }

  const mjModel_& model() const { return *model_; }
  const mjData_& data() const { return *data_; }

 private:
  void begin(std::span<double> observation);
  void begin_stream(RandomStream& random);
  void look(std::span<double> observation);
  void check_physics() const;
  void step_physics(std::span<const float> action);
  [[noreturn]] void fail(const std::string& what) const;

  struct Physics;

  Specification specification_;
  MujocoModel source_;
  std::unique_ptr<Physics> physics_;  // what owns the two
  const mjModel_* model_ = nullptr;
  mjData_* data_ = nullptr;
  std::vector<RewardPart> parts_;
  std::array<double, 2> before_{}, after_{};  // progress() around the last control step
  std::int64_t steps_ = 0;                    // in this episode, for messages
  bool streams_ = false;
  RandomStream beginning_{0}, episode_{0};  // of this episode: as it began, and as it is
};

}  // namespace ddpg
