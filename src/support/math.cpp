// sin, cos, log and exp from additions, multiplications and one division in a fixed order. They serve environments and
// random streams, one number at a time; the vectorised tanh and exp of the networks live with the kernels.
//
// How each works: bring the argument into a short interval around 0 without losing bits (Cody and Waite: subtract n
// times a constant held as a sum of doubles of which the first have so few bits that n times them is exact), evaluate a
// polynomial there, put the result back together. The polynomials are those of least greatest error (Remez exchange in
// 60 digits); their coefficients, and the parts of pi / 2 and log 2, are printed by
// tests/golden/make_math_coefficients.py, which also gives their error. Each is evaluated in Estrin's order, whose
// short chains keep a processor's units busy.
#include "support/math.h"

#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>

namespace ddpg {
namespace {

static_assert(FLT_EVAL_METHOD == 0,
              "double expressions must be evaluated in double: on 32-bit x86 compile with -mfpmath=sse");

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// log 2 as a sum; the first part has 42 bits, so its multiples by an exponent are exact.
constexpr double kLog2High = 0x1.62e42fefa3800p-1;
constexpr double kLog2Low = 0x1.ef35793c76730p-45;

// Added and subtracted again, it rounds a number below 2^51 to the nearest integer, which stands in the low bits of the
// sum.
constexpr double kRound = 0x1.8p52;

// An angle less a whole number of quarter turns; |high| <= pi / 4, or a rounding more.
struct Angle {
  double high, low;
  unsigned quarters;  // modulo 4
};

Angle reduce(double x) {
  constexpr double kPeriod = 0x1.921fb54442d18p+2;  // 2 pi
  constexpr double kPart1 = 0x1.921fb54440000p+0;   // of pi / 2: 36 bits, so that n times it is exact,
  constexpr double kPart2 = 0x1.68c234c4c0000p-39;  // the next 36,
  constexpr double kPart3 = 0x1.98a2e03707345p-77;  // and 53 more
  // Far out: the remainder by the double nearest to 2 pi. fmod is exact, so the same everywhere; the result is that of
  // an angle within half a unit in the last place of x.
  if (std::fabs(x) > 1e5) x = std::fmod(x, kPeriod);
  const double shifted = x * 0x1.45f306dc9c883p-1 /* 2 / pi */ + kRound;
  const double n = shifted - kRound;
  // x - n * part1 and n * part2 are exact. So is `lost`, what their difference loses: |a| >= |b| is the ordinary case,
  // and otherwise both are multiples of 2^-74 below 2^-21, and nothing is lost.
  const double a = x - n * kPart1, b = n * kPart2;
  const double sum = a - b, lost = (a - sum) - b;
  const double rest = lost - n * kPart3;
  const double high = sum + rest;
  return {high, (sum - high) + rest, static_cast<unsigned>(std::bit_cast<std::uint64_t>(shifted) & 3)};
}

// sin of high + low
double sine_near_zero(const Angle& angle) {
  const double r = angle.high, z = r * r, z2 = z * z;
  const double s = (-0x1.5555555555548p-3 + 0x1.111111110f78fp-7 * z) +
                   z2 * ((-0x1.a01a019bf576dp-13 + 0x1.71de356039a5fp-19 * z) +
                         z2 * (-0x1.ae5e546e31f4fp-26 + 0x1.5d8dfd08c816ap-33 * z));
  return r + (r * z * s + angle.low * (1.0 - 0.5 * z));
}

// cos of high + low; 1 - z / 2 loses bits, which are added again
double cosine_near_zero(const Angle& angle) {
  const double r = angle.high, z = r * r, z2 = z * z;
  const double c = (0x1.555555555554bp-5 + -0x1.6c16c16c14f47p-10 * z) +
                   z2 * ((0x1.a01a019c7cdaap-16 + -0x1.27e4f7e53ea55p-22 * z) +
                         z2 * (0x1.1ee9d3dcaca18p-29 + -0x1.8fa290efc00a5p-37 * z));
  const double half = 0.5 * z;
  const double w = 1.0 - half;
  return w + (((1.0 - w) - half) + (z2 * c - r * angle.low));
}

// sin of x + turns * pi / 2; NaN where x is not finite. Both polynomials are evaluated and one is taken, since no
// processor can foresee which.
double sine(double x, unsigned turns) {
  const Angle angle = reduce(x);
  const unsigned quarters = angle.quarters + turns;
  const double odd = sine_near_zero(angle), even = cosine_near_zero(angle);
  const std::uint64_t chosen = std::bit_cast<std::uint64_t>((quarters & 1) != 0 ? even : odd);
  return std::bit_cast<double>(chosen ^ (static_cast<std::uint64_t>(quarters & 2) << 62));
}

double power_of_two(int exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(1023 + exponent) << 52);
}

}  // namespace

double pinned_sin(double x) {
  if (!(std::fabs(x) >= 0x1p-27)) return x;  // tiny, zero with its sign, or NaN
  return sine(x, 0);
}

double pinned_cos(double x) {
  return sine(x, 1);
}

double pinned_log(double x) {
  if (!(x > 0.0)) return x == 0.0 ? -kInfinity : kNaN;
  if (x == kInfinity) return x;
  int exponent = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 0x1p54;
    exponent = -54;
  }
  // x = m 2^exponent with m in [sqrt(1/2), sqrt 2)
  constexpr std::uint64_t kSqrtHalf = 0x3fe6a09e667f3bcd, kMantissa = (std::uint64_t{1} << 52) - 1;
  const std::uint64_t above = std::bit_cast<std::uint64_t>(x) - kSqrtHalf;
  exponent += static_cast<int>(static_cast<std::int64_t>(above) >> 52);
  const double m = std::bit_cast<double>((above & kMantissa) + kSqrtHalf);
  // log m = log((1 + s) / (1 - s)) = 2 s + s z L(z), written so that f = m - 1, which is exact, is the leading term:
  // 2 s = f - s f  and  s f = f^2 / 2 - s f^2 / 2
  const double f = m - 1.0;
  const double s = f / (2.0 + f), z = s * s, z2 = z * z;
  const double l = z * ((0x1.5555555555593p-1 + 0x1.999999997f8a7p-2 * z) +
                        z2 * ((0x1.249249423e54fp-2 + 0x1.c71c51c66bc8ep-3 * z) +
                              z2 * ((0x1.74664d76ec2edp-3 + 0x1.39a02ed7b9ae3p-3 * z) + z2 * 0x1.2f15bc60f308ep-3)));
  const double half_square = 0.5 * f * f;
  const double n = exponent;
  return n * kLog2High - ((half_square - (s * (half_square + l) + n * kLog2Low)) - f);
}

double pinned_exp(double x) {
  if (x > 709.79) return kInfinity;
  if (x < -745.14) return 0.0;
  if (std::isnan(x)) return x;
  const double shifted = x * 0x1.71547652b82fep+0 /* 1 / log 2 */ + kRound;
  const double n = shifted - kRound;
  const double a = x - n * kLog2High, b = n * kLog2Low;
  const double r = a - b, rest = (a - r) - b;
  const double z = r * r, z2 = z * z;
  const double e =
      ((0x1.0000000000001p-1 + 0x1.5555555555558p-3 * r) + z * (0x1.5555555553d36p-5 + 0x1.111111110f7d5p-7 * r)) +
      z2 * (((0x1.6c16c1789d43ap-10 + 0x1.a01a01b022691p-13 * r) +
             z * (0x1.a019b8c9b01d4p-16 + 0x1.71ddf6752ebc3p-19 * r)) +
            z2 * (0x1.2891d5740c389p-22 + 0x1.af63a0e8f34bcp-26 * r));
  const double power = 1.0 + (r + (z * e + rest));
  // times 2^n in two steps, of which only the second can overflow or lose bits to a denormal result
  const int exponent = static_cast<int>(n), half = exponent / 2;
  return power * power_of_two(half) * power_of_two(exponent - half);
}

}  // namespace ddpg
