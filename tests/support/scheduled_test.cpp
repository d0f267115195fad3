#include "ddpg/scheduled.h"

#include <gtest/gtest.h>

#include <cmath>

#include "options/option_samples.h"
#include "options/option_table.h"

namespace ddpg {
namespace {

double naive_sum(const Scheduled& schedule, std::int64_t begin, std::int64_t end) {
  double sum = 0;
  for (std::int64_t step = begin; step < end; step++) sum += (schedule.at(step) + schedule.at(step + 1)) / 2;
  return sum;
}

TEST(Scheduled, GoesFromOneNumberToTheOther) {
  const Scheduled constant = 0.5, linear = Scheduled::linear(1, 0, 100), cosine = Scheduled::cosine(1, 0, 100);
  const Scheduled steps = Scheduled::steps(1, {{10, 0.5}, {20, 0.25}});
  for (const std::int64_t step : {0, 50, 1000}) EXPECT_EQ(constant.at(step), 0.5);
  EXPECT_EQ(linear.at(0), 1);
  EXPECT_DOUBLE_EQ(linear.at(25), 0.75);
  EXPECT_EQ(linear.at(100), 0);
  EXPECT_EQ(linear.at(1000), 0);
  EXPECT_DOUBLE_EQ(cosine.at(0), 1);
  EXPECT_NEAR(cosine.at(50), 0.5, 1e-12);
  EXPECT_NEAR(cosine.at(25), 0.5 + std::sqrt(0.5) / 2, 1e-12);
  EXPECT_EQ(cosine.at(100), 0);
  EXPECT_EQ(steps.at(9), 1);
  EXPECT_EQ(steps.at(10), 0.5);
  EXPECT_EQ(steps.at(19), 0.5);
  EXPECT_EQ(steps.at(2000), 0.25);
}

TEST(Scheduled, IsSummedAsItsNumbers) {
  for (const Scheduled& schedule : {Scheduled(0.3), Scheduled::linear(2, 0.5, 700), Scheduled::cosine(0.1, 3, 700)})
    for (const auto& [begin, end] : {std::pair<std::int64_t, std::int64_t>{0, 10}, {5, 400}, {300, 900}, {800, 1000}})
      EXPECT_NEAR(schedule.sum(begin, end), naive_sum(schedule, begin, end), 1e-3) << begin << " " << end;
  const Scheduled steps = Scheduled::steps(1, {{10, 0.5}, {20, 2}});
  EXPECT_DOUBLE_EQ(steps.sum(0, 30), 10 + 5 + 20);
  EXPECT_DOUBLE_EQ(steps.sum(5, 12), 5 + 1);
  EXPECT_DOUBLE_EQ(steps.sum(25, 26), 2);
}

TEST(Scheduled, IsReadAndWrittenAsText) {
  const std::pair<const char*, Scheduled> cases[] = {
      {"0.5", 0.5},
      {"linear:0.01:0.001:1e5", Scheduled::linear(0.01, 0.001, 100'000)},
      {"cosine:1:0:10_000", Scheduled::cosine(1, 0, 10'000)},
      {"steps:0.1:50:0.01", Scheduled::steps(0.1, {{50, 0.01}})},
      {"steps:0.1:50:0.01:80:0.02", Scheduled::steps(0.1, {{50, 0.01}, {80, 0.02}})},
  };
  for (const auto& [text, expected] : cases) {
    const Options options = testing::with("tau", text);
    EXPECT_EQ(options.tau, expected) << text;
    Options read;
    apply_toml(read, to_toml(options), "x");
    EXPECT_EQ(read.tau, expected) << text;
  }
  for (const char* bad : {"linear", "linear:1:2", "linear:1:2:0", "linear:1:x:5", "steps:1", "steps:1:5",
                          "steps:1:5:2:5:3", "spiral:1:2:3", "steps:1:0:2", "linear:1:2:3:4", "true"})
    EXPECT_NE(testing::set_error("tau", bad), "no error") << bad;
  EXPECT_EQ(violations(testing::with("tau", "linear:0.5:2:100")).size(), 1u);
}

}  // namespace
}  // namespace ddpg
