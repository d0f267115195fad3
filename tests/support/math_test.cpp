// The pinned functions against the system's in long double, and their bits against a number noted once.
#include "support/math.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace ddpg {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kPi = 3.14159265358979323846;
static_assert(std::numeric_limits<long double>::digits >= 64, "the references below need more than double");

// The distance of `found` from `truth`, in units of the last place of the double nearest to truth.
double error_in_ulp(double found, long double truth) {
  const double nearest = static_cast<double>(truth);
  int exponent = 0;
  std::frexp(nearest, &exponent);
  const long double ulp = std::ldexp(1.0L, std::max(exponent - 53, -1074));
  return static_cast<double>(std::fabs(static_cast<long double>(found) - truth) / ulp);
}

double relative_error(double found, long double truth) {
  return static_cast<double>(std::fabs((static_cast<long double>(found) - truth) / truth));
}

void expect_sine_and_cosine(double x) {
  ASSERT_LT(error_in_ulp(pinned_sin(x), std::sin(static_cast<long double>(x))), 1.0) << std::hexfloat << "sin " << x;
  ASSERT_LT(error_in_ulp(pinned_cos(x), std::cos(static_cast<long double>(x))), 1.0) << std::hexfloat << "cos " << x;
}

// A positive double with its exponent uniform in [low, high).
double random_magnitude(std::mt19937_64& random, int low, int high) {
  const double mantissa = std::uniform_real_distribution<double>(1.0, 2.0)(random);
  return std::ldexp(mantissa, std::uniform_int_distribution<int>(low, high - 1)(random));
}

TEST(PinnedSinCos, AreWithinOneUnitInTheLastPlaceOnRandomArguments) {
  std::mt19937_64 random(1);
  for (const double range : {1.0, 4.0, 100.0, 1e5}) {
    std::uniform_real_distribution<double> uniform(-range, range);
    for (int i = 0; i < 100'000; i++) expect_sine_and_cosine(uniform(random));
  }
  for (int i = 0; i < 100'000; i++) expect_sine_and_cosine(random_magnitude(random, -60, 16));
}

TEST(PinnedSinCos, AreWithinOneUnitInTheLastPlaceAroundMultiplesOfAQuarterOfPi) {
  for (int n = 0; n < 127'000; n++) {
    const double middle = static_cast<double>(n * (3.14159265358979323846264L / 4));
    if (middle > 1e5) break;
    for (const double x : {std::nextafter(middle, 0.0), middle, std::nextafter(middle, 1e6), -middle})
      expect_sine_and_cosine(x);
  }
}

TEST(PinnedSinCos, AreRightAtTheDoublesNearestToAZero) {
  // the double nearest to 29 pi / 2, 2^-60.5 away from it, and to pi; the truth is from mpmath in 60 digits
  EXPECT_EQ(pinned_cos(0x1.6c6cbc45dc8dep+5), -0x1.6d61b58c99c43p-61);
  EXPECT_EQ(pinned_sin(0x1.921fb54442d18p+1), 0x1.1a62633145c07p-53);
  EXPECT_EQ(pinned_cos(0x1.921fb54442d18p+0), 0x1.1a62633145c07p-54);
}

TEST(PinnedSinCos, ReturnTinyArgumentsAndKeepTheSignOfZero) {
  for (const double x : {5e-324, 1e-310, 2.3e-308, 1e-100, 1e-10}) {
    EXPECT_EQ(pinned_sin(x), x);
    EXPECT_EQ(pinned_sin(-x), -x);
    EXPECT_EQ(pinned_cos(x), 1.0);
  }
  EXPECT_TRUE(std::signbit(pinned_sin(-0.0)));
  EXPECT_FALSE(std::signbit(pinned_sin(0.0)));
  EXPECT_EQ(pinned_cos(-0.0), 1.0);
}

TEST(PinnedSinCos, BeyondTheirRangeAreTheSineOfANeighbourOfTheArgument) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 20'000; i++) {
    const double x = random_magnitude(random, 17, 60);
    const double slack = x * 0x1p-53 + 0x1p-52;  // half a unit in the last place of x
    ASSERT_NEAR(pinned_sin(x), static_cast<double>(std::sin(static_cast<long double>(x))), slack) << x;
    ASSERT_NEAR(pinned_cos(x), static_cast<double>(std::cos(static_cast<long double>(x))), slack) << x;
  }
  for (int i = 0; i < 2'000; i++) {
    const double x = random_magnitude(random, 60, 1024), s = pinned_sin(x), c = pinned_cos(x);
    ASSERT_NEAR(s * s + c * c, 1.0, 1e-15) << x;
  }
}

TEST(PinnedSinCos, AreOddAndEven) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 10'000; i++) {
    const double x = random_magnitude(random, -40, 30);
    ASSERT_EQ(pinned_sin(-x), -pinned_sin(x)) << x;
    ASSERT_EQ(pinned_cos(-x), pinned_cos(x)) << x;
  }
}

TEST(PinnedSinCos, GiveNaNForWhatIsNotFinite) {
  for (const double x : {kInfinity, -kInfinity, kNaN}) {
    EXPECT_TRUE(std::isnan(pinned_sin(x)));
    EXPECT_TRUE(std::isnan(pinned_cos(x)));
  }
}

TEST(PinnedLog, IsWithinItsErrorOnNormalNumbers) {
  std::mt19937_64 random(4);
  std::uniform_real_distribution<double> unit(0.0, 1.0), near_one(0.5, 2.0);
  double worst = 0;
  for (int i = 0; i < 200'000; i++) {
    for (const double x : {1.0 - unit(random), near_one(random), random_magnitude(random, -1022, 1024)}) {
      if (x == 1.0) continue;
      worst = std::max(worst, relative_error(pinned_log(x), std::log(static_cast<long double>(x))));
    }
  }
  // close to 1 from both sides, where the result vanishes, and at the borders of the interval of the polynomial
  for (int i = 1; i < 20'000; i++) {
    for (const double x : {1.0 + i * 0x1p-52, 1.0 - i * 0x1p-53, 0x1.6a09e667f3bcdp-1 + (i - 10'000) * 0x1p-53}) {
      worst = std::max(worst, relative_error(pinned_log(x), std::log(static_cast<long double>(x))));
    }
  }
  EXPECT_LT(worst, 0x1p-51);
}

TEST(PinnedLog, HandlesTheBordersOfItsDomain) {
  EXPECT_EQ(pinned_log(1.0), 0.0);
  EXPECT_FALSE(std::signbit(pinned_log(1.0)));
  EXPECT_EQ(pinned_log(0.0), -kInfinity);
  EXPECT_EQ(pinned_log(-0.0), -kInfinity);
  EXPECT_EQ(pinned_log(kInfinity), kInfinity);
  for (const double x : {-1.0, -5e-324, -kInfinity, kNaN}) EXPECT_TRUE(std::isnan(pinned_log(x)));
  for (const double x : {5e-324, 1e-320, 2.2e-308}) {
    EXPECT_LT(relative_error(pinned_log(x), std::log(static_cast<long double>(x))), 0x1p-51);
  }
}

TEST(PinnedExp, IsWithinItsErrorWhereTheResultIsNormal) {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> all(-708.39, 709.78), small(-2.0, 2.0);
  double worst = 0;
  for (int i = 0; i < 200'000; i++) {
    const double sign = (i % 2) == 0 ? 1.0 : -1.0;
    for (const double x : {all(random), small(random), sign * random_magnitude(random, -80, 9)}) {
      worst = std::max(worst, relative_error(pinned_exp(x), std::exp(static_cast<long double>(x))));
    }
  }
  // around the middles between multiples of log 2, where the reduced argument is longest
  for (int n = -1021; n < 1023; n++) {
    const double x = (n + 0.5) * 0.69314718055994530942;
    worst = std::max(worst, relative_error(pinned_exp(x), std::exp(static_cast<long double>(x))));
  }
  EXPECT_LT(worst, 0x1p-51);
}

TEST(PinnedExp, OverflowsAndUnderflowsWhereItShould) {
  EXPECT_EQ(pinned_exp(0.0), 1.0);
  EXPECT_EQ(pinned_exp(-0.0), 1.0);
  EXPECT_TRUE(std::isfinite(pinned_exp(709.782712893383)));
  for (const double x : {709.7827128933842, 709.785, 710.0, 1e300, kInfinity}) EXPECT_EQ(pinned_exp(x), kInfinity) << x;
  for (const double x : {-745.1333, -746.0, -1e300, -kInfinity}) EXPECT_EQ(pinned_exp(x), 0.0) << x;
  EXPECT_EQ(pinned_exp(-745.13), 5e-324);
  for (double x = -745.0; x < -708.3; x += 0.01) {
    ASSERT_LE(error_in_ulp(pinned_exp(x), std::exp(static_cast<long double>(x))), 2.0) << x;
  }
  EXPECT_TRUE(std::isnan(pinned_exp(kNaN)));
}

// A hash of a quarter of a million results. It was noted once and is the same for every compiler, optimisation level
// and processor; when it changes, so does every run that anyone has recorded.
TEST(PinnedFunctions, HaveTheSameBitsEverywhere) {
  std::uint64_t hash = 0xcbf29ce484222325u, x = 1;
  const auto add = [&hash](double result) { hash = (hash ^ std::bit_cast<std::uint64_t>(result)) * 0x100000001b3u; };
  for (int i = 0; i < 50'000; i++) {
    x = x * 6364136223846793005u + 1442695040888963407u;
    const double unit = static_cast<double>((x >> 11) + 1) * 0x1p-53;
    add(pinned_sin((unit - 0.5) * 2 * kPi));
    add(pinned_cos((unit - 0.5) * 1e4));
    add(pinned_sin(unit * 1e12));
    add(pinned_log(unit));
    add(pinned_exp((unit - 0.5) * 1400));
  }
  EXPECT_EQ(hash, 15889153722831271398u);
}

}  // namespace
}  // namespace ddpg
