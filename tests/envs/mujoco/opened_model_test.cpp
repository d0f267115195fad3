// What a task on a model of the user's own may do beside observing and rewarding: change the model for an episode,
// push, make controls of actions, disturb what is seen, remember. All of it resumes to the same bits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mujoco/mujoco.h>

#include <set>

#include "ddpg/error.h"
#include "ddpg/mujoco.h"
#include "ddpg/train.h"
#include "run/checkpoint_contents.h"
#include "run/rows.h"
#include "run/small_run.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

constexpr const char* kBlock = R"(<mujoco>
  <option timestep="0.01" gravity="0 0 0"/>
  <worldbody><body name="block"><joint name="slide" type="slide" axis="1 0 0"/>
    <geom type="box" size=".1 .1 .1" mass="1"/></body></worldbody>
  <actuator><motor joint="slide" gear="2" ctrlrange="-3 2"/></actuator>
</mujoco>)";

// Holds a block at a place: the action is the place that the loop goes to.
class Held : public MujocoEnvironment {
 public:
  Held() : MujocoEnvironment({.name = "Held-v0", .xml = kBlock, .frame_skip = 5, .time_limit = 30}) {
    set_observation_size(3);
    set_actions({-1}, {1}, {"place"}, {"m"});
    set_reward_names({"off"});
    use_episode_stream();
  }
  double mass() const { return model().body_mass[1]; }
  double wanted = 0;
  int pushes = 0;

 protected:
  void draw_start(RandomStream& random, std::span<double> qpos, std::span<double>) override {
    qpos[0] = random.uniform(-1, 1);
    wanted = random.uniform(-0.5, 0.5);
  }
  void change_model(RandomStream& random, mjModel& model, mjData& data) override {
    model.body_mass[1] *= random.uniform(0.5, 2);
    mj_setConst(&model, &data);
  }
  void control(std::span<const float> place, int substep, mjData& data) override {
    if (substep == 0) {
      const bool pushed = episode_stream().uniform() < 0.2;
      data.xfrc_applied[6] = pushed ? episode_stream().uniform(-5, 5) : 0;
      pushes += pushed;
    }
    data.ctrl[0] = std::clamp(10 * (place[0] - data.qpos[0]) - 2 * data.qvel[0], -3.0, 2.0);
  }
  void disturb(RandomStream& random, std::span<double> observation) override {
    observation[0] += 0.01 * random.normal();
  }
  void observe(std::span<double> observation) const override {
    observation[0] = data().qpos[0];
    observation[1] = data().qvel[0];
    observation[2] = wanted;
  }
  StepResult judge(std::span<const float>) override {
    const double off = data().qpos[0] - wanted;
    return {.reward = sum({{"off", -off * off}})};
  }
  std::vector<double> save_own() const override { return {wanted}; }
  void restore_own(std::span<const double> own) override {
    if (own.size() != 1) throw Error("expected one number");
    wanted = own[0];
  }
};

// Is paid for how often it has been where it is now, and so remembers all places of its episode.
class Returning : public MujocoEnvironment {
 public:
  Returning() : MujocoEnvironment({.name = "Returning-v0", .xml = kBlock, .frame_skip = 5, .time_limit = 30}) {
    set_observation_size(2);
  }
  std::vector<double> places;

 protected:
  void draw_start(RandomStream& random, std::span<double> qpos, std::span<double>) override {
    qpos[0] = random.uniform(-1, 1);
    places.clear();
  }
  void observe(std::span<double> observation) const override {
    observation[0] = data().qpos[0];
    observation[1] = data().qvel[0];
  }
  StepResult judge(std::span<const float>) override {
    const auto is_near = [here = data().qpos[0]](double place) { return std::abs(place - here) < 0.1; };
    const auto times = std::ranges::count_if(places, is_near);
    places.push_back(data().qpos[0]);
    return {.reward = static_cast<double>(times)};
  }
  std::vector<double> save_own() const override { return places; }
  void restore_own(std::span<const double> own) override {
    if (own.size() > 30) throw Error("expected at most 30 places");
    places.assign(own.begin(), own.end());
  }
};

// An object that has played less than the state that it is given, and one that has played more.
TEST(OpenedModel, RemembersMoreFromStepToStep) {
  Returning played, fresh, longer;
  RandomStream random(1), another(2);
  std::vector<double> observation(2), restored(2);
  const float action = 0.3f;
  played.reset(random, observation);
  longer.reset(another, restored);
  for (int step = 0; step < 11; step++) played.step(std::span(&action, 1), observation);
  for (int step = 0; step < 20; step++) longer.step(std::span(&action, 1), restored);
  for (Returning* other : {&fresh, &longer}) {
    other->restore_state(played.save_state());
    EXPECT_EQ(other->places, played.places);
    EXPECT_EQ(other->save_state(), played.save_state());
  }
  std::vector<double> state = played.save_state();
  state.resize(state.size() - 12);
  EXPECT_THROW(fresh.restore_state(state), Error);  // shorter than the model's own
  state = played.save_state();
  state.resize(state.size() + 20);
  EXPECT_THROW(fresh.restore_state(state), Error);
}

TEST(OpenedModel, DrawsEachEpisodesModelFromTheOneThatWasLoaded) {
  Held held;
  RandomStream random(1);
  std::vector<double> observation(3);
  std::set<double> masses;
  for (int episode = 0; episode < 50; episode++) {
    held.reset(random, observation);
    EXPECT_GE(held.mass(), 0.5);
    EXPECT_LE(held.mass(), 2);
    masses.insert(held.mass());
  }
  EXPECT_EQ(masses.size(), 50u);
  const float action = 0;
  for (int step = 0; step < 30; step++) held.step(std::span(&action, 1), observation);
  EXPECT_GT(held.pushes, 0);
}

// In the middle of an episode, into an object that has played something else.
TEST(OpenedModel, IsRestoredToTheSameBits) {
  Held held, other;
  RandomStream random(1), another(2);
  std::vector<double> observation(3), restored(3);
  held.reset(random, observation);
  other.reset(another, restored);
  const float action = 0.3f;
  for (int step = 0; step < 11; step++) held.step(std::span(&action, 1), observation);
  other.restore_state(held.save_state());
  EXPECT_EQ(other.mass(), held.mass());
  EXPECT_EQ(other.wanted, held.wanted);
  for (int step = 0; step < 15; step++) {
    const StepResult a = held.step(std::span(&action, 1), observation);
    const StepResult b = other.step(std::span(&action, 1), restored);
    ASSERT_EQ(a.reward, b.reward) << step;
    ASSERT_EQ(observation, restored) << step;
  }
  std::vector<double> metrics(1), state = held.save_state();
  held.metrics(metrics);
  EXPECT_LE(metrics[0], 0);
  state.pop_back();
  EXPECT_THROW(held.restore_state(state), Error);
}

TEST(OpenedModel, ATrainingOnItResumesToTheSameBits) {
  register_environment(
      {.name = "Held-v0", .make = [](const EnvironmentSettings&) { return std::make_unique<Held>(); }});
  Options options = testing::small_run(200);
  options.environment = "Held-v0";
  const testing::TemporaryFolder folder;
  testing::Rows expected, rows;
  train(options, {&expected}, nullptr, folder.path() / "straight");
  rows.stop_at = 103;
  train(options, {&rows}, &rows.stop, folder.path() / "cut");
  resume(options, folder.path() / "cut", {&rows});
  EXPECT_EQ(rows.lines, expected.lines);
  EXPECT_THAT(testing::differences(testing::kept(folder.path() / "straight"), testing::kept(folder.path() / "cut")),
              ::testing::IsEmpty());
}

// Names and terms that do not go together are a fault of the task, found in the first step.
TEST(OpenedModel, NamesOfTheRewardMustBeThoseOfItsTerms) {
  struct Misnamed : Held {
    Misnamed() { set_reward_names({"of"}); }
  } misnamed;
  RandomStream random(1);
  std::vector<double> observation(3);
  misnamed.reset(random, observation);
  const float action = 0;
  try {
    misnamed.step(std::span(&action, 1), observation);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("set_reward_names() names \"of\""));
  }
}

}  // namespace
}  // namespace ddpg
