// Numbers as people write them.
#include "support/decimal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ddpg {
namespace {

TEST(Decimal, RealsRoundToTheNearestDouble) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  struct Case {
    const char* text;
    double value;
  };
  const Case cases[] = {{"1", 1},
                        {"+1.5", 1.5},
                        {"-2e3", -2000},
                        {".5", 0.5},
                        {"1.", 1},
                        {"1e-400", 0},
                        {"-1e-400", -0.0},
                        {"0.001e-400", 0},
                        {"5e-324", 5e-324},
                        {"1e400", kInfinity},
                        {"-1e400", -kInfinity},
                        {"inf", kInfinity},
                        {"1e99999999999999999999", kInfinity},
                        {"1e-99999999999999999999", 0},
                        {"0e99999", 0}};
  for (const auto& [text, value] : cases) {
    const auto found = read_real(text);
    ASSERT_TRUE(found) << text;
    EXPECT_EQ(*found, value) << text;
    EXPECT_EQ(std::signbit(*found), std::signbit(value)) << text;
  }
  EXPECT_TRUE(std::isnan(*read_real("nan")));
  for (const char* text : {"", "+", "-", "+-1", "++1", "--1", "1 ", " 1", "1e", "1e_3", "0x10", "1,5", "one", "."})
    EXPECT_FALSE(read_real(text)) << text;
}

TEST(Decimal, WholeNumbersAreExactHoweverTheyAreWritten) {
  struct Case {
    const char* text;
    std::int64_t value;
  };
  const Case cases[] = {{"9007199254740993.0", 9007199254740993},
                        {"9007199254740993", 9007199254740993},
                        {"9.007199254740993e15", 9007199254740993},
                        {"-0.00012e5", -12},
                        {"1e18", 1'000'000'000'000'000'000},
                        {"9223372036854775807.000", std::numeric_limits<std::int64_t>::max()},
                        {"-9223372036854775808e0", std::numeric_limits<std::int64_t>::min()},
                        {"0.0", 0},
                        {"1000e-3", 1}};
  for (const auto& [text, value] : cases) EXPECT_EQ(read_whole(text), value) << text;
  for (const char* text : {"9007199254740993.5", "9223372036854775808.0", "1e19", "1e400", "0.5", "1e-400", "inf", "x"})
    EXPECT_FALSE(read_whole(text)) << text;
}

}  // namespace
}  // namespace ddpg
