// Where a training stops whose numbers are no longer finite, and what it names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "agent/algorithm.h"
#include "agent/failure.h"
#include "agent/small_options.h"
#include "agent/test_environments.h"
#include "ddpg/error.h"

namespace ddpg {
namespace {

using ::testing::HasSubstr;
using testing::point;
using testing::Script;
using testing::scripted;
using testing::small_options;

std::string failure(const Options& options, const Script& script) {
  return testing::failure_in(scripted(script), options);
}

TEST(Algorithm, NamesStepAndPlaceOfWhatTheEnvironmentGetsWrong) {
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL, 1e39}) {  // the last is beyond a float
    Script script = point();
    script.step = [step = script.step, bad, n = 0](int at, std::span<const float> action,
                                                   std::span<double> observation) mutable {
      StepResult result = step(at, action, observation);
      if (++n == 33) result.reward = bad;
      return result;
    };
    const std::string reward = failure(small_options(), script);
    EXPECT_THAT(reward, ::testing::AllOf(HasSubstr("[environment point]"), HasSubstr("step 33"), HasSubstr("reward")));

    script = point();
    script.step = [bad](int at, std::span<const float>, std::span<double> observation) {
      observation[0] = at == 4 ? bad : 0;
      return StepResult{};
    };
    EXPECT_THAT(failure(small_options(), script), ::testing::AllOf(HasSubstr("step 5"), HasSubstr("observation[0]")));

    script = point();
    script.reset = [bad](RandomStream&, std::span<double> observation) { observation[0] = bad; };
    EXPECT_THAT(failure(small_options(), script), ::testing::AllOf(HasSubstr("step 0"), HasSubstr("observation[0]")));
  }
}

TEST(Algorithm, StopsWhenTheNetworksAreNoLongerFinite) {
  Options options = small_options();
  options.actor.learning_rate = options.critic.learning_rate = 1e30;
  EXPECT_THAT(failure(options, point()), ::testing::AllOf(HasSubstr("[training] step "), HasSubstr("update "),
                                                          HasSubstr("loss"), HasSubstr("learning rate")));
}

TEST(Algorithm, StopsWhenTheLossIsBeyondAFloat) {
  Script script = point();
  script.step = [step = script.step](int at, std::span<const float> action, std::span<double> observation) {
    StepResult result = step(at, action, observation);
    result.reward = 1e38;
    return result;
  };
  EXPECT_THAT(failure(small_options(), script),
              ::testing::AllOf(HasSubstr("[training] step 4, update 1"), HasSubstr("critic's loss")));
}

}  // namespace
}  // namespace ddpg
