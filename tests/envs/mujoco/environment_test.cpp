// What every MuJoCo task does beside giving Gymnasium's numbers (parity_test.cpp) and beginning as it does
// (start_test.cpp): time limits, saving and restoring, settings.
#include "ddpg/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mujoco/mujoco.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include "ddpg/error.h"
#include "ddpg/mujoco.h"
#include "envs/mujoco/load.h"
#include "envs/mujoco_tasks.h"
#include "envs/trace.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct MujocoTask {
  explicit MujocoTask(const std::string& name, const EnvironmentSettings& settings = {})
      : environment(make_environment(name, settings)),
        observation(static_cast<std::size_t>(environment->specification().observation_size)) {}

  void reset(RandomStream& random) { environment->reset(random, observation); }
  StepResult step(RandomStream& random) {
    const Specification& s = environment->specification();
    std::vector<float> action;
    for (int i = 0; i < s.action_size(); i++)
      action.push_back(static_cast<float>(random.uniform(s.action_low[i], s.action_high[i])));
    return environment->step(action, observation);
  }

  std::unique_ptr<Environment> environment;
  std::vector<double> observation;
};

std::vector<std::string> all_tasks() {
  std::vector<std::string> names;
  for (const EnvironmentEntry& entry : mujoco_entries()) names.push_back(entry.name);
  return names;
}

class EveryMujocoTask : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Mujoco, EveryMujocoTask, ::testing::ValuesIn(all_tasks()),
                         [](const auto& test) { return test.param.substr(0, test.param.find('-')); });

// In the order in which the numbers come: positions, velocities, and what else a task observes.
TEST_P(EveryMujocoTask, NamesItsObservation) {
  const MujocoTask task(GetParam());
  const Specification& told = task.environment->specification();
  const auto size = static_cast<std::size_t>(told.observation_size);
  ASSERT_EQ(told.observation_names.size(), size);
  ASSERT_EQ(told.observation_units.size(), size);
  EXPECT_EQ(std::set(told.observation_names.begin(), told.observation_names.end()).size(), size) << "a name twice";
  const std::map<std::string, std::map<std::size_t, std::string>> some = {
      {"Ant-v5", {{0, "root z [m]"}, {1, "root quaternion w []"}, {26, "ankle_4 velocity [rad/s]"}}},
      {"HalfCheetah-v5", {{0, "rootz [m]"}, {8, "rootx velocity [m/s]"}, {16, "ffoot velocity [rad/s]"}}},
      {"Humanoid-v5", {{22, "root x velocity [m/s]"}, {347, "left_lower_arm external force z [N]"}}},
      {"InvertedDoublePendulum-v5", {{1, "sin(hinge) []"}, {3, "cos(hinge) []"}, {8, "slider constraint force [N]"}}},
      {"Pusher-v5", {{7, "r_shoulder_pan_joint velocity [rad/s]"}, {22, "goal z [m]"}}},
      {"Reacher-v5", {{3, "sin(joint1) []"}, {4, "target_x [m]"}, {9, "fingertip y from target [m]"}}},
  };
  const auto known = some.find(GetParam());
  if (known == some.end()) return;
  for (const auto& [i, name] : known->second)
    EXPECT_EQ(told.observation_names[i] + " [" + told.observation_units[i] + "]", name) << i;
}

TEST_P(EveryMujocoTask, ContinuesFromASavedStateToTheSameBits) {
  MujocoTask one(GetParam()), other(GetParam());
  RandomStream start(1), elsewhere(2), play(3);
  one.reset(start);
  for (int t = 0; t < 40; t++) one.step(play);
  const std::vector<double> saved = one.environment->save_state();
  RandomStream replay = play;

  // the other copy has been elsewhere, in the middle of another episode
  other.reset(elsewhere);
  for (int t = 0; t < 17; t++) other.step(elsewhere);
  other.environment->restore_state(saved);
  EXPECT_EQ(other.environment->save_state(), saved);
  for (int t = 0; t < 9; t++) {
    const StepResult expected = one.step(play), found = other.step(replay);
    ASSERT_EQ(found.reward, expected.reward) << "step " << t;
    ASSERT_EQ(found.terminated, expected.terminated);
    ASSERT_EQ(found.truncated, expected.truncated);
    ASSERT_EQ(other.observation, one.observation) << "step " << t;
    ASSERT_EQ(other.environment->save_state(), one.environment->save_state()) << "step " << t;
  }
}

// What a damaged file says: refused, or played until the physics is found broken; either way the next episode is sound.
TEST_P(EveryMujocoTask, OutlivesAStateOfAnyNumbers) {
  MujocoTask task(GetParam());
  RandomStream start(1), play(3);
  task.reset(start);
  for (int t = 0; t < 5; t++) task.step(play);
  const std::vector<double> sound = task.environment->save_state();
  for (std::size_t i = 0; i < sound.size(); i++) {
    for (const double number : {-1.0, 1e300, -HUGE_VAL, std::nan("")}) {
      std::vector<double> hostile = sound;
      hostile[i] = number;
      try {
        task.environment->restore_state(hostile);
        for (int t = 0; t < 2; t++) task.step(play);
      } catch (const Error&) {
      }
    }
  }
  MujocoTask fresh(GetParam());
  RandomStream one(7), other(7);
  task.reset(one);
  fresh.reset(other);
  task.step(one);
  fresh.step(other);
  EXPECT_EQ(task.observation, fresh.observation);
}

TEST_P(EveryMujocoTask, TruncatesAtGymnasiumsTimeLimit) {
  const std::map<std::string, int> short_limits = {{"Reacher-v5", 50}, {"Pusher-v5", 100}};
  const auto found = short_limits.find(GetParam());
  const int limit = found == short_limits.end() ? 1000 : found->second;
  MujocoTask task(GetParam());
  EXPECT_EQ(task.environment->specification().time_limit, limit);
  RandomStream random(1);
  task.reset(random);
  const std::vector<float> none(static_cast<std::size_t>(task.environment->specification().action_size()));
  for (int t = 1; t <= limit; t++) ASSERT_EQ(task.environment->step(none, task.observation).truncated, t == limit);
}

// The task's state after each step is the one that plain MuJoCo reaches, to the last bit.
TEST_P(EveryMujocoTask, StepsAsMjStepDoes) {
  const std::unique_ptr<Environment> task = make_mujoco_task(GetParam(), {});
  const MujocoModel& source = dynamic_cast<const MujocoEnvironment&>(*task).source();
  const MujocoModelPointer model = load_model(source);
  const std::unique_ptr<mjData, void (*)(mjData*)> data(mj_makeData(model.get()), mj_deleteData);
  const Specification& s = task->specification();
  std::vector<double> observation(static_cast<std::size_t>(s.observation_size));
  std::vector<double> state(static_cast<std::size_t>(mj_stateSize(model.get(), mjSTATE_INTEGRATION)));
  std::vector<float> action(s.action_low.size());
  RandomStream random(11);
  task->reset(random, observation);
  mj_setState(model.get(), data.get(), task->save_state().data(), mjSTATE_INTEGRATION);
  for (int t = 0; t < 200; t++) {
    for (std::size_t i = 0; i < action.size(); i++)
      action[i] = static_cast<float>(random.uniform(s.action_low[i], s.action_high[i]));
    task->step(action, observation);
    std::copy(action.begin(), action.end(), data->ctrl);
    for (int i = 0; i < source.frame_skip; i++) mj_step(model.get(), data.get());
    mj_getState(model.get(), data.get(), state.data(), mjSTATE_INTEGRATION);
    const std::vector<double> reached = task->save_state();
    ASSERT_EQ(std::memcmp(reached.data(), state.data(), state.size() * sizeof(double)), 0) << "step " << t;
  }
}

TEST_P(EveryMujocoTask, TheSameStreamGivesTheSameEpisode) {
  MujocoTask one(GetParam()), other(GetParam());
  RandomStream a(5), b(5);
  for (int episode = 0; episode < 2; episode++) {
    one.reset(a);
    other.reset(b);
    for (int t = 0; t < 20; t++) {
      ASSERT_EQ(one.step(a).reward, other.step(b).reward);
      ASSERT_EQ(one.observation, other.observation);
    }
  }
}

std::string refusal(const std::string& name, const EnvironmentSettings& settings) {
  try {
    make_environment(name, settings);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(MujocoSettings, EverythingWrongIsNamedAtOnce) {
  EXPECT_THAT(
      refusal("Hopper-v5", {{"healthy_z_range", std::vector<double>{2, 1}},
                            {"terminate_when_unhealthy", 1.0},
                            {"frame_skip", 0.5},
                            {"xml_file", true},
                            {"helthy_reward", 1.0}}),
      AllOf(HasSubstr("[Hopper-v5]"), HasSubstr("env.healthy_z_range = [2, 1] must be two numbers, [low, high]"),
            HasSubstr("env.terminate_when_unhealthy = 1 must be true or false"),
            HasSubstr("env.frame_skip = 0.5 must be a whole number of at least 1"),
            HasSubstr("env.xml_file = true must be a text"), HasSubstr("Did you mean healthy_reward")));
}

TEST(MujocoSettings, AModelOfTheUsersOwnIsAPath) {
  EXPECT_THAT(refusal("HalfCheetah-v5", {{"xml_file", std::string("absent/cheetah.xml")}}),
              AllOf(HasSubstr("[HalfCheetah-v5]"), HasSubstr("absent/cheetah.xml"), HasSubstr("no such file")));
}

TEST(MujocoSettings, AModelThatLacksWhatTheTaskNeedsIsRefused) {
  const auto with = [](const std::string& task, const std::string& file) {
    return refusal(task, {{"xml_file", file}});
  };
  EXPECT_THAT(with("Reacher-v5", "hopper.xml"), HasSubstr("[Reacher-v5] the model has no body named \"fingertip\""));
  EXPECT_THAT(with("InvertedDoublePendulum-v5", "inverted_pendulum.xml"),
              HasSubstr("at least 3 positions (nq), found 2"));
  EXPECT_THAT(refusal("Ant-v5", {{"main_body", std::string("tail")}}), HasSubstr("no body named \"tail\""));
  EXPECT_THAT(refusal("Ant-v5", {{"main_body", 14.0}}), HasSubstr("at least 15 bodies"));
}

}  // namespace
}  // namespace ddpg
