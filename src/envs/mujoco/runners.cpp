// HalfCheetah-v5 and Swimmer-v5: the faster forward, the better; nothing ends an episode but its time limit.
// Gymnasium 1.4.0, half_cheetah_v5.py and swimmer_v5.py.
#include "envs/mujoco/observation_names.h"
#include "envs/mujoco/tasks.h"
#include "envs/mujoco/terms.h"

namespace ddpg {
namespace {

enum class Noise { uniform, normal };  // of the starting velocities

struct RunnerSettings {
  double forward_reward_weight, ctrl_cost_weight, reset_noise_scale;
  bool exclude_positions;
};

class Runner final : public MujocoEnvironment {
 public:
  // `hidden`: the first positions, which the observation leaves out
  Runner(const MujocoModel& source, const RunnerSettings& settings, int hidden, Noise noise)
      : MujocoEnvironment(source),
        settings_(settings),
        hidden_(settings.exclude_positions ? hidden : 0),
        noise_(noise) {
    require(source.name, "positions (nq)", static_cast<int>(model().nq), 2);
    ObservationNames names(model());
    names.add_positions(hidden_).add_velocities();
    set_observation_names(names.names, names.units);
    set_reward_names({"reward_forward", "reward_ctrl"});
  }

 private:
  void draw_start(RandomStream& random, std::span<double> qpos, std::span<double> qvel) override {
    add_uniform(random, settings_.reset_noise_scale, qpos);
    if (noise_ == Noise::uniform) add_uniform(random, settings_.reset_noise_scale, qvel);
    if (noise_ == Noise::normal) add_normal(random, settings_.reset_noise_scale, qvel);
  }

  void observe(std::span<double> observation) const override {
    ObservationWriter writer(observation);
    writer.add(data().qpos + hidden_, static_cast<int>(model().nq) - hidden_);
    writer.add(data().qvel, static_cast<int>(model().nv));
  }

  std::array<double, 2> progress() const override { return {data().qpos[0], data().qpos[1]}; }

  StepResult judge(std::span<const float> action) override {
    const double forward = settings_.forward_reward_weight * velocity()[0];
    const double control = control_cost(settings_.ctrl_cost_weight, action);
    return {.reward = sum({{"reward_forward", forward}, {"reward_ctrl", -control}})};
  }

  RunnerSettings settings_;
  int hidden_;
  Noise noise_;
};

RunnerSettings read(SettingReader& settings, double ctrl_cost_weight) {
  return {.forward_reward_weight = settings.number("forward_reward_weight", 1),
          .ctrl_cost_weight = settings.number("ctrl_cost_weight", ctrl_cost_weight),
          .reset_noise_scale = settings.number("reset_noise_scale", 0.1),
          .exclude_positions = settings.flag("exclude_current_positions_from_observation", true)};
}

}  // namespace

std::unique_ptr<MujocoEnvironment> make_half_cheetah(SettingReader& settings) {
  const MujocoModel model = read_model(settings, "HalfCheetah-v5", "half_cheetah.xml", 5);
  const RunnerSettings read_settings = read(settings, 0.1);
  settings.finish();
  return std::make_unique<Runner>(model, read_settings, 1, Noise::normal);
}

std::unique_ptr<MujocoEnvironment> make_swimmer(SettingReader& settings) {
  const MujocoModel model = read_model(settings, "Swimmer-v5", "swimmer.xml", 4);
  const RunnerSettings read_settings = read(settings, 1e-4);
  settings.finish();
  return std::make_unique<Runner>(model, read_settings, 2, Noise::uniform);
}

}  // namespace ddpg
