// Ant-v5: forward on four legs without falling or leaping. Gymnasium 1.4.0, ant_v5.py.
#include <algorithm>

#include "envs/mujoco/observation_names.h"
#include "envs/mujoco/tasks.h"
#include "envs/mujoco/terms.h"

namespace ddpg {
namespace {

struct AntSettings {
  double forward_reward_weight, ctrl_cost_weight, contact_cost_weight, healthy_reward, reset_noise_scale;
  std::string main_body_name;  // or its number, where this is empty
  int main_body;
  bool terminate_when_unhealthy, exclude_positions, observe_contact_forces;
  std::array<double, 2> healthy_z, contact_force;
};

class Ant final : public MujocoEnvironment {
 public:
  Ant(const MujocoModel& source, const AntSettings& settings)
      : MujocoEnvironment(source),
        settings_(settings),
        hidden_(settings.exclude_positions ? 2 : 0),
        main_body_(settings.main_body) {
    require(source.name, "positions (nq)", static_cast<int>(model().nq), 3);
    if (!settings.main_body_name.empty()) main_body_ = find_body(model(), source.name, settings.main_body_name);
    require(source.name, "bodies (env.main_body counts them from 0)", static_cast<int>(model().nbody), main_body_ + 1);
    ObservationNames names(model());
    names.add_positions(hidden_).add_velocities();
    if (settings.observe_contact_forces) names.add_external_forces();
    set_observation_names(names.names, names.units);
    set_reward_names({"reward_forward", "reward_survive", "reward_ctrl", "reward_contact"});
  }

 private:
  // of all bodies but the world
  int contact_numbers() const { return 6 * (static_cast<int>(model().nbody) - 1); }

  void draw_start(RandomStream& random, std::span<double> qpos, std::span<double> qvel) override {
    add_uniform(random, settings_.reset_noise_scale, qpos);
    add_normal(random, settings_.reset_noise_scale, qvel);
  }

  void observe(std::span<double> observation) const override {
    ObservationWriter writer(observation);
    writer.add(data().qpos + hidden_, static_cast<int>(model().nq) - hidden_);
    writer.add(data().qvel, static_cast<int>(model().nv));
    if (settings_.observe_contact_forces)
      writer.add_clipped(data().cfrc_ext + 6, contact_numbers(), settings_.contact_force);
  }

  // where the body was before the last physics step: xpos lags behind qpos
  std::array<double, 2> progress() const override {
    return {data().xpos[3 * main_body_], data().xpos[3 * main_body_ + 1]};
  }

  StepResult judge(std::span<const float> action) override {
    const bool stands = healthy();
    const double forward = settings_.forward_reward_weight * velocity()[0];
    const double survive = stands ? settings_.healthy_reward : 0;
    const double control = control_cost(settings_.ctrl_cost_weight, action);
    return {.reward = sum({{"reward_forward", forward},
                           {"reward_survive", survive},
                           {"reward_ctrl", -control},
                           {"reward_contact", -contact_cost()}}),
            .terminated = !stands && settings_.terminate_when_unhealthy};
  }

  double contact_cost() const {
    const auto [low, high] = settings_.contact_force;
    double sum = 0;
    for (int i = 0; i < contact_numbers() + 6; i++) {
      const double force = std::clamp(data().cfrc_ext[i], low, high);
      sum += force * force;
    }
    return settings_.contact_cost_weight * sum;
  }

  bool healthy() const {
    const double height = data().qpos[2];
    return all_finite(data().qpos, static_cast<int>(model().nq)) &&
           all_finite(data().qvel, static_cast<int>(model().nv)) && settings_.healthy_z[0] <= height &&
           height <= settings_.healthy_z[1];
  }

  AntSettings settings_;
  int hidden_, main_body_;
};

}  // namespace

std::unique_ptr<MujocoEnvironment> make_ant(SettingReader& settings) {
  MujocoModel model = read_model(settings, "Ant-v5", "ant.xml", 5);
  model.contact_forces = true;
  const auto [name, number] = settings.name_or_number("main_body", 1);
  const AntSettings read_settings = {
      .forward_reward_weight = settings.number("forward_reward_weight", 1),
      .ctrl_cost_weight = settings.number("ctrl_cost_weight", 0.5),
      .contact_cost_weight = settings.number("contact_cost_weight", 5e-4),
      .healthy_reward = settings.number("healthy_reward", 1),
      .reset_noise_scale = settings.number("reset_noise_scale", 0.1),
      .main_body_name = name,
      .main_body = number,
      .terminate_when_unhealthy = settings.flag("terminate_when_unhealthy", true),
      .exclude_positions = settings.flag("exclude_current_positions_from_observation", true),
      .observe_contact_forces = settings.flag("include_cfrc_ext_in_observation", true),
      .healthy_z = settings.range("healthy_z_range", {0.2, 1}),
      .contact_force = settings.range("contact_force_range", {-1, 1})};
  settings.finish();
  return std::make_unique<Ant>(model, read_settings);
}

}  // namespace ddpg
