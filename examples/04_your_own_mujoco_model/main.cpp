// Your own MuJoCo model in ddpg: derive from MujocoEnvironment and say how an episode starts, what is observed, what is
// rewarded and when it ends. Here a motor tilts a seesaw so that a ball stays on it (seesaw.xml, beside this file).
// The robot behind the policy is in it, too: the policy asks for an angle, which a control loop holds; each episode has
// a ball of another mass, a place where the ball should be, and now and then a push.
#include <ddpg/ddpg.h>
#include <ddpg/mujoco.h>
#include <mujoco/mujoco.h>

#include <algorithm>
#include <cmath>

class Seesaw : public ddpg::MujocoEnvironment {
 public:
  Seesaw() : MujocoEnvironment({.name = "Seesaw-v0", .file = MODEL, .frame_skip = 4, .time_limit = 250}) {
    set_observation_names({"tilt", "place", "tilt speed", "speed", "wanted place"}, {"rad", "m", "rad/s", "m/s", "m"});
    set_actions({-0.3f}, {0.3f}, {"wanted tilt"}, {"rad"});
    set_reward_names({"at_its_place", "effort"});
    use_episode_stream();
  }

 private:
  // the model's positions and velocities: tilt of the beam, then the ball's roll, rise and spin
  void draw_start(ddpg::RandomStream& random, std::span<double> qpos, std::span<double>) override {
    qpos[0] = random.uniform(-0.05, 0.05);  // rad
    qpos[1] = random.uniform(-0.4, 0.4);    // m
    qpos[2] = -qpos[1] * std::tan(qpos[0]) + 0.01;
    wanted_ = random.uniform(-0.2, 0.2);
  }

  // Domain randomisation: a lighter or heavier ball, from the model as it was loaded.
  void change_model(ddpg::RandomStream& random, mjModel& model, mjData& data) override {
    const int ball = mj_name2id(&model, mjOBJ_BODY, "ball");
    const double share = random.uniform(0.7, 1.4);
    model.body_mass[ball] *= share;
    for (int i = 0; i < 3; i++) model.body_inertia[3 * ball + i] *= share;
    mj_setConst(&model, &data);
  }

  // The motor's own loop, in each physics step; and a push in one control step of fifty.
  void control(std::span<const float> tilt, int substep, mjData& data) override {
    if (substep == 0) {
      const bool pushed = episode_stream().uniform() < 0.02;
      data.xfrc_applied[6 * mj_name2id(&model(), mjOBJ_BODY, "ball")] =
          pushed ? episode_stream().uniform(-1, 1) : 0;  // N
    }
    data.ctrl[0] = std::clamp(8 * (tilt[0] - data.qpos[0]) - 1.0 * data.qvel[0], -1.0, 1.0);
  }

  // What a sensor makes of the ball's place.
  void disturb(ddpg::RandomStream& random, std::span<double> observation) override {
    observation[1] += 0.002 * random.normal();
  }

  // Members that the next steps depend on: with them a run resumes to the same bits.
  std::vector<double> save_own() const override { return {wanted_}; }
  void restore_own(std::span<const double> own) override {
    if (own.size() != 1) throw ddpg::Error("[Seesaw-v0] expected one number beside the model's state");
    wanted_ = own[0];
  }

  void observe(std::span<double> observation) const override {
    observation[0] = positions()[0];
    observation[1] = positions()[1];
    observation[2] = velocities()[0];
    observation[3] = velocities()[1];
    observation[4] = wanted_;
  }

  // 1 for each step with the ball at its place, less the farther it is; the episode ends when it has fallen
  ddpg::StepResult judge(std::span<const float> tilt) override {
    const double off = positions()[1] - wanted_;
    const bool fell = std::fabs(positions()[1]) > 0.8 || positions()[2] < -0.4;
    return {.reward = sum({{"at_its_place", 1 - off * off}, {"effort", -0.1 * tilt[0] * tilt[0]}}), .terminated = fell};
  }

  double wanted_ = 0;  // m, drawn for each episode
};

int main(int argc, char** argv) {
  ddpg::register_environment({.name = "Seesaw-v0",
                              .summary = "hold a ball at its place on a seesaw",
                              .suggested_steps = 15'000,
                              .make = [](const ddpg::EnvironmentSettings&) { return std::make_unique<Seesaw>(); }});
  return ddpg::program(argc, argv);
}
