// Copies of a MuJoCo task on several threads: they share nothing, and no thread changes what they do.
#include <gtest/gtest.h>

#include "ddpg/vector_environment.h"

namespace ddpg {
namespace {

std::vector<double> played(const std::string& task, int threads) {
  constexpr int kCopies = 5;
  VectorEnvironment::Copies copies;
  for (int i = 0; i < kCopies; i++) copies.push_back(make_environment(task));
  VectorEnvironment environments(std::move(copies), 3, Autoreset::same_step, threads);
  environments.reset();
  RandomStream random(4);
  std::vector<float> actions(kCopies * static_cast<std::size_t>(environments.specification().action_size()));
  std::vector<double> seen;
  for (int step = 0; step < 60; step++) {
    for (float& action : actions) action = static_cast<float>(random.uniform(-0.4, 0.4));
    environments.step(actions);
    for (int copy = 0; copy < kCopies; copy++) {
      for (const double x : environments.next_observation(copy)) seen.push_back(x);
      seen.push_back(environments.result(copy).reward);
    }
  }
  return seen;
}

TEST(MujocoCopies, DoTheSameOnAnyThreads) {
  for (const char* task : {"HalfCheetah-v5", "Hopper-v5"}) {  // Hopper falls within these steps, and begins again
    const std::vector<double> alone = played(task, 1);
    for (const int threads : {2, 4}) EXPECT_EQ(played(task, threads), alone) << task;
  }
}

}  // namespace
}  // namespace ddpg
