// Humanoid-v5: forward on two legs. HumanoidStandup-v5: up from the floor. Gymnasium 1.4.0, humanoid_v5.py and
// humanoidstandup_v5.py.
#include <algorithm>
#include <limits>

#include "envs/mujoco/observation_names.h"
#include "envs/mujoco/tasks.h"
#include "envs/mujoco/terms.h"

namespace ddpg {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int kRootVelocities = 6;  // of the free joint, which no actuator drives

struct HumanoidSettings {
  double ctrl_cost_weight, reset_noise_scale, force_cost_weight;
  std::array<double, 2> force_cost_range;
  bool exclude_positions, observe_inertia, observe_velocity, observe_actuators, observe_forces;
};

// Body, observation, start and costs, which the two tasks share.
class HumanoidBody : public MujocoEnvironment {
 protected:
  HumanoidBody(const MujocoModel& source, const HumanoidSettings& settings)
      : MujocoEnvironment(source), settings_(settings), hidden_(settings.exclude_positions ? 2 : 0) {
    require(source.name, "positions (nq)", static_cast<int>(model().nq), 3);
    require(source.name, "velocities (nv)", velocity_count(), kRootVelocities);
    ObservationNames names(model());
    names.add_positions(hidden_).add_velocities();
    if (settings.observe_inertia) names.add_inertias();
    if (settings.observe_velocity) names.add_body_velocities();
    if (settings.observe_actuators) names.add_forces("actuator force", kRootVelocities);
    if (settings.observe_forces) names.add_external_forces();
    set_observation_names(names.names, names.units);
  }

  double ctrl_cost() const {
    return settings_.ctrl_cost_weight * square_sum(data().ctrl, static_cast<int>(model().nu));
  }
  double force_cost() const {
    const double cost = settings_.force_cost_weight * square_sum(data().cfrc_ext, 6 * static_cast<int>(model().nbody));
    return std::clamp(cost, settings_.force_cost_range[0], settings_.force_cost_range[1]);
  }

 private:
  int bodies() const { return static_cast<int>(model().nbody) - 1; }  // without the world
  int velocity_count() const { return static_cast<int>(model().nv); }

  void draw_start(RandomStream& random, std::span<double> qpos, std::span<double> qvel) override {
    add_uniform(random, settings_.reset_noise_scale, qpos);
    add_uniform(random, settings_.reset_noise_scale, qvel);
  }

  void observe(std::span<double> observation) const override {
    ObservationWriter writer(observation);
    writer.add(data().qpos + hidden_, static_cast<int>(model().nq) - hidden_);
    writer.add(data().qvel, velocity_count());
    if (settings_.observe_inertia) writer.add(data().cinert + 10, 10 * bodies());
    if (settings_.observe_velocity) writer.add(data().cvel + 6, 6 * bodies());
    if (settings_.observe_actuators)
      writer.add(data().qfrc_actuator + kRootVelocities, velocity_count() - kRootVelocities);
    if (settings_.observe_forces) writer.add(data().cfrc_ext + 6, 6 * bodies());
  }

  HumanoidSettings settings_;
  int hidden_;
};

struct WalkSettings {
  double forward_reward_weight, healthy_reward;
  bool terminate_when_unhealthy;
  std::array<double, 2> healthy_z;
};

class Humanoid final : public HumanoidBody {
 public:
  Humanoid(const MujocoModel& source, const HumanoidSettings& settings, const WalkSettings& walk)
      : HumanoidBody(source, settings), walk_(walk) {
    set_reward_names({"reward_survive", "reward_forward", "reward_ctrl", "reward_contact"});
  }

 private:
  // the centre of mass
  std::array<double, 2> progress() const override {
    double x = 0, y = 0, mass = 0;
    for (int i = 0; i < model().nbody; i++) {
      x += model().body_mass[i] * data().xipos[3 * i];
      y += model().body_mass[i] * data().xipos[3 * i + 1];
      mass += model().body_mass[i];
    }
    return {x / mass, y / mass};
  }

  StepResult judge(std::span<const float>) override {
    const bool stands = inside(data().qpos[2], walk_.healthy_z);
    const double survive = stands ? walk_.healthy_reward : 0;
    const double forward = walk_.forward_reward_weight * velocity()[0];
    return {.reward = sum({{"reward_survive", survive},
                           {"reward_forward", forward},
                           {"reward_ctrl", -ctrl_cost()},
                           {"reward_contact", -force_cost()}}),
            .terminated = !stands && walk_.terminate_when_unhealthy};
  }

  WalkSettings walk_;
};

class HumanoidStandup final : public HumanoidBody {
 public:
  HumanoidStandup(const MujocoModel& source, const HumanoidSettings& settings) : HumanoidBody(source, settings) {
    set_reward_names({"reward_linup", "reward_quadctrl", "reward_impact"});
  }

 private:
  StepResult judge(std::span<const float>) override {
    const double up = data().qpos[2] / model().opt.timestep;
    return {.reward =
                sum({{"reward_linup", up}, {"reward_quadctrl", -ctrl_cost()}, {"reward_impact", -force_cost()}}) + 1};
  }
};

HumanoidSettings read(SettingReader& settings, const std::string& force_cost) {
  return {.ctrl_cost_weight = settings.number("ctrl_cost_weight", 0.1),
          .reset_noise_scale = settings.number("reset_noise_scale", 0.01),
          .force_cost_weight = settings.number(force_cost + "_weight", 5e-7),
          .force_cost_range = settings.range(force_cost + "_range", {-kInfinity, 10}),
          .exclude_positions = settings.flag("exclude_current_positions_from_observation", true),
          .observe_inertia = settings.flag("include_cinert_in_observation", true),
          .observe_velocity = settings.flag("include_cvel_in_observation", true),
          .observe_actuators = settings.flag("include_qfrc_actuator_in_observation", true),
          .observe_forces = settings.flag("include_cfrc_ext_in_observation", true)};
}

}  // namespace

std::unique_ptr<MujocoEnvironment> make_humanoid(SettingReader& settings) {
  MujocoModel model = read_model(settings, "Humanoid-v5", "humanoid.xml", 5);
  model.contact_forces = true;
  const HumanoidSettings read_settings = read(settings, "contact_cost");
  const WalkSettings walk = {.forward_reward_weight = settings.number("forward_reward_weight", 1.25),
                             .healthy_reward = settings.number("healthy_reward", 5),
                             .terminate_when_unhealthy = settings.flag("terminate_when_unhealthy", true),
                             .healthy_z = settings.range("healthy_z_range", {1, 2})};
  settings.finish();
  return std::make_unique<Humanoid>(model, read_settings, walk);
}

std::unique_ptr<MujocoEnvironment> make_humanoid_standup(SettingReader& settings) {
  MujocoModel model = read_model(settings, "HumanoidStandup-v5", "humanoidstandup.xml", 5);
  model.contact_forces = true;
  const HumanoidSettings read_settings = read(settings, "impact_cost");
  settings.number("uph_cost_weight", 1);  // Gymnasium takes it and does nothing with it
  settings.finish();
  return std::make_unique<HumanoidStandup>(model, read_settings);
}

}  // namespace ddpg
