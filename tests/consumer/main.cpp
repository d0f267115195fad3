// Uses the installed library as a user would: trains for a moment, saves the policy, loads it, acts.
#include <ddpg/ddpg.h>
#include <ddpg/version.h>

#include <cstdio>
#include <filesystem>
#include <vector>

int main() {
  ddpg::Options options = ddpg::find_preset("default").options;
  options.environment = "Pendulum-v1";
  options.steps = 300;
  options.replay_capacity = 300;
  options.warmup_steps = 100;
  options.learning_starts = 100;
  options.evaluation_episodes = 1;
  const ddpg::TrainingResult result = ddpg::train(options);

  result.policy.save("consumer.policy");
  ddpg::Policy policy = ddpg::Policy::load("consumer.policy");
  const std::vector<double> observation = {1.0, 0.0, 0.0};
  std::vector<float> action(1);
  policy.act(observation, action);

  std::printf("ddpg %s: %lld steps, %lld updates, action %g\n", ddpg::kVersion,
              static_cast<long long>(result.summary.steps), static_cast<long long>(result.summary.updates),
              static_cast<double>(action[0]));
  const bool as_expected =
      result.summary.steps == 300 && result.summary.updates > 0 && action[0] >= -2 && action[0] <= 2;
  return as_expected ? 0 : 1;
}
