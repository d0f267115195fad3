// The MuJoCo tasks against Gymnasium's own numbers: from the same state, with the same actions, observation, reward,
// its parts and termination agree at every step. The traces in golden/mujoco are short; tests/mujoco_parity.sh records
// long ones from the installed wheels and runs the same comparison on them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "ddpg/mujoco.h"
#include "envs/mujoco/mujoco_trace.h"
#include "envs/mujoco_tasks.h"
#include "places.h"

namespace ddpg {
namespace {

// Largest difference relative to the larger of the number and `floor`.
double difference(double found, double expected, double floor) {
  if (found == expected) return 0;
  return std::fabs(found - expected) / std::fmax(std::fabs(expected), floor);
}

constexpr double kTolerance = 1e-10;
// Below this a number counts as 0 when relative differences are taken: velocities and forces that rounding alone makes.
constexpr double kFloor = 1e-3;

std::filesystem::path trace_folder() {
  const char* folder = std::getenv("DDPG_MUJOCO_TRACES");
  return folder ? folder : tests_folder() + "/golden/mujoco";
}

class MujocoParity : public ::testing::TestWithParam<std::string> {};

TEST_P(MujocoParity, EveryStepGivesGymnasiumsNumbers) {
  testing::MujocoTrace trace(trace_folder() / (GetParam() + ".trace"));
  const auto made = make_mujoco_task(trace.task(), trace.settings());
  auto& task = dynamic_cast<MujocoEnvironment&>(*made);
  ASSERT_EQ(task.specification().observation_size, trace.size("observation_size"));
  ASSERT_EQ(task.specification().action_size(), trace.size("action_size"));
  std::vector<double> observation(static_cast<std::size_t>(task.specification().observation_size));
  const std::vector<std::string> names = trace.parts();
  std::int64_t numbers = 0, identical = 0;
  const auto compare = [&](double found, double expected, const std::string& what) {
    numbers++;
    identical += found == expected;
    ASSERT_LE(difference(found, expected, kFloor), kTolerance)
        << what << ": found " << found << ", Gymnasium has " << expected;
  };
  for (int rollout = 0; rollout < trace.rollouts(); rollout++) {
    const auto qpos = trace.numbers(trace.size("nq")), qvel = trace.numbers(trace.size("nv"));
    const auto first = trace.numbers(trace.size("observation_size"));
    task.set_state(qpos, qvel, observation);
    for (std::size_t i = 0; i < first.size(); i++)
      ASSERT_NO_FATAL_FAILURE(compare(observation[i], first[i], "first observation"));
    for (int t = 0; t < trace.steps(); t++) {
      SCOPED_TRACE("rollout " + std::to_string(rollout) + ", step " + std::to_string(t));
      const testing::MujocoTraceStep expected = trace.step();
      const StepResult result = task.step(expected.action, observation);
      for (std::size_t i = 0; i < observation.size(); i++)
        ASSERT_NO_FATAL_FAILURE(compare(observation[i], expected.observation[i], "observation " + std::to_string(i)));
      ASSERT_NO_FATAL_FAILURE(compare(result.reward, expected.reward, "reward"));
      ASSERT_EQ(task.reward_parts().size(), names.size());
      for (std::size_t i = 0; i < names.size(); i++) {
        ASSERT_EQ(task.reward_parts()[i].name, names[i]);
        ASSERT_NO_FATAL_FAILURE(compare(task.reward_parts()[i].value, expected.parts[i], names[i]));
      }
      ASSERT_EQ(result.terminated, expected.terminated);
      ASSERT_FALSE(result.truncated);
    }
  }
  EXPECT_TRUE(trace.done());
  RecordProperty("numbers", static_cast<int>(numbers));
  RecordProperty("identical", static_cast<int>(identical));
  std::printf("%s: %lld of %lld numbers identical\n", GetParam().c_str(), static_cast<long long>(identical),
              static_cast<long long>(numbers));
}

std::vector<std::string> all_traces() {
  std::vector<std::string> names;
  for (const EnvironmentEntry& entry : mujoco_entries()) {
    names.push_back(entry.name + "-default");
    names.push_back(entry.name + "-changed");
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(Tasks, MujocoParity, ::testing::ValuesIn(all_traces()), [](const auto& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace ddpg
