// What goes wrong in one of many environments: the copy and the step are named, and everything comes to rest.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <functional>
#include <string>
#include <thread>

#include "agent/algorithm.h"
#include "agent/failure.h"
#include "agent/slow_point.h"
#include "agent/small_options.h"
#include "agent/test_environments.h"
#include "ddpg/error.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using testing::copies_of;
using ::testing::HasSubstr;
using testing::point;
using testing::Script;
using testing::slow_point;
using testing::small_options;

std::string failure(const Options& options, const std::function<Script(int)>& script) {
  return testing::failure_in(copies_of(options.environments, script), options);
}

// `spoil` acts on the 7th step of copy 3.
std::function<Script(int)> spoilt(const std::function<void(StepResult&, std::span<double>)>& spoil) {
  return [spoil](int copy) {
    Script script = point();
    script.step = [step = script.step, spoil, copy](int at, std::span<const float> action,
                                                    std::span<double> observation) {
      StepResult result = step(at, action, observation);
      if (copy == 3 && at == 6) spoil(result, observation);
      return result;
    };
    return script;
  };
}

TEST(ManyEnvironments, NameTheCopyAndTheStepOfWhatIsNotFinite) {
  for (const bool overlap : {false, true}) {
    Options options = small_options(8);
    options.threads = 2;
    options.overlap = overlap;
    const char* where = "[environment point] copy 3 (of 0 to 7), its step 7, step 52 of the training: ";
    EXPECT_THAT(failure(options, spoilt([](StepResult& result, auto) { result.reward = std::nan(""); })),
                AllOf(HasSubstr(where), HasSubstr("the reward is nan")));
    EXPECT_THAT(failure(options, spoilt([](auto&, std::span<double> observation) { observation[0] = HUGE_VAL; })),
                AllOf(HasSubstr(where), HasSubstr("observation[0] is inf")));
  }
}

TEST(ManyEnvironments, WhatACopyThrowsEndsTheTrainingAndNamesIt) {
  for (const bool overlap : {false, true}) {
    Options options = small_options(8);
    options.threads = 2;
    options.overlap = overlap;
    const auto raise = [](auto&, auto) { throw std::runtime_error("the cable broke"); };
    EXPECT_EQ(failure(options, spoilt(raise)),
              "[training] step 48: [environment point] copy 3 (of 0 to 7): the cable broke");
    options.environments = 1;
    EXPECT_EQ(failure(options,
                      [](int) {
                        Script script = point();
                        script.step = [](int, auto, auto) -> StepResult { throw Error("the cable broke"); };
                        return script;
                      }),
              "[training] step 0: [environment point] the cable broke");
  }
}

// An update that fails does so while physics is under way, which must come to rest before everything is taken down.
TEST(ManyEnvironments, AnUpdateThatFailsMeanwhileWaitsForThePhysics) {
  Options options = small_options(3);
  options.threads = 2;
  options.overlap = true;
  options.actor.learning_rate = options.critic.learning_rate = 1e30;
  EXPECT_THAT(failure(options, [](int) { return slow_point(); }), HasSubstr("[training] step "));
}

TEST(ManyEnvironments, AreAsManyAsTheOptionsSay) {
  EXPECT_THROW(Algorithm(small_options(2), testing::scripted(point())), UsageError);
  EXPECT_THROW(Algorithm(small_options(2), copies_of(3, point)), UsageError);
}

}  // namespace
}  // namespace ddpg
