// The models that the tasks step against the same models as MuJoCo compiles them: less work, and no bit different.
#include "ddpg/mujoco.h"
#include "envs/mujoco/load.h"
#include "envs/mujoco_tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ddpg {
namespace {

struct Player {
  explicit Player(MujocoModelPointer made) : model(std::move(made)), data(mj_makeData(model.get()), mj_deleteData) {}

  MujocoModelPointer model;
  std::unique_ptr<mjData, void (*)(mjData*)> data;
};

std::vector<double> numbers_of(const mjContact& contact) {
  std::vector<double> numbers = {static_cast<double>(contact.geom[0]), static_cast<double>(contact.geom[1]),
                                 static_cast<double>(contact.dim), contact.dist, contact.includemargin};
  const auto add = [&](const auto& values) { numbers.insert(numbers.end(), std::begin(values), std::end(values)); };
  add(contact.pos);
  add(contact.frame);
  add(contact.friction);
  add(contact.solref);
  add(contact.solreffriction);
  add(contact.solimp);
  return numbers;
}

std::vector<double> state_of(const Player& player) {
  std::vector<double> state(static_cast<std::size_t>(mj_stateSize(player.model.get(), mjSTATE_INTEGRATION)));
  mj_getState(player.model.get(), player.data.get(), state.data(), mjSTATE_INTEGRATION);
  return state;
}

// Steps both with the same random controls; the contacts that were compared on the way.
int expect_same_bits(const MujocoModel& source, int steps) {
  Player plain(load_model(source)), lean(lean_model(load_model(source), source));
  RandomStream random(1, "test");
  int contacts = 0;
  for (int step = 0; step < steps; step++) {
    if (step % 400 == 0) mj_resetData(plain.model.get(), plain.data.get());
    if (step % 400 == 0) mj_resetData(lean.model.get(), lean.data.get());
    for (int i = 0; i < plain.model->nu; i++) {
      const double* range = plain.model->actuator_ctrlrange + 2 * i;
      plain.data->ctrl[i] = lean.data->ctrl[i] = random.uniform(range[0], range[1]);
    }
    mj_step(plain.model.get(), plain.data.get());
    mj_step(lean.model.get(), lean.data.get());
    EXPECT_EQ(state_of(plain), state_of(lean)) << "step " << step;
    EXPECT_EQ(plain.data->ncon, lean.data->ncon) << "step " << step;
    for (int i = 0; i < std::min(plain.data->ncon, lean.data->ncon); i++)
      EXPECT_EQ(numbers_of(plain.data->contact[i]), numbers_of(lean.data->contact[i])) << "step " << step;
    if (::testing::Test::HasFailure()) return contacts;
    contacts += plain.data->ncon;
  }
  return contacts;
}

MujocoModel source_of(const std::string& task) {
  const auto made = make_mujoco_task(task, {});
  return dynamic_cast<const MujocoEnvironment&>(*made).source();
}

class LeanModel : public ::testing::TestWithParam<std::string> {};

TEST_P(LeanModel, StepsToTheSameBits) {
  const int contacts = expect_same_bits(source_of(GetParam()), 4'000);
  const bool on_a_floor = GetParam().find("Pendulum") == std::string::npos && GetParam() != "Swimmer-v5" &&
                          GetParam() != "Reacher-v5" && GetParam() != "Pusher-v5";
  EXPECT_GE(contacts, on_a_floor ? 100 : 0);
}

std::vector<std::string> all_tasks() {
  std::vector<std::string> names;
  for (const EnvironmentEntry& entry : mujoco_entries()) names.push_back(entry.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Tasks, LeanModel, ::testing::ValuesIn(all_tasks()),
                         [](const auto& task) { return task.param.substr(0, task.param.find('-')); });

MujocoModelPointer lean(const MujocoModel& source) {
  return lean_model(load_model(source), source);
}

bool searches(const mjModel& model) {
  return std::any_of(model.body_contype, model.body_contype + model.nbody, [](int bits) { return bits != 0; });
}

bool looks_for_islands(const mjModel& model) {
  return (model.opt.disableflags & mjDSBL_ISLAND) == 0;
}

TEST(LeanModelOf, HalfCheetahHasThePairsOfTheFloorAndNoSearch) {
  const MujocoModelPointer model = lean(source_of("HalfCheetah-v5"));
  EXPECT_EQ(model->npair, 8);
  EXPECT_FALSE(searches(*model));
  EXPECT_FALSE(looks_for_islands(*model));
}

TEST(LeanModelOf, SwimmerWhichTouchesNothingHasNoPairs) {
  const MujocoModelPointer model = lean(source_of("Swimmer-v5"));
  EXPECT_EQ(model->npair, 0);
  EXPECT_FALSE(searches(*model));
}

TEST(LeanModelOf, HumanoidStillSearchesSinceItsLimbsTouch) {
  const MujocoModelPointer model = lean(source_of("Humanoid-v5"));
  EXPECT_EQ(model->npair, 0);
  EXPECT_TRUE(searches(*model));
}

TEST(LeanModelOf, PusherStillLooksForIslandsSinceItHasSeveralTrees) {
  EXPECT_TRUE(looks_for_islands(*lean(source_of("Pusher-v5"))));
}

// A leg on a floor and against a slope, with all that decides what a pair's contacts are like.
MujocoModel walker(const std::string& option = "", const std::string& contact = "", const std::string& more = "") {
  return {.name = "walker", .file = "walker.xml", .xml = "<mujoco>" + option + "<worldbody>" + more + R"(
    <geom type="plane" size="5 5 1" euler="0 -40 0" pos="0.5 0 0" condim="1" conaffinity="2" contype="2" priority="1"/>
    <geom name="floor" type="plane" size="5 5 1" friction="0.7 0.02 0.003" solref="0.03 0.9" margin="0.01" solmix="3"/>
    <body name="ball" pos="0 0 0.6">
      <freejoint/>
      <geom name="ddpg_geom" size="0.1" contype="1" conaffinity="0" priority="1" friction="0.3"/>
      <geom type="capsule" size="0.05" fromto="0 0 0 0.4 0 -0.1" contype="3" conaffinity="0" condim="4"/>
      <body pos="0.2 0 -0.1">
        <joint name="leg" axis="0 1 0"/>
        <geom size="0.07 0.1" type="capsule" conaffinity="0" margin="0.002" gap="0.004" solimp="0.8 0.9 0.01"/>
        <geom size="0.06" pos="0 0 -0.2" contype="3" conaffinity="0" friction="1.5" solref="-900 -20" condim="6"/>
      </body>
    </body>
  </worldbody>)" + contact + R"(
  <actuator><motor joint="leg" gear="5" ctrlrange="-1 1"/></actuator>
</mujoco>)"};
}

TEST(LeanModelOf, AModelOfOnesOwnTakesWhatThePairsNeedFromItsGeoms) {
  const MujocoModelPointer model = lean(walker());
  EXPECT_EQ(model->npair, 6);  // four with the floor, two with the slope
  EXPECT_FALSE(searches(*model));
  EXPECT_GT(expect_same_bits(walker(), 4'000), 1'000);
}

TEST(LeanModelOf, AModelWithMoreThanPlanesToTouchStillSearches) {
  EXPECT_TRUE(searches(*lean(walker("", "", "<geom type='box' size='1 1 1' pos='3 0 0'/>"))));
  EXPECT_TRUE(searches(*lean(walker("", "", "<body pos='3 0 5'><freejoint/><geom size='0.1'/></body>"))));
}

TEST(LeanModelOf, AModelWithPairsOrExclusionsOrOptionsOfItsOwnIsLeftAlone) {
  for (const MujocoModel& source :
       {walker("", "<contact><pair geom1='floor' geom2='ddpg_geom' margin='0.02'/></contact>"),
        walker("", "<contact><exclude body1='world' body2='ball'/></contact>"),
        walker("<option><flag override='enable'/></option>"),
        walker("<option><flag filterparent='disable'/></option>")}) {
    const MujocoModelPointer model = lean(source);
    EXPECT_TRUE(searches(*model)) << source.xml;
    EXPECT_TRUE(looks_for_islands(*model)) << source.xml;
  }
}

}  // namespace
}  // namespace ddpg
