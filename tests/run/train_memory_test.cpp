// A training that wants more memory than there is says so before it begins, and what takes less.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/test_environments.h"
#include "ddpg/error.h"
#include "ddpg/train.h"

namespace ddpg {
namespace {

using ::testing::HasSubstr;

TEST(TrainMemory, SaysWhenTheNetworksWantMoreMemoryThanThereIs) {
  Options options;
  options.environment = "Pendulum-v1";
  options.actor.hidden = {65'536, 65'536, 65'536, 65'536};
  try {
    train(options);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::AllOf(::testing::HasSubstr("networks"), ::testing::HasSubstr("actor.hidden")));
  }
}

TEST(TrainMemory, SaysHowMuchMemoryTheReplayBufferWants) {
  Options options;
  options.replay_capacity = 1'000'000'000;
  options.environment = "TrainTest-wide";
  testing::Script wide = testing::point();
  wide.specification.observation_size = 10'000;
  register_environment({.name = options.environment,
                        .summary = "a wide point",
                        .suggested_steps = 70,
                        .expected = "",
                        .make = [wide](const EnvironmentSettings&) { return testing::scripted(wide); }});
  try {
    train(options);
    FAIL() << "40 TB were taken";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(),
                ::testing::AllOf(HasSubstr("replay_capacity"), HasSubstr("bytes"), HasSubstr("lower replay_capacity")));
  }
}

}  // namespace
}  // namespace ddpg
