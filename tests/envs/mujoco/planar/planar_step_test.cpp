// Steps in the plane against mj_step on the same model: states, warm starts among them, and contacts are equal to the
// bit. Numbers are compared, so that a 0 may have either sign.
#include "envs/mujoco/planar/planar_step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "ddpg/mujoco.h"
#include "ddpg/random.h"
#include "envs/mujoco/load.h"
#include "envs/mujoco/tasks.h"
#include "envs/mujoco_tasks.h"

namespace ddpg {
namespace {

using ::testing::Eq;
using ::testing::Pointwise;
using ::testing::UnorderedElementsAre;

struct Player {
  explicit Player(const MujocoModel& source)
      : model(load_model(source)), data(mj_makeData(model.get()), mj_deleteData) {}

  MujocoModelPointer model;
  std::unique_ptr<mjData, void (*)(mjData*)> data;
};

std::vector<double> state_of(const Player& player) {
  std::vector<double> state(static_cast<std::size_t>(mj_stateSize(player.model.get(), mjSTATE_INTEGRATION)));
  mj_getState(player.model.get(), player.data.get(), state.data(), mjSTATE_INTEGRATION);
  return state;
}

std::vector<double> contacts_of(const mjData& data) {
  std::vector<double> numbers;
  const auto add = [&](const auto& values) { numbers.insert(numbers.end(), std::begin(values), std::end(values)); };
  for (int i = 0; i < data.ncon; i++) {
    const mjContact& contact = data.contact[i];
    add(std::vector{contact.geom[0], contact.geom[1], contact.dim, contact.exclude, contact.efc_address});
    add(std::vector{contact.dist, contact.includemargin, contact.mu, contact.adhesion});
    add(contact.pos);
    add(contact.frame);
    add(contact.friction);
    add(contact.solref);
    add(contact.solreffriction);
    add(contact.solimp);
    add(contact.surfacevel);
  }
  return numbers;
}

// How far from the model's own pose an episode starts.
struct Start {
  const char* name;
  double position, velocity;  // half-widths of uniform noise
  double lift;                // added to the second coordinate, the height
};

class Pair {
 public:
  explicit Pair(const MujocoModel& source) : plain_(source), planar_(source), step_(PlanarStep::make(*planar_.model)) {}

  bool is_planar() const { return step_ != nullptr; }

  void start(RandomStream& random, const Start& start) {
    mj_resetData(plain_.model.get(), plain_.data.get());
    for (int i = 0; i < plain_.model->nq; i++) plain_.data->qpos[i] += random.uniform(-start.position, start.position);
    for (int i = 0; i < plain_.model->nv; i++) plain_.data->qvel[i] = random.uniform(-start.velocity, start.velocity);
    plain_.data->qpos[1] += start.lift;
    mj_copyData(planar_.data.get(), planar_.model.get(), plain_.data.get());
    mj_forward(plain_.model.get(), plain_.data.get());
    mj_forward(planar_.model.get(), planar_.data.get());
  }

  void control(int i, double value) { plain_.data->ctrl[i] = planar_.data->ctrl[i] = value; }

  // Controls up to twice beyond their range; the contacts that were compared on the way.
  int expect_same(RandomStream& random, int steps) {
    int contacts = 0;
    for (int t = 0; t < steps; t++) {
      for (int i = 0; i < plain_.model->nu; i++) control(i, 2 * random.uniform(-1, 1));
      step();
      EXPECT_THAT(state_of(planar_), Pointwise(Eq(), state_of(plain_))) << "step " << t;
      EXPECT_THAT(contacts_of(*planar_.data), Pointwise(Eq(), contacts_of(*plain_.data))) << "step " << t;
      if (::testing::Test::HasFailure()) return contacts;
      contacts += plain_.data->ncon;
    }
    return contacts;
  }

  void step() {
    mj_step(plain_.model.get(), plain_.data.get());
    step_->step(*planar_.data);
  }

  Player& plain() { return plain_; }
  Player& planar() { return planar_; }

 private:
  Player plain_, planar_;
  std::unique_ptr<PlanarStep> step_;
};

MujocoModel source_of(const std::string& task) {
  const auto made = make_mujoco_task(task, {});
  return dynamic_cast<const MujocoEnvironment&>(*made).source();
}

// A walker with what HalfCheetah has not: hinges the other way round and off their bodies' origins, a sloping floor,
// spheres, a slanting slide, a body without joints, margins, friction losses, several controls on a joint.
MujocoModel walker(const std::string& option = "", const std::string& more = "", const std::string& leg = "") {
  return {.name = "walker",
          .file = "walker.xml",
          .xml = "<mujoco><option timestep='0.004'/>" + option + R"(
  <default>
    <geom conaffinity="0" condim="3" margin="0.002"/><motor ctrllimited="true" ctrlrange="-1 1"/><joint damping="0.2"/>
  </default>
  <worldbody>
    <geom type="plane" size="9 9 1" pos="0 1 0.05" euler="0 -15 0" conaffinity="1" solref="0.03 0.9" solmix="3" priority="1"/>)" +
                 more + R"(
    <body pos="0 0 0.9" euler="0 10 0">
      <joint type="slide" axis="1 0 0" damping="0"/>
      <joint type="slide" axis="-0.6 0 0.8" damping="0" stiffness="3" springref="0.1"/>
      <joint name="trunk" axis="0 -1 0" pos="0.05 0 0.1" armature="0.02"/>
      <geom type="capsule" size="0.08" fromto="-0.3 0 0 0.3 0 0.1"/>
      <geom size="0.12" pos="0.35 0 0.15" friction="1.5" condim="6"/>
      <body pos="-0.25 0 -0.05" euler="0 -20 0">
        <joint name="hip" axis="0 1 0" range="-40 70" limited="true" stiffness="20" frictionloss="0.05"/>
        <geom type="capsule" size="0.05" fromto="0 0 0 0 0 -0.35" conaffinity="0" condim="4"/>)" +
                 leg + R"(
        <body pos="0 0 -0.35">
          <joint name="knee" axis="0 -1 0" pos="0 0 0.02" range="-60 60" limited="true"/>
          <geom type="capsule" size="0.04" fromto="0 0 0 0.05 0 -0.3"/>
          <body pos="0.05 0 -0.3"><geom size="0.06" mass="0.3"/></body>
        </body>
      </body>
      <body pos="0.25 0 0.02">
        <joint name="other" axis="0 1 0" range="-60 60" limited="true"/>
        <geom type="capsule" size="0.05" fromto="0 0 0 0.1 0 -0.5"/>
      </body>
    </body>
  </worldbody>
  <actuator>
    <motor joint="hip" gear="30"/><motor joint="knee" gear="-20"/><motor joint="other" gear="25"/>
    <motor joint="trunk" gear="2"/><motor joint="hip" gear="3" ctrlrange="-0.2 1"/>
  </actuator>
</mujoco>)"};
}

const std::vector<Start> kStarts = {{"AtRest", 0, 0, 0},           {"AsGymnasiumStarts", 0.1, 0.3, 0},
                                    {"AnyPose", 3.2, 3, 0},        {"Fast", 1, 60, 0},
                                    {"VeryFast", 3.2, 1000, 1},    {"InTheGround", 1, 1, -0.5},
                                    {"DeepInTheGround", 3, 5, -4}, {"Falling", 3.2, 1, 0.4},
                                    {"InTheAir", 3.2, 10, 300}};

class PlanarStepFrom : public ::testing::TestWithParam<Start> {};
INSTANTIATE_TEST_SUITE_P(Starts, PlanarStepFrom, ::testing::ValuesIn(kStarts),
                         [](const auto& test) { return test.param.name; });

// How many contacts were compared in episodes of 250 steps.
int play(const MujocoModel& source, const Start& start, int episodes) {
  Pair pair(source);
  EXPECT_TRUE(pair.is_planar());
  RandomStream random(1, start.name);
  int contacts = 0;
  for (int i = 0; i < episodes && pair.is_planar() && !::testing::Test::HasFailure(); i++) {
    SCOPED_TRACE("episode " + std::to_string(i));
    pair.start(random, start);
    contacts += pair.expect_same(random, 250);
  }
  return contacts;
}

int least(const Start& start, int contacts) {
  return start.lift > 10 ? 0 : contacts;
}

TEST_P(PlanarStepFrom, HalfCheetahGoesWhereMjStepTakesIt) {
  EXPECT_GE(play(source_of("HalfCheetah-v5"), GetParam(), 12), least(GetParam(), 100));
}

TEST_P(PlanarStepFrom, Walker2dGoesWhereMjStepTakesIt) {
  EXPECT_GE(play(source_of("Walker2d-v5"), GetParam(), 8), least(GetParam(), 100));
}

TEST_P(PlanarStepFrom, InvertedPendulumGoesWhereMjStepTakesIt) {
  play(source_of("InvertedPendulum-v5"), GetParam(), 8);
}

TEST_P(PlanarStepFrom, AWalkerOfOnesOwnGoesWhereMjStepTakesIt) {
  EXPECT_GE(play(walker(), GetParam(), 8), least(GetParam(), 50));
  EXPECT_GE(play(walker("<option integrator='RK4'/>"), GetParam(), 4), least(GetParam(), 25));
}

bool is_planar(const MujocoModel& source) {
  return PlanarStep::make(*load_model(source)) != nullptr;
}

TEST(PlanarStep, IsTakenForTheseOfGymnasiumsTasks) {
  std::vector<std::string> planar;
  for (const EnvironmentEntry& task : mujoco_entries()) {
    const MujocoModel source = source_of(task.name);
    if (source.reads_state_alone && is_planar(source)) planar.push_back(task.name);
  }
  EXPECT_THAT(planar, UnorderedElementsAre("HalfCheetah-v5", "InvertedPendulum-v5", "Walker2d-v5"));
}

TEST(PlanarStep, AModelOfTheUsersOwnIsLeftToMjStepUnlessAsked) {
  EXPECT_FALSE(MujocoModel{}.reads_state_alone);
  EXPECT_FALSE(for_state_alone({.name = "Mine-v0", .file = "mine.xml"}).reads_state_alone);
  EXPECT_TRUE(for_state_alone({.name = "Mine-v0", .file = "half_cheetah.xml", .xml = "<mujoco/>"}).reads_state_alone);
}

class Walker final : public MujocoEnvironment {
 public:
  explicit Walker(const MujocoModel& model) : MujocoEnvironment(model) { set_observation_size(1); }

 private:
  void draw_start(RandomStream& random, std::span<double> qpos, std::span<double>) override {
    qpos[2] += random.uniform(-0.2, 0.2);
  }
  void observe(std::span<double> observation) const override { observation[0] = data().xpos[3]; }
  StepResult judge(std::span<const float>) override { return {}; }
};

// xpos, which is not of the state, tells which way it was stepped: in the plane it is left as it was.
TEST(PlanarStep, AnEnvironmentThatAsksForItGoesTheSameWay) {
  MujocoModel model = walker();
  Walker plain(model);
  model.reads_state_alone = true;
  Walker planar(model);
  RandomStream random(1), same(1), play(2);
  std::vector<double> seen(1), left(1);
  plain.reset(random, seen);
  planar.reset(same, left);
  const double start = left[0];
  for (int t = 0; t < 100; t++) {
    std::vector<float> action;
    for (int i = 0; i < 5; i++) action.push_back(static_cast<float>(play.uniform(-1, 1)));
    plain.step(action, seen);
    planar.step(action, left);
    ASSERT_EQ(plain.save_state(), planar.save_state()) << "step " << t;
  }
  EXPECT_EQ(left[0], start);
  EXPECT_NE(seen[0], start);
}

// What a model may have that steps in the plane do not compute, or that leaves the plane.
TEST(PlanarStep, AnythingElseIsLeftToMjStep) {
  ASSERT_TRUE(is_planar(walker()));
  const std::vector<std::string> options = {
      "<option integrator='implicit'/>",
      "<option integrator='implicitfast'/>",
      "<option density='1.2'/>",
      "<option wind='1 0 0'/>",
      "<option gravity='0 1 -9'/>",
      "<option solver='CG'/>",
      "<option><flag override='enable'/></option>",
      "<option><flag gravity='disable'/></option>",
      "<option noslip_iterations='2'/>",
      "<sensor><jointpos joint='hip'/></sensor>",
      "<tendon><fixed><joint joint='hip' coef='1'/><joint joint='knee' coef='1'/></fixed></tendon>",
      "<equality><joint joint1='hip' joint2='other'/></equality>",
      "<contact><exclude body1='world' body2='shin'/></contact>",
      "<actuator><position joint='hip' ctrlrange='-1 1'/></actuator>",
      "<actuator><motor joint='hip' ctrlrange='-1 1' forcerange='-1 1'/></actuator>",
      "<actuator><motor site='toe' ctrlrange='-1 1'/></actuator>"};
  const std::string shin = "<body name='shin' pos='0 0 -.2'><geom size='.03'/><site name='toe'/></body>";
  ASSERT_TRUE(is_planar(walker("", "", shin)));
  for (const std::string& option : options) EXPECT_FALSE(is_planar(walker(option, "", shin))) << option;
  const std::vector<std::string> things = {"<geom type='box' size='1 1 1' pos='5 0 0' conaffinity='1'/>",
                                           "<geom type='plane' size='9 9 1' pos='5 0 0' conaffinity='1'/>",
                                           "<body pos='0 0 9'><freejoint/><geom size='.1'/></body>",
                                           "<body pos='0 0 9'><joint axis='0 1 0'/><geom size='.1'/></body>",
                                           "<body mocap='true'><geom size='.1'/></body>"};
  for (const std::string& thing : things) EXPECT_FALSE(is_planar(walker("", thing))) << thing;
  const std::vector<std::string> legs = {"<geom size='.03' conaffinity='1'/>",     // touches the other leg
                                         "<geom size='.03' pos='0 .01 0'/>",       // beside the plane
                                         "<geom type='box' size='.03 .03 .03'/>",  // neither capsule nor sphere
                                         "<geom size='.03' gap='.01'/>",
                                         "<body><joint axis='0 .6 .8'/><geom size='.03'/></body>",
                                         "<body><joint type='ball'/><geom size='.03'/></body>",
                                         "<body><joint type='slide' axis='0 1 0'/><geom size='.03'/></body>",
                                         "<body pos='0 .1 0'><geom size='.03'/></body>",
                                         "<body euler='10 0 0'><geom size='.03'/></body>",
                                         "<body gravcomp='1'><geom size='.03'/></body>"};
  for (const std::string& leg : legs) EXPECT_FALSE(is_planar(walker("", "", leg))) << leg;
}

TEST(PlanarStep, WhatAProgramAddsToThePhysicsCounts) {
  Pair pair(source_of("HalfCheetah-v5"));
  RandomStream random(1);
  pair.start(random, kStarts[1]);
  pair.plain().data->xfrc_applied[6] = pair.planar().data->xfrc_applied[6] = 30;
  pair.plain().data->qfrc_applied[4] = pair.planar().data->qfrc_applied[4] = -5;
  pair.expect_same(random, 50);
  pair.plain().data->xfrc_applied[6] = pair.planar().data->xfrc_applied[6] = 0;
  mjcb_passive = [](const mjModel*, mjData* data) { data->qfrc_passive[3] += 10; };
  pair.expect_same(random, 50);
  mjcb_passive = nullptr;
  pair.expect_same(random, 50);
}

// MuJoCo counts a warning and puts the model back to its start.
TEST(PlanarStep, ABreakdownIsMuJoCos) {
  for (const mjtWarning kind : {mjWARN_BADQPOS, mjWARN_BADQVEL, mjWARN_BADQACC, mjWARN_BADCTRL}) {
    Pair pair(source_of("HalfCheetah-v5"));
    RandomStream random(1);
    pair.start(random, kStarts[1]);
    pair.expect_same(random, 20);
    for (Player* player : {&pair.plain(), &pair.planar()}) {
      if (kind == mjWARN_BADQPOS) player->data->qpos[3] = NAN;
      if (kind == mjWARN_BADQVEL) player->data->qvel[3] = -2e10;
      if (kind == mjWARN_BADQACC) player->data->qfrc_applied[3] = 1e13;
      if (kind == mjWARN_BADCTRL) player->data->ctrl[3] = NAN;
    }
    pair.step();
    pair.control(3, 0);
    EXPECT_EQ(pair.planar().data->warning[kind].number, 1) << kind;
    EXPECT_EQ(pair.plain().data->warning[kind].number, 1) << kind;
    EXPECT_EQ(state_of(pair.plain()), state_of(pair.planar())) << kind;
    pair.expect_same(random, 20);
  }
}

}  // namespace
}  // namespace ddpg
