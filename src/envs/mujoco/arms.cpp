// Reacher-v5: touch a target. Pusher-v5: push a cylinder to a goal. Gymnasium 1.4.0, reacher_v5.py and pusher_v5.py.
#include <cmath>

#include "envs/mujoco/observation_names.h"
#include "envs/mujoco/tasks.h"
#include "envs/mujoco/terms.h"

namespace ddpg {
namespace {

constexpr double kVelocityNoise = 0.005;

class Reacher final : public MujocoEnvironment {
 public:
  Reacher(const MujocoModel& source, double distance_weight, double control_weight)
      : MujocoEnvironment(source),
        distance_weight_(distance_weight),
        control_weight_(control_weight),
        fingertip_(3 * find_body(model(), source.name, "fingertip")),
        target_(3 * find_body(model(), source.name, "target")) {
    require(source.name, "positions (nq)", static_cast<int>(model().nq), 4);
    require(source.name, "velocities (nv)", static_cast<int>(model().nv), 4);
    ObservationNames joints(model()), names(model());
    joints.add_positions(0, 2);
    for (const char* function : {"cos", "sin"})
      for (const std::string& joint : joints.names) names.add(std::string(function) + "(" + joint + ")", "");
    names.add_positions(2).add_velocities(0, 2);
    names.add("fingertip x from target", "m").add("fingertip y from target", "m");
    set_observation_names(names.names, names.units);
    set_reward_names({"reward_dist", "reward_ctrl"});
  }

 private:
  // the last two positions are the target's, uniform in a disc
  void draw_start(RandomStream& random, std::span<double> qpos, std::span<double> qvel) override {
    constexpr double kReach = 0.2;  // m
    add_uniform(random, 0.1, qpos);
    const auto target = qpos.last(2);
    do {
      target[0] = random.uniform(-kReach, kReach);
      target[1] = random.uniform(-kReach, kReach);
    } while (std::hypot(target[0], target[1]) >= kReach);
    add_uniform(random, kVelocityNoise, qvel.first(qvel.size() - 2));
  }

  void observe(std::span<double> observation) const override {
    const double* q = data().qpos;
    const double *tip = data().xpos + fingertip_, *target = data().xpos + target_;
    ObservationWriter writer(observation);
    for (int i = 0; i < 2; i++) writer.add(std::cos(q[i]));
    for (int i = 0; i < 2; i++) writer.add(std::sin(q[i]));
    writer.add(q + 2, static_cast<int>(model().nq) - 2);
    writer.add(data().qvel, 2);
    for (int i = 0; i < 2; i++) writer.add(tip[i] - target[i]);
  }

  StepResult judge(std::span<const float> action) override {
    const double away = distance(data().xpos + target_, data().xpos + fingertip_);
    return {.reward = sum(
                {{"reward_dist", -away * distance_weight_}, {"reward_ctrl", -control_cost(control_weight_, action)}})};
  }

  double distance_weight_, control_weight_;
  int fingertip_, target_;  // where their coordinates begin in xpos
};

struct PusherSettings {
  double near_weight, distance_weight, control_weight;
};

class Pusher final : public MujocoEnvironment {
 public:
  Pusher(const MujocoModel& source, const PusherSettings& settings)
      : MujocoEnvironment(source),
        settings_(settings),
        tip_(3 * find_body(model(), source.name, "tips_arm")),
        object_(3 * find_body(model(), source.name, "object")),
        goal_(3 * find_body(model(), source.name, "goal")) {
    require(source.name, "positions (nq)", static_cast<int>(model().nq), kJoints + 4);
    require(source.name, "velocities (nv)", static_cast<int>(model().nv), kJoints + 4);
    ObservationNames names(model());
    names.add_positions(0, kJoints).add_velocities(0, kJoints);
    for (const char* body : {"tips_arm", "object", "goal"}) names.add_point(body);
    set_observation_names(names.names, names.units);
    set_reward_names({"reward_dist", "reward_ctrl", "reward_near"});
  }

 private:
  static constexpr int kJoints = 7;  // of the arm

  // the last four positions are the cylinder's, not too near the goal, and the goal's
  void draw_start(RandomStream& random, std::span<double> qpos, std::span<double> qvel) override {
    const auto cylinder = qpos.subspan(qpos.size() - 4, 2), goal = qpos.last(2);
    do {
      cylinder[0] = random.uniform(-0.3, 0.0);
      cylinder[1] = random.uniform(-0.2, 0.2);
    } while (std::hypot(cylinder[0], cylinder[1]) <= 0.17);
    goal[0] = goal[1] = 0;
    add_uniform(random, kVelocityNoise, qvel.first(qvel.size() - 4));
  }

  void observe(std::span<double> observation) const override {
    ObservationWriter writer(observation);
    writer.add(data().qpos, kJoints);
    writer.add(data().qvel, kJoints);
    for (int body : {tip_, object_, goal_}) writer.add(data().xpos + body, 3);
  }

  StepResult judge(std::span<const float> action) override {
    const double* object = data().xpos + object_;
    const double to_goal = distance(data().xpos + goal_, object), to_tip = distance(data().xpos + tip_, object);
    return {.reward = sum({{"reward_dist", -to_goal * settings_.distance_weight},
                           {"reward_ctrl", -control_cost(settings_.control_weight, action)},
                           {"reward_near", -to_tip * settings_.near_weight}})};
  }

  PusherSettings settings_;
  int tip_, object_, goal_;  // where their coordinates begin in xpos
};

}  // namespace

std::unique_ptr<MujocoEnvironment> make_reacher(SettingReader& settings) {
  MujocoModel model = read_model(settings, "Reacher-v5", "reacher.xml", 2);
  model.time_limit = 50;
  const double distance_weight = settings.number("reward_dist_weight", 1);
  const double control_weight = settings.number("reward_control_weight", 1);
  settings.finish();
  return std::make_unique<Reacher>(model, distance_weight, control_weight);
}

std::unique_ptr<MujocoEnvironment> make_pusher(SettingReader& settings) {
  MujocoModel model = read_model(settings, "Pusher-v5", "pusher_v5.xml", 5);
  model.time_limit = 100;
  const PusherSettings read_settings = {.near_weight = settings.number("reward_near_weight", 0.5),
                                        .distance_weight = settings.number("reward_dist_weight", 1),
                                        .control_weight = settings.number("reward_control_weight", 0.1)};
  settings.finish();
  return std::make_unique<Pusher>(model, read_settings);
}

}  // namespace ddpg
