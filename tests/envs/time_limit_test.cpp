// An episode is cut after exactly so many steps, and a restored one counts on.
#include "envs/time_limit.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "ddpg/error.h"

namespace ddpg {
namespace {

// counts its steps and terminates at the one told
class Counter final : public Environment {
 public:
  Counter(int time_limit, int end, bool saves) : end_(end), saves_(saves) {
    specification_ = {
        .name = "Counter", .observation_size = 1, .action_low = {-1}, .action_high = {1}, .time_limit = time_limit};
  }
  const Specification& specification() const override { return specification_; }
  void reset(RandomStream&, std::span<double> observation) override { observation[0] = count_ = 0; }
  StepResult step(std::span<const float>, std::span<double> observation) override {
    observation[0] = ++count_;
    return {.reward = 1, .terminated = count_ == end_};
  }
  std::vector<double> save_state() const override { return saves_ ? std::vector{count_} : std::vector<double>{}; }
  void restore_state(std::span<const double> state) override {
    if (!saves_ || state.size() != 1) Environment::restore_state(state);
    count_ = state[0];
  }

 private:
  Specification specification_;
  double count_ = 0;
  int end_;
  bool saves_;
};

class TimeLimitTest : public ::testing::Test {
 protected:
  TimeLimit limited(int limit, int end = 0, bool saves = true) {
    TimeLimit task(std::make_unique<Counter>(limit, end, saves));
    task.reset(random_, observation_);
    return task;
  }
  StepResult play(TimeLimit& task) { return task.step(action_, observation_); }

  RandomStream random_{1};
  std::array<float, 1> action_{};
  std::array<double, 1> observation_{};
};

TEST_F(TimeLimitTest, TruncatesAtTheLimitAndNotBefore) {
  TimeLimit task = limited(3);
  for (int episode = 0; episode < 2; episode++) {
    EXPECT_FALSE(play(task).truncated);
    EXPECT_FALSE(play(task).truncated);
    const StepResult last = play(task);
    EXPECT_TRUE(last.truncated);
    EXPECT_FALSE(last.terminated);
    EXPECT_EQ(last.reward, 1);
    EXPECT_EQ(observation_[0], 3);  // the true last observation
    task.reset(random_, observation_);
  }
}

TEST_F(TimeLimitTest, TheLastStepMayBeTruncatedAndTerminated) {
  TimeLimit task = limited(2, 2);
  EXPECT_FALSE(play(task).terminated);
  const StepResult last = play(task);
  EXPECT_TRUE(last.truncated);
  EXPECT_TRUE(last.terminated);
}

TEST_F(TimeLimitTest, TerminationBeforeTheLimitIsNoTruncation) {
  TimeLimit task = limited(2, 1);
  const StepResult first = play(task);
  EXPECT_TRUE(first.terminated);
  EXPECT_FALSE(first.truncated);
}

TEST_F(TimeLimitTest, ARestoredEpisodeCountsOn) {
  TimeLimit task = limited(3);
  play(task);
  play(task);
  const auto saved = task.save_state();
  EXPECT_EQ(saved, (std::vector<double>{2, 2}));
  TimeLimit other = limited(3);
  other.restore_state(saved);
  EXPECT_TRUE(play(other).truncated);
}

TEST_F(TimeLimitTest, WhoPlaysOnIsTruncatedAtEveryStepAndTheStateStaysOneThatCanBePutBack) {
  TimeLimit task = limited(2);
  play(task);
  for (int i = 0; i < 3; i++) EXPECT_TRUE(play(task).truncated);
  EXPECT_EQ(task.save_state(), (std::vector<double>{4, 2}));
  limited(2).restore_state(task.save_state());
}

TEST_F(TimeLimitTest, RefusesAStateWithoutACountOfStepsAndKeepsItsOwn) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  TimeLimit task = limited(3);
  play(task);
  for (const double count : {-1.0, 4.0, 1e214, -1e214, kNaN}) {
    EXPECT_THROW(task.restore_state(std::array{0.0, count}), Error) << count;
    EXPECT_EQ(task.save_state(), (std::vector<double>{1, 1})) << count;
  }
}

TEST_F(TimeLimitTest, OffersNoStateWhereTheTaskOffersNone) {
  TimeLimit task = limited(3, 0, false);
  EXPECT_TRUE(task.save_state().empty());
  EXPECT_THROW(task.restore_state(std::array{1.0, 1.0}), Error);
  EXPECT_THROW(task.restore_state({}), Error);
}

}  // namespace
}  // namespace ddpg
