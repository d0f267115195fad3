// A task on a model of the user's own: what the base class gives it, and one clear message for everything that can be
// wrong with a model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mujoco/mujoco.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "ddpg/error.h"
#include "ddpg/mujoco.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// a block on a rail, pushed by one motor
std::string block(const std::string& motor = R"(<motor joint="slide" gear="2" ctrlrange="-3 2"/>)") {
  return R"(<mujoco>
    <option timestep="0.01" gravity="0 0 0"/>
    <worldbody><body><joint name="slide" type="slide" axis="1 0 0"/><geom type="box" size=".1 .1 .1" mass="1"/></body></worldbody>
    <actuator>)" +
         motor + R"(</actuator>
  </mujoco>)";
}

MujocoModel model_of(const std::string& xml) {
  return {.name = "Block-v0", .file = "block.xml", .xml = xml, .frame_skip = 5, .time_limit = 7};
}

class Block : public MujocoEnvironment {
 public:
  explicit Block(const MujocoModel& model) : MujocoEnvironment(model) { set_observation_size(2); }

 protected:
  void draw_start(RandomStream& random, std::span<double> qpos, std::span<double>) override {
    qpos[0] += random.uniform(1, 2);
  }
  void observe(std::span<double> observation) const override {
    observation[0] = data().qpos[0];
    observation[1] = data().qvel[0];
  }
  StepResult judge(std::span<const float> action) override {
    return {.reward = sum({{"speed", velocity()[0]}, {"effort", -0.5 * action[0]}}), .terminated = data().qpos[0] > 3};
  }
  std::array<double, 2> progress() const override { return {data().qpos[0], 0}; }
};

std::string refusal(const MujocoModel& model) {
  try {
    Block block(model);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(MujocoOwnModel, PlaysByTheModel) {
  Block task(model_of(block()));
  EXPECT_EQ(task.specification().action_low, std::vector<float>{-3});
  EXPECT_EQ(task.specification().action_high, std::vector<float>{2});
  EXPECT_EQ(task.specification().time_limit, 7);
  EXPECT_DOUBLE_EQ(task.control_period(), 0.05);
  RandomStream random(1);
  std::vector<double> observation(2);
  task.reset(random, observation);
  EXPECT_GE(observation[0], 1);
  EXPECT_LT(observation[0], 2);
  const double start = observation[0];
  // a force of 4 on a mass of 1, five semi-implicit Euler steps of 0.01
  const float push = 2;
  const StepResult result = task.step({&push, 1}, observation);
  EXPECT_NEAR(observation[1], 0.2, 1e-12);
  EXPECT_NEAR(observation[0] - start, 4 * 0.01 * 0.01 * (1 + 2 + 3 + 4 + 5), 1e-12);
  EXPECT_NEAR(result.reward, 4 * 0.01 * 0.01 * 15 / 0.05 - 1, 1e-12);
  ASSERT_EQ(task.reward_parts().size(), 2u);
  EXPECT_STREQ(task.reward_parts()[1].name, "effort");
  EXPECT_EQ(task.reward_parts()[1].value, -1);
}

TEST(MujocoOwnModel, EndsWhereTheTaskSays) {
  Block task(model_of(block()));
  std::vector<double> observation(2);
  task.set_state(std::vector{2.99}, std::vector{1.0}, observation);
  EXPECT_EQ(observation, (std::vector{2.99, 1.0}));
  const float none = 0;
  EXPECT_TRUE(task.step({&none, 1}, observation).terminated);
}

TEST(MujocoOwnModel, AModelInMemoryNeedsNoFile) {
  MujocoModel model = model_of(block());
  model.file = "";
  EXPECT_EQ(Block(model).specification().action_low, std::vector<float>{-3});
  model.xml = "<mujoco><worldbody><bdy/></worldbody></mujoco>";
  EXPECT_THAT(refusal(model), HasSubstr("[Block-v0] cannot load the model that was given as text: XML Error"));
  EXPECT_THAT(refusal({.name = "Block-v0", .file = ""}),
              HasSubstr("[Block-v0] there is no model: MujocoModel::file must name"));
}

TEST(MujocoOwnModel, AModelWithoutActuatorsIsNamedAsSuch) {
  EXPECT_THAT(refusal(model_of(block(""))), HasSubstr("[Block-v0] the model has no actuators"));
}

TEST(MujocoOwnModel, ABrokenModelIsNamedWithWhatIsWrong) {
  EXPECT_THAT(refusal(model_of("<mujoco><worldbody><bdy/></worldbody></mujoco>")),
              AllOf(HasSubstr("[Block-v0] cannot load the model block.xml"), HasSubstr("bdy"), HasSubstr("line 1")));
  EXPECT_THAT(refusal(model_of("not XML at all")), HasSubstr("cannot load the model block.xml"));
  EXPECT_THAT(refusal(model_of(R"(<mujoco><asset><mesh name="m" file="absent.stl"/></asset></mujoco>)")),
              AllOf(HasSubstr("cannot load the model block.xml"), HasSubstr("absent.stl")));
  EXPECT_THAT(refusal({.name = "Block-v0", .file = "absent.xml"}),
              HasSubstr("cannot read the model absent.xml: there is no such file"));
  EXPECT_THAT(refusal({.name = "Block-v0", .file = "/"}), HasSubstr("cannot read the model /: it is a folder"));
  EXPECT_THAT(refusal({.name = "Block-v0", .file = "/dev/null"}), HasSubstr("it is a pipe or a device"));
}

TEST(MujocoOwnModel, AnActuatorWithoutBoundsIsRefused) {
  EXPECT_THAT(refusal(model_of(block(R"(<motor joint="slide"/>)"))),
              HasSubstr("actuator 0 of the model has no ctrlrange"));
}

TEST(MujocoOwnModel, IsReadFromAFile) {
  const auto path = std::filesystem::temp_directory_path() / ("ddpg_block_" + std::to_string(::getpid()) + ".xml");
  std::ofstream(path) << block();
  MujocoModel model = model_of("");
  model.file = path.string();
  EXPECT_EQ(Block(model).specification().observation_size, 2);
  std::filesystem::remove(path);
}

TEST(MujocoOwnModel, PhysicsThatBreaksDownIsAnErrorAndLeavesNoFile) {
  const auto log = [] {
    return std::filesystem::exists("MUJOCO_LOG.TXT") ? std::filesystem::file_size("MUJOCO_LOG.TXT") : 0;
  };
  const auto logged = log();
  Block task(model_of(block()));
  std::vector<double> observation(2);
  const float none = 0, push = 2;
  const auto message = [&](Block& broken, float action) {
    try {
      broken.step({&action, 1}, observation);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("nothing was thrown");
  };
  task.set_state(std::vector{0.0}, std::vector{1e11}, observation);
  EXPECT_THAT(message(task, none), AllOf(HasSubstr("[Block-v0] step 1 of the episode"), HasSubstr("velocity 0"),
                                         HasSubstr("mjWARN_BADQVEL")));
  Block strong(model_of(block(R"(<motor joint="slide" gear="1e12" ctrlrange="-3 2"/>)")));
  strong.set_state(std::vector{0.0}, std::vector{0.0}, observation);
  EXPECT_THAT(message(strong, push), HasSubstr("mjWARN_BADQACC"));
  // the next episode is a new beginning
  RandomStream random(1);
  task.reset(random, observation);
  EXPECT_EQ(message(task, none), "nothing was thrown");
  EXPECT_EQ(log(), logged);
}

TEST(MujocoOwnModel, RefusesAStateOfAnotherSize) {
  Block task(model_of(block()));
  std::vector<double> observation(2);
  const std::vector<double> state = task.save_state();
  std::vector<double> shorter = state, longer = state;
  shorter.pop_back();
  longer.push_back(0);
  EXPECT_THROW(task.restore_state(shorter), Error);
  EXPECT_THROW(task.restore_state(longer), Error);
  task.restore_state(state);
  EXPECT_THROW(task.set_state(std::vector{0.0, 0.0}, std::vector{0.0}, observation), Error);
}

TEST(MujocoOwnModel, AnErrorInsideMujocoIsAnException) {
  Block task(model_of(block()));
  EXPECT_THROW(mju_error("deliberate"), Error);
}

}  // namespace
}  // namespace ddpg
