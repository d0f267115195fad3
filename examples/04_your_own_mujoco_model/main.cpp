// Your own MuJoCo model in ddpg: derive from MujocoEnvironment and say how an episode starts, what is observed, what is
// rewarded and when it ends. Here a motor tilts a seesaw so that a ball stays on it (seesaw.xml, beside this file).
#include <ddpg/ddpg.h>
#include <ddpg/mujoco.h>

#include <cmath>
#include <cstdio>

class Seesaw : public ddpg::MujocoEnvironment {
 public:
  Seesaw() : MujocoEnvironment({.name = "Seesaw-v0", .file = MODEL, .frame_skip = 4, .time_limit = 250}) {
    set_observation_size(4);
  }

 private:
  // the model's positions and velocities: tilt of the beam, then the ball's roll, rise and spin
  void draw_start(ddpg::RandomStream& random, std::span<double> qpos, std::span<double>) override {
    qpos[0] = random.uniform(-0.05, 0.05);  // rad
    qpos[1] = random.uniform(-0.4, 0.4);    // m
    qpos[2] = -qpos[1] * std::tan(qpos[0]) + 0.01;
  }

  void observe(std::span<double> observation) const override {
    observation[0] = positions()[0];
    observation[1] = positions()[1];
    observation[2] = velocities()[0];
    observation[3] = velocities()[1];
  }

  // 1 for each step with the ball in the middle, less the farther it is; the episode ends when it has fallen
  ddpg::StepResult judge(std::span<const float> torque) override {
    const double from_middle = positions()[1];
    const bool fell = std::fabs(from_middle) > 0.8 || positions()[2] < -0.4;
    return {.reward = sum({{"middle", 1 - from_middle * from_middle}, {"effort", -0.01 * torque[0] * torque[0]}}),
            .terminated = fell};
  }
};

int main() {
  ddpg::EnvironmentEntry entry;
  entry.name = "Seesaw-v0";
  entry.make = [](const ddpg::EnvironmentSettings&) { return std::make_unique<Seesaw>(); };
  ddpg::register_environment(entry);

  ddpg::Options options = ddpg::find_preset("default").options;
  options.environment = "Seesaw-v0";
  options.steps = 15'000;

  const ddpg::Summary summary = ddpg::train(options).summary;
  std::printf("return of 250 at best: before %.1f, after %.1f\n", summary.before.mean_return,
              summary.after.mean_return);
}
