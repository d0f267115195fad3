#include "record/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ddpg {
namespace {

TEST(Text, GroupsDigitsByThree) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(grouped(-123), "-123");
  EXPECT_EQ(grouped(-1'234), "-1,234");
}

TEST(Text, CountsOneAndMany) {
  EXPECT_EQ(counted(1, "step"), "1 step");
  EXPECT_EQ(counted(0, "step"), "0 steps");
  EXPECT_EQ(counted(2'000, "step"), "2,000 steps");
}

TEST(Text, ShowsBytesInPowersOfTen) {
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(1'000), "1.0 kB");
  EXPECT_EQ(human_bytes(36'200'000), "36.2 MB");
  EXPECT_EQ(human_bytes(999'999), "1.0 MB");
  EXPECT_EQ(human_bytes(1'664'000'000), "1.7 GB");
}

TEST(Text, ShowsTimeAsAClock) {
  EXPECT_EQ(human_seconds(0), "0:00");
  EXPECT_EQ(human_seconds(59.6), "1:00");
  EXPECT_EQ(human_seconds(187), "3:07");
  EXPECT_EQ(human_seconds(7'380), "2:03:00");
  EXPECT_EQ(human_seconds(std::nan("")), "-");
  EXPECT_EQ(human_seconds(std::numeric_limits<double>::infinity()), "-");
}

TEST(Text, ShowsReturnsWithDigitsThatMatter) {
  EXPECT_EQ(with_deviation(-147.24, 84.02), "-147.2 ± 84.0");
  EXPECT_EQ(with_deviation(93.456, 0.1), "93.46 ± 0.10");
  EXPECT_EQ(with_deviation(-0.53124, 0.1), "-0.5312 ± 0.1000");
  EXPECT_EQ(with_deviation(std::nan(""), 0), "-");
  EXPECT_EQ(with_deviation(-1, std::nan("")), "-1.000");  // of one value
  EXPECT_EQ(significant(0.0123456), "0.01235");
  EXPECT_EQ(significant(std::nan("")), "-");
}

}  // namespace
}  // namespace ddpg
