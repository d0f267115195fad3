// InvertedPendulum-v5 and InvertedDoublePendulum-v5: poles on a cart. Gymnasium 1.4.0, inverted_pendulum_v5.py and
// inverted_double_pendulum_v5.py.
#include <cmath>

#include "envs/mujoco/observation_names.h"
#include "envs/mujoco/tasks.h"
#include "envs/mujoco/terms.h"

namespace ddpg {
namespace {

class InvertedPendulum final : public MujocoEnvironment {
 public:
  InvertedPendulum(const MujocoModel& source, double reset_noise_scale)
      : MujocoEnvironment(source), reset_noise_scale_(reset_noise_scale) {
    require(source.name, "positions (nq)", static_cast<int>(model().nq), 2);
    ObservationNames names(model());
    names.add_positions().add_velocities();
    set_observation_names(names.names, names.units);
    set_reward_names({"reward_survive"});
  }

 private:
  void draw_start(RandomStream& random, std::span<double> qpos, std::span<double> qvel) override {
    add_uniform(random, reset_noise_scale_, qpos);
    add_uniform(random, reset_noise_scale_, qvel);
  }

  void observe(std::span<double> observation) const override {
    ObservationWriter writer(observation);
    writer.add(data().qpos, static_cast<int>(model().nq));
    writer.add(data().qvel, static_cast<int>(model().nv));
  }

  StepResult judge(std::span<const float>) override {
    const bool fell = std::fabs(data().qpos[1]) > 0.2;  // rad
    return {.reward = sum({{"reward_survive", fell ? 0.0 : 1.0}}), .terminated = fell};
  }

  double reset_noise_scale_;
};

class InvertedDoublePendulum final : public MujocoEnvironment {
 public:
  InvertedDoublePendulum(const MujocoModel& source, double healthy_reward, double reset_noise_scale)
      : MujocoEnvironment(source), healthy_reward_(healthy_reward), reset_noise_scale_(reset_noise_scale) {
    require(source.name, "positions (nq)", position_count(), 3);
    require(source.name, "velocities (nv)", velocity_count(), 3);
    require(source.name, "sites", static_cast<int>(model().nsite), 1);
    ObservationNames angles(model()), names(model());
    angles.add_positions(1);
    names.add_positions(0, 1);
    for (const char* function : {"sin", "cos"})
      for (const std::string& angle : angles.names) names.add(std::string(function) + "(" + angle + ")", "");
    names.add_velocities().add_forces("constraint force", 0, 1);
    set_observation_names(names.names, names.units);
    set_reward_names({"reward_survive", "distance_penalty", "velocity_penalty"});
  }

 private:
  int position_count() const { return static_cast<int>(model().nq); }
  int velocity_count() const { return static_cast<int>(model().nv); }

  void draw_start(RandomStream& random, std::span<double> qpos, std::span<double> qvel) override {
    add_uniform(random, reset_noise_scale_, qpos);
    add_normal(random, reset_noise_scale_, qvel);
  }

  void observe(std::span<double> observation) const override {
    const double* q = data().qpos;
    ObservationWriter writer(observation);
    writer.add(q[0]);
    for (int i = 1; i < position_count(); i++) writer.add(std::sin(q[i]));
    for (int i = 1; i < position_count(); i++) writer.add(std::cos(q[i]));
    writer.add_clipped(data().qvel, velocity_count(), {-10, 10});
    writer.add_clipped(data().qfrc_constraint, 1, {-10, 10});
  }

  StepResult judge(std::span<const float>) override {
    // the tip, and the angular velocities of the two poles
    const double x = data().site_xpos[0], height = data().site_xpos[2];
    const double first = data().qvel[1], second = data().qvel[2];
    const bool fell = height <= 1;
    const double from_upright = 0.01 * (x * x) + (height - 2) * (height - 2);
    const double speed = 0.001 * (first * first) + 0.005 * (second * second);
    return {.reward = sum({{"reward_survive", fell ? 0 : healthy_reward_},
                           {"distance_penalty", -from_upright},
                           {"velocity_penalty", -speed}}),
            .terminated = fell};
  }

  double healthy_reward_, reset_noise_scale_;
};

}  // namespace

std::unique_ptr<MujocoEnvironment> make_inverted_pendulum(SettingReader& settings) {
  const MujocoModel model = read_model(settings, "InvertedPendulum-v5", "inverted_pendulum.xml", 2);
  const double reset_noise_scale = settings.number("reset_noise_scale", 0.01);
  settings.finish();
  return std::make_unique<InvertedPendulum>(model, reset_noise_scale);
}

std::unique_ptr<MujocoEnvironment> make_inverted_double_pendulum(SettingReader& settings) {
  const MujocoModel model = read_model(settings, "InvertedDoublePendulum-v5", "inverted_double_pendulum.xml", 5);
  const double healthy_reward = settings.number("healthy_reward", 10);
  const double reset_noise_scale = settings.number("reset_noise_scale", 0.1);
  settings.finish();
  return std::make_unique<InvertedDoublePendulum>(model, healthy_reward, reset_noise_scale);
}

}  // namespace ddpg
