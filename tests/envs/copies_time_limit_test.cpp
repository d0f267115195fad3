// The time limit of a specification holds for the copies of a vector environment, whoever made them, and is counted
// once.
#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "ddpg/error.h"
#include "ddpg/vector_environment.h"
#include "envs/classic/pendulum.h"
#include "envs/step_timeout.h"

namespace ddpg {
namespace {

using Make = std::unique_ptr<Environment> (*)();

std::unique_ptr<Environment> made() {
  return make_environment("Pendulum-v1");
}
std::unique_ptr<Environment> raw() {
  return std::make_unique<Pendulum>();
}
std::unique_ptr<Environment> made_and_watched() {
  return std::make_unique<StepTimeout>(made(), 1e6);
}
std::unique_ptr<Environment> raw_and_watched() {
  return std::make_unique<StepTimeout>(raw(), 1e6);
}

VectorEnvironment one(Make make) {
  VectorEnvironment::Copies copies;
  copies.push_back(make());
  return VectorEnvironment(std::move(copies), 3, Autoreset::same_step);
}

// The steps from now on at which an episode is cut, and the sum of all rewards and observations.
std::pair<std::vector<int>, double> play(VectorEnvironment& environments, int steps) {
  const std::vector<float> action = {0.5f};
  std::pair<std::vector<int>, double> played;
  for (int step = 1; step <= steps; step++) {
    environments.step(action);
    if (environments.result(0).truncated) played.first.push_back(step);
    played.second +=
        environments.result(0).reward + environments.observation(0)[0] + environments.next_observation(0)[1];
  }
  return played;
}

TEST(CopiesTimeLimit, IsKeptWhoeverMadeThem) {
  for (const Make make : {raw, made_and_watched, raw_and_watched}) {
    VectorEnvironment expected = one(made), found = one(make);
    expected.reset();
    found.reset();
    const auto first = play(expected, 450);
    EXPECT_EQ(first.first, (std::vector<int>{200, 400}));
    EXPECT_EQ(play(found, 450), first);
    VectorEnvironment other = one(make);
    ASSERT_TRUE(other.restore_state(0, found.save_state(0)));
    other.random(0) = found.random(0);
    const auto next = play(expected, 400);
    EXPECT_EQ(next.first, (std::vector<int>{150, 350}));
    EXPECT_EQ(play(other, 400), next);
  }
}

// A checkpoint holds it: 5 numbers of the copy, 2 observations, the pendulum's 2 numbers and one count of steps.
TEST(CopiesTimeLimit, IsOneNumberOfTheState) {
  for (const Make make : {made, raw, made_and_watched, raw_and_watched}) {
    VectorEnvironment environments = one(make);
    environments.reset();
    play(environments, 7);
    std::vector<double> state = environments.save_state(0);
    ASSERT_EQ(state.size(), 5u + 2 * 3 + 2 + 1);
    double& count = make == made || make == made_and_watched ? state.back() : state[11];
    EXPECT_EQ(count, 7);
    for (const double wrong : {-1.0, 201.0, std::nan("")}) {
      count = wrong;
      EXPECT_THROW(environments.restore_state(0, state), Error);
    }
  }
}

}  // namespace
}  // namespace ddpg
