// Hopper-v5 and Walker2d-v5: forward in the plane without falling. Gymnasium 1.4.0, hopper_v5.py and walker2d_v5.py.
#include <limits>

#include "envs/mujoco/observation_names.h"
#include "envs/mujoco/tasks.h"
#include "envs/mujoco/terms.h"

namespace ddpg {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct HopperSettings {
  double forward_reward_weight, ctrl_cost_weight, healthy_reward, reset_noise_scale;
  bool terminate_when_unhealthy, exclude_positions;
  std::array<double, 2> healthy_state, healthy_z, healthy_angle;
};

class Hopper final : public MujocoEnvironment {
 public:
  Hopper(const MujocoModel& source, const HopperSettings& settings)
      : MujocoEnvironment(source), settings_(settings), hidden_(settings.exclude_positions ? 1 : 0) {
    require(source.name, "positions (nq)", static_cast<int>(model().nq), 3);
    ObservationNames names(model());
    names.add_positions(hidden_).add_velocities();
    set_observation_names(names.names, names.units);
    set_reward_names({"reward_forward", "reward_survive", "reward_ctrl"});
  }

 private:
  void draw_start(RandomStream& random, std::span<double> qpos, std::span<double> qvel) override {
    add_uniform(random, settings_.reset_noise_scale, qpos);
    add_uniform(random, settings_.reset_noise_scale, qvel);
  }

  void observe(std::span<double> observation) const override {
    ObservationWriter writer(observation);
    writer.add(data().qpos + hidden_, static_cast<int>(model().nq) - hidden_);
    writer.add_clipped(data().qvel, static_cast<int>(model().nv), {-10, 10});
  }

  std::array<double, 2> progress() const override { return {data().qpos[0], 0}; }

  StepResult judge(std::span<const float> action) override {
    const bool stands = healthy();
    const double forward = settings_.forward_reward_weight * velocity()[0];
    const double survive = stands ? settings_.healthy_reward : 0;
    const double control = control_cost(settings_.ctrl_cost_weight, action);
    return {.reward = sum({{"reward_forward", forward}, {"reward_survive", survive}, {"reward_ctrl", -control}}),
            .terminated = !stands && settings_.terminate_when_unhealthy};
  }

  bool healthy() const {
    const double height = data().qpos[1], angle = data().qpos[2];
    for (int i = 2; i < model().nq; i++)
      if (!inside(data().qpos[i], settings_.healthy_state)) return false;
    for (int i = 0; i < model().nv; i++)
      if (!inside(data().qvel[i], settings_.healthy_state)) return false;
    return inside(height, settings_.healthy_z) && inside(angle, settings_.healthy_angle);
  }

  HopperSettings settings_;
  int hidden_;
};

HopperSettings read(SettingReader& settings, std::array<double, 2> healthy_z, std::array<double, 2> healthy_angle) {
  return {.forward_reward_weight = settings.number("forward_reward_weight", 1),
          .ctrl_cost_weight = settings.number("ctrl_cost_weight", 1e-3),
          .healthy_reward = settings.number("healthy_reward", 1),
          .reset_noise_scale = settings.number("reset_noise_scale", 5e-3),
          .terminate_when_unhealthy = settings.flag("terminate_when_unhealthy", true),
          .exclude_positions = settings.flag("exclude_current_positions_from_observation", true),
          .healthy_state = {-kInfinity, kInfinity},
          .healthy_z = settings.range("healthy_z_range", healthy_z),
          .healthy_angle = settings.range("healthy_angle_range", healthy_angle)};
}

}  // namespace

std::unique_ptr<MujocoEnvironment> make_hopper(SettingReader& settings) {
  const MujocoModel model = read_model(settings, "Hopper-v5", "hopper.xml", 4);
  HopperSettings read_settings = read(settings, {0.7, kInfinity}, {-0.2, 0.2});
  read_settings.healthy_state = settings.range("healthy_state_range", {-100, 100});
  settings.finish();
  return std::make_unique<Hopper>(model, read_settings);
}

std::unique_ptr<MujocoEnvironment> make_walker2d(SettingReader& settings) {
  const MujocoModel model = read_model(settings, "Walker2d-v5", "walker2d_v5.xml", 4);
  const HopperSettings read_settings = read(settings, {0.8, 2}, {-1, 1});
  settings.finish();
  return std::make_unique<Hopper>(model, read_settings);
}

}  // namespace ddpg
