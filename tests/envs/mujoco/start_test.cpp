// Where episodes of the MuJoCo tasks begin: the distributions of Gymnasium.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "ddpg/environment.h"
#include "ddpg/mujoco.h"
#include "envs/mujoco_tasks.h"
#include "envs/trace.h"

namespace ddpg {
namespace {

enum class Kind { uniform, normal };
struct Start {
  double position_scale;
  Kind velocity_kind;
  double velocity_scale;
};

// Gymnasium's defaults; of Reacher and Pusher what is said of their joints
const std::map<std::string, Start> kStarts = {
    {"Ant-v5", {0.1, Kind::normal, 0.1}},
    {"HalfCheetah-v5", {0.1, Kind::normal, 0.1}},
    {"Hopper-v5", {5e-3, Kind::uniform, 5e-3}},
    {"Humanoid-v5", {0.01, Kind::uniform, 0.01}},
    {"HumanoidStandup-v5", {0.01, Kind::uniform, 0.01}},
    {"InvertedDoublePendulum-v5", {0.1, Kind::normal, 0.1}},
    {"InvertedPendulum-v5", {0.01, Kind::uniform, 0.01}},
    {"Pusher-v5", {0, Kind::uniform, 0.005}},
    {"Reacher-v5", {0.1, Kind::uniform, 0.005}},
    {"Swimmer-v5", {0.1, Kind::uniform, 0.1}},
    {"Walker2d-v5", {5e-3, Kind::uniform, 5e-3}},
};

constexpr int kDraws = 4'000;

struct Draws {
  std::vector<std::vector<double>> positions, velocities;  // by coordinate
};

Draws draw(const std::string& name) {
  const auto made = make_mujoco_task(name, {});
  auto& task = dynamic_cast<MujocoEnvironment&>(*made);
  std::vector<double> observation(static_cast<std::size_t>(task.specification().observation_size));
  RandomStream random(11);
  Draws draws{std::vector<std::vector<double>>(task.positions().size()),
              std::vector<std::vector<double>>(task.velocities().size())};
  for (int i = 0; i < kDraws; i++) {
    task.reset(random, observation);
    for (std::size_t k = 0; k < draws.positions.size(); k++) draws.positions[k].push_back(task.positions()[k]);
    for (std::size_t k = 0; k < draws.velocities.size(); k++) draws.velocities[k].push_back(task.velocities()[k]);
  }
  return draws;
}

void expect_uniform(const std::vector<double>& values, double low, double high) {
  const testing::Moments found(values);
  const double width = high - low;
  EXPECT_NEAR(found.mean, (low + high) / 2, 5 * width / std::sqrt(12.0 * kDraws));
  EXPECT_NEAR(found.variance, width * width / 12, 0.08 * width * width / 12);
  EXPECT_GE(found.low, low);
  EXPECT_LE(found.high, high);
  EXPECT_LT(found.low, low + 0.01 * width);
  EXPECT_GT(found.high, high - 0.01 * width);
}

void expect_normal(const std::vector<double>& values, double deviation) {
  const testing::Moments found(values);
  EXPECT_NEAR(found.mean, 0, 5 * deviation / std::sqrt(1.0 * kDraws));
  EXPECT_NEAR(found.variance, deviation * deviation, 0.15 * deviation * deviation);
  EXPECT_GT(found.high, 3 * deviation);  // a tail, unlike a uniform's
}

void expect_constant(const std::vector<double>& values, double expected) {
  for (double value : values) ASSERT_EQ(value, expected);
}

// the model's own positions: those of a start without noise
std::vector<double> rest(const std::string& name, std::size_t size) {
  if (name == "Reacher-v5" || name == "Pusher-v5") return std::vector<double>(size, 0.0);
  const auto made = make_mujoco_task(name, {{"reset_noise_scale", 0.0}});
  auto& task = dynamic_cast<MujocoEnvironment&>(*made);
  std::vector<double> observation(static_cast<std::size_t>(task.specification().observation_size));
  RandomStream random(0);
  task.reset(random, observation);
  return {task.positions().begin(), task.positions().end()};
}

std::vector<std::string> tasks_with_starts() {
  std::vector<std::string> names;
  for (const auto& [name, start] : kStarts) names.push_back(name);
  return names;
}

class EveryMujocoStart : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Mujoco, EveryMujocoStart, ::testing::ValuesIn(tasks_with_starts()),
                         [](const auto& test) { return test.param.substr(0, test.param.find('-')); });

TEST_P(EveryMujocoStart, IsLikeGymnasiums) {
  const std::string name = GetParam();
  const Start& start = kStarts.at(name);
  const Draws draws = draw(name);
  const std::vector<double> middle = rest(name, draws.positions.size());
  // the last coordinates of the arms are targets and objects, looked at below
  const std::size_t others = name == "Reacher-v5" ? 2 : name == "Pusher-v5" ? 4 : 0;
  for (std::size_t k = 0; k < draws.positions.size() - others; k++) {
    SCOPED_TRACE("position " + std::to_string(k));
    if (start.position_scale > 0)
      expect_uniform(draws.positions[k], middle[k] - start.position_scale, middle[k] + start.position_scale);
    if (start.position_scale == 0) expect_constant(draws.positions[k], 0);
  }
  for (std::size_t k = 0; k < draws.velocities.size() - others; k++) {
    SCOPED_TRACE("velocity " + std::to_string(k));
    if (start.velocity_kind == Kind::uniform)
      expect_uniform(draws.velocities[k], -start.velocity_scale, start.velocity_scale);
    if (start.velocity_kind == Kind::normal) expect_normal(draws.velocities[k], start.velocity_scale);
  }
  for (std::size_t k = draws.velocities.size() - others; k < draws.velocities.size(); k++)
    expect_constant(draws.velocities[k], 0);
}

TEST(MujocoStart, ReachersTargetIsUniformInItsDisc) {
  const Draws draws = draw("Reacher-v5");
  const auto& x = draws.positions[2];
  const auto& y = draws.positions[3];
  std::vector<double> share;  // of the disc's area within the radius drawn: uniform in [0, 1]
  for (int i = 0; i < kDraws; i++) share.push_back((x[i] * x[i] + y[i] * y[i]) / (0.2 * 0.2));
  expect_uniform(share, 0, 1);
  EXPECT_NEAR(testing::Moments(x).mean, 0, 0.01);
  EXPECT_NEAR(testing::Moments(y).mean, 0, 0.01);
}

TEST(MujocoStart, PushersCylinderKeepsItsDistance) {
  const Draws draws = draw("Pusher-v5");
  const auto& x = draws.positions[7];
  const auto& y = draws.positions[8];
  double nearest = 1;
  for (int i = 0; i < kDraws; i++) {
    ASSERT_GT(std::hypot(x[i], y[i]), 0.17);
    nearest = std::fmin(nearest, std::hypot(x[i], y[i]));
  }
  EXPECT_LT(nearest, 0.172);
  EXPECT_LT(testing::Moments(x).low, -0.297);
  EXPECT_LE(testing::Moments(x).high, 0);
  EXPECT_GT(testing::Moments(x).high, -0.01);
  EXPECT_LT(testing::Moments(y).low, -0.196);
  EXPECT_GT(testing::Moments(y).high, 0.196);
  EXPECT_NEAR(testing::Moments(y).mean, 0, 0.01);
  expect_constant(draws.positions[9], 0);
  expect_constant(draws.positions[10], 0);
}

}  // namespace
}  // namespace ddpg
