// The seeds of an experiment: which they are, what they reached, how long the others take.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "ddpg/error.h"
#include "experiment/experiment.h"

namespace ddpg {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(Seeds, AreANumberFromTheBaseOnOrARange) {
  EXPECT_EQ(read_seeds("10", 0).first, 0u);
  EXPECT_EQ(read_seeds("10", 0).last(), 9u);
  EXPECT_EQ(read_seeds("2", 40).last(), 41u);
  EXPECT_EQ(read_seeds("3-7", 100).first, 3u);
  EXPECT_EQ(read_seeds("3-7", 100).count, 5u);
  EXPECT_EQ(read_seeds("5-5", 0).count, 1u);
  EXPECT_EQ(read_seeds("1e3", 0).count, 1'000u);
}

TEST(Seeds, RefuseWhatIsNoSetOfSeeds) {
  for (const char* wrong : {"", "ten", "0", "-3", "3-", "7-3", "1.5", "10001", "0-10000", "1-2-3", "0,1",
                            "9223372036854775807-9223372036854775808"}) {
    EXPECT_THAT([&] { read_seeds(wrong, 0); }, ThrowsMessage<UsageError>(HasSubstr("--seeds"))) << wrong;
  }
  EXPECT_THROW(read_seeds("2", INT64_MAX), UsageError);
}

SeedProgress finished(std::uint64_t seed, double value) {
  SeedProgress progress;
  progress.seed = seed;
  progress.state = SeedState::finished;
  progress.last_return = value;
  return progress;
}

TEST(OverSeeds, TakesTheMiddleHalfAndTheEnds) {
  std::vector<SeedProgress> seeds;
  for (const double value : {5.0, -100.0, 1.0, 2.0, 4.0, 3.0, 6.0, 1'000.0, 7.0, 8.0}) {
    seeds.push_back(finished(seeds.size() + 20, value));
  }
  seeds.push_back(finished(99, -5'000));
  seeds.back().state = SeedState::failed;  // counts for nothing
  const SeedStatistics over = over_seeds(seeds);
  EXPECT_EQ(over.seeds, 10);
  EXPECT_DOUBLE_EQ(over.mean, 93.6);
  EXPECT_DOUBLE_EQ(over.interquartile_mean, 4.5);  // scipy.stats.trim_mean(..., 0.25): 2, 3, 4, 5, 6, 7
  EXPECT_EQ(over.worst, -100);
  EXPECT_EQ(over.worst_seed, 21u);
  EXPECT_EQ(over.best, 1'000);
  EXPECT_EQ(over.best_seed, 27u);
  EXPECT_TRUE(std::isnan(over_seeds({}).mean));
  EXPECT_DOUBLE_EQ(over_seeds({finished(0, 1), finished(1, 3)}).deviation, std::sqrt(2));  // with n - 1
}

TEST(SecondsLeft, FillsThePlacesAsTheyComeFree) {
  std::vector<SeedProgress> seeds(4);
  for (SeedProgress& seed : seeds) seed.steps = 1'000;
  EXPECT_TRUE(std::isnan(seconds_left(seeds, 2)));
  seeds[0].state = seeds[1].state = SeedState::running;
  seeds[0].steps_per_second = seeds[1].steps_per_second = 100;
  seeds[1].step = 500;
  EXPECT_DOUBLE_EQ(seconds_left(seeds, 2), 20);  // 10 + 10 and 5 + 10
  EXPECT_DOUBLE_EQ(seconds_left(seeds, 4), 10);
}

}  // namespace
}  // namespace ddpg
