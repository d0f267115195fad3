// What reaches the motor when sensors fail: always an action, within bounds and rate.
#include <ddpg_policy.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "policy/format.h"
#include "policy/policy_samples.h"

namespace ddpg {
namespace {

using deploy::Code;
using deploy::kBadObservation;
using deploy::kClockBackward;
using deploy::kFine;
using deploy::kRateLimited;
using deploy::kStaleObservation;

// One observation x and one action within [-1, 1] of its sign: 1 for x = 1, -1 for x = -1.
class WatchdogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string bytes = encode_policy(sign_policy());
    ASSERT_TRUE(policy_.load(bytes.data(), bytes.size()));
  }
  static Policy::Content sign_policy() {
    NetworkShape shape = testing::actor_shape(1, {1}, 1);
    shape.activation = Activation::linear;
    Policy::Content content = testing::sample_policy(shape);
    content.action_low = {-1}, content.action_high = {1};
    content.tensors[0].values = {100};
    content.tensors[1].values = {0};
    content.tensors[2].values = {1};
    content.tensors[3].values = {0};
    return content;
  }
  std::uint32_t step(double now, float x, double observed_at) {
    return watchdog_.step(now, std::span(&x, 1), observed_at, std::span(&action_, 1));
  }

  deploy::Policy policy_;
  deploy::Watchdog watchdog_;
  float action_ = 7;
  const float nan_ = std::numeric_limits<float>::quiet_NaN();
};

TEST_F(WatchdogTest, PassesOnWhatThePolicyDoes) {
  ASSERT_TRUE(watchdog_.start(policy_, {}, 0));
  EXPECT_EQ(step(0.1, 1, 0.1), kFine);
  EXPECT_EQ(action_, 1);
  EXPECT_EQ(step(0.2, -1, 0.1), kFine);
  EXPECT_EQ(action_, -1);
  EXPECT_EQ(watchdog_.counts().steps, 2u);
}

TEST_F(WatchdogTest, HoldsTheLastGoodActionOnABadObservation) {
  ASSERT_TRUE(watchdog_.start(policy_, {}, 0));
  EXPECT_EQ(step(0, nan_, 0), kBadObservation);
  EXPECT_EQ(action_, 0);  // before any good one: the middle of the bounds
  step(0.1, 1, 0.1);
  EXPECT_EQ(step(0.2, nan_, 0.2), kBadObservation);
  EXPECT_EQ(action_, 1);
  const std::vector<float> two(2);
  action_ = 7;
  EXPECT_EQ(watchdog_.step(0.3, two, 0.3, std::span(&action_, 1)), kBadObservation);
  EXPECT_EQ(action_, 1);
  EXPECT_EQ(watchdog_.counts().bad, 3u);
}

TEST_F(WatchdogTest, GoesToTheFallbackOnAStaleObservation) {
  const float fallback = -0.25f;
  ASSERT_TRUE(watchdog_.start(policy_, {.stale_after = 0.05, .rate = {}, .fallback = std::span(&fallback, 1)}, 0));
  EXPECT_EQ(step(0.10, 1, 0.06), kFine);
  EXPECT_EQ(action_, 1);
  EXPECT_EQ(step(0.12, 1, 0.06), kStaleObservation);
  EXPECT_EQ(action_, fallback);
  EXPECT_EQ(step(0.13, 1, 0.14), kStaleObservation);  // from the future
  EXPECT_EQ(step(0.14, 1, std::nan("")), kStaleObservation);
  EXPECT_EQ(step(0.15, 1, 0.15), kFine);
  EXPECT_EQ(action_, 1);
  EXPECT_EQ(watchdog_.counts().stale, 3u);
}

TEST_F(WatchdogTest, ChangesNoFasterThanTheRate) {
  const float rate = 2, first = 0.5f;
  ASSERT_TRUE(watchdog_.start(policy_, {.stale_after = 0, .rate = std::span(&rate, 1), .fallback = {}}, 0,
                              std::span(&first, 1)));
  EXPECT_EQ(step(0.125, -1, 0.125), kRateLimited);
  EXPECT_FLOAT_EQ(action_, 0.25f);
  EXPECT_EQ(step(0.25, nan_, 0.25), kRateLimited | kBadObservation);  // on to the last good one, which is -1
  EXPECT_FLOAT_EQ(action_, 0);
  EXPECT_EQ(step(0.25, -1, 0.25), kRateLimited);  // no time has passed
  EXPECT_FLOAT_EQ(action_, 0);
  EXPECT_EQ(step(1, -1, 1), kFine);
  EXPECT_FLOAT_EQ(action_, -1);
  EXPECT_EQ(watchdog_.counts().limited, 3u);
}

// Where a step of the rate is less than the distance of two floats, here 8.
TEST_F(WatchdogTest, TheRateHoldsBetweenLargeBounds) {
  Policy::Content content = sign_policy();
  content.action_low = {-1e8f}, content.action_high = {1e8f};
  const std::string bytes = encode_policy(content);
  ASSERT_TRUE(policy_.load(bytes.data(), bytes.size()));
  const float rate = 1, first = 9e7f;
  const deploy::WatchdogLimits limits{.stale_after = 0, .rate = std::span(&rate, 1), .fallback = {}};
  for (const float x : {1.0f, -1.0f}) {
    ASSERT_TRUE(watchdog_.start(policy_, limits, 0, std::span(&first, 1)));
    for (int i = 1; i <= 6400; i++) {
      const double now = i / 64.0;
      ASSERT_EQ(step(now, x, now), kRateLimited);
      const double moved = (static_cast<double>(action_) - static_cast<double>(first)) * static_cast<double>(x);
      ASSERT_LE(moved, now);
      ASSERT_GT(moved, now - 8);
    }
    // turned about, it stands still until it has come back to there
    const float there = action_;
    EXPECT_EQ(step(100, -x, 100), kRateLimited);
    EXPECT_EQ(action_, there);
  }
}

TEST_F(WatchdogTest, AClockThatGoesBackwardGivesNoTimeToMove) {
  const float rate = 1;
  ASSERT_TRUE(watchdog_.start(policy_, {.stale_after = 0, .rate = std::span(&rate, 1), .fallback = {}}, 10));
  EXPECT_EQ(step(9, 1, 9), kClockBackward | kRateLimited);
  EXPECT_EQ(action_, 0);
  EXPECT_EQ(step(std::nan(""), 1, 9), kClockBackward | kStaleObservation | kRateLimited);
  EXPECT_EQ(step(std::numeric_limits<double>::infinity(), 1, 9), kClockBackward | kRateLimited);
  EXPECT_EQ(action_, 0);
  EXPECT_EQ(step(9.5, 1, 9.5), kRateLimited);  // half a second from the step at 9
  EXPECT_FLOAT_EQ(action_, 0.5f);
  EXPECT_EQ(watchdog_.counts().backward, 3u);
}

// The robot moves on, and the fallback stays in reach.
TEST_F(WatchdogTest, AClockThatWasSetBackGoesOnFromThere) {
  const float rate = 1, fallback = 0;
  ASSERT_TRUE(watchdog_.start(
      policy_, {.stale_after = 0, .rate = std::span(&rate, 1), .fallback = std::span(&fallback, 1)}, 10));
  step(12, 1, 12);
  EXPECT_EQ(action_, 1);
  EXPECT_EQ(step(1e9, 1, 1e9), kFine);  // one time from the future, and back
  EXPECT_EQ(step(12.25, -1, 12.25), kClockBackward | kRateLimited);
  EXPECT_EQ(action_, 1);
  EXPECT_EQ(step(12.5, -1, 12.5), kRateLimited);
  EXPECT_EQ(action_, 0.75f);
  EXPECT_EQ(step(-100, nan_, -100), kClockBackward | kBadObservation | kRateLimited);  // set back for good
  EXPECT_EQ(step(-99, nan_, -99), kBadObservation);
  EXPECT_EQ(action_, fallback);
  EXPECT_EQ(watchdog_.counts().backward, 2u);
}

TEST_F(WatchdogTest, RefusesLimitsThatCannotBe) {
  const std::vector<float> two = {0, 0}, outside = {1.5f}, zero = {0}, nan = {nan_};
  EXPECT_EQ(watchdog_.start(policy_, {.stale_after = -1, .rate = {}, .fallback = {}}, 0).code, Code::invalid);
  EXPECT_EQ(watchdog_.start(policy_, {.stale_after = 0, .rate = two, .fallback = {}}, 0).code, Code::wrong_size);
  EXPECT_EQ(watchdog_.start(policy_, {.stale_after = 0, .rate = zero, .fallback = {}}, 0).code, Code::invalid);
  EXPECT_EQ(watchdog_.start(policy_, {.stale_after = 0, .rate = nan, .fallback = {}}, 0).code, Code::invalid);
  EXPECT_EQ(watchdog_.start(policy_, {.stale_after = 0, .rate = {}, .fallback = outside}, 0).code, Code::invalid);
  EXPECT_EQ(watchdog_.start(policy_, {}, 0, nan).code, Code::invalid);
  EXPECT_EQ(watchdog_.start(policy_, {}, std::nan("")).code, Code::not_finite);
  deploy::Policy none;
  EXPECT_EQ(watchdog_.start(none, {}, 0).code, Code::not_loaded);
  EXPECT_THAT(watchdog_.start(none, {}, 0).message, ::testing::HasSubstr("[watchdog] policy: expected a loaded one"));
  EXPECT_EQ(step(0, 1, 0), kBadObservation);  // never started: nothing is written
  EXPECT_EQ(action_, 7);
}

}  // namespace
}  // namespace ddpg
