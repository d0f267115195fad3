// Random streams: golden values from tests/golden/make_random_golden.py, distributions, and what tells streams apart.
#include "ddpg/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

namespace ddpg {
namespace {

// Sum of (observed - expected)^2 / expected over cells that are expected to be equally full.
double chi_square(const std::vector<int>& counts) {
  double total = 0;
  for (const int count : counts) total += count;
  const double expected = total / static_cast<double>(counts.size());
  double sum = 0;
  for (const int count : counts) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

// Chi-square lies within five standard deviations of its mean.
void expect_even(const std::vector<int>& counts) {
  const double freedom = static_cast<double>(counts.size() - 1);
  EXPECT_NEAR(chi_square(counts), freedom, 5 * std::sqrt(2 * freedom));
}

// The greatest distance between the distribution of the sample and `cumulative`, times the root of the sample's size.
template <class Cumulative>
double kolmogorov(std::vector<double> sample, Cumulative cumulative) {
  std::sort(sample.begin(), sample.end());
  const double n = static_cast<double>(sample.size());
  double greatest = 0;
  for (std::size_t i = 0; i < sample.size(); i++) {
    const double p = cumulative(sample[i]), rank = static_cast<double>(i);
    greatest = std::max({greatest, p - rank / n, (rank + 1) / n - p});
  }
  return greatest * std::sqrt(n);
}

TEST(RandomStream, GivesTheGoldenBits) {
  const auto first = [](RandomStream stream) {
    return std::array{stream.bits(), stream.bits(), stream.bits(), stream.bits()};
  };
  using Bits = std::array<std::uint64_t, 4>;
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(first(RandomStream(0)),
            (Bits{0x8a2571860bf662ec, 0x5768b5b2317bf207, 0x00db33be48a0400c, 0x5ecbc6793c5155ba}));
  EXPECT_EQ(first(RandomStream(1, "replay")),
            (Bits{0xd62b462308227cfe, 0x57cb8bd002f7fbdc, 0x5bd97e6cc018110b, 0x0f641e688febe5bb}));
  EXPECT_EQ(first(RandomStream(1, "environment", 7)),
            (Bits{0xdf40ca01df192da7, 0x5ba12d368f0ac7c9, 0xe2e24eff4f37fc31, 0xd1846b965ecd30fa}));
  EXPECT_EQ(first(RandomStream(kMost, "noise", kMost)),
            (Bits{0x561db738a658f5d0, 0x2502e85b869cc0e5, 0x80b04a206488cc60, 0xd5fdb971f574075c}));
}

TEST(RandomStream, IsXoshiro256PlusPlus) {
  RandomStream stream(0);
  stream.set_state({1, 2, 3, 4});  // the test vector of the rand_xoshiro crate, made with the authors' C code
  EXPECT_EQ(stream.bits(), 41943041u);
  EXPECT_EQ(stream.bits(), 58720359u);
  EXPECT_EQ(stream.bits(), 3588806011781223u);
  EXPECT_EQ(stream.bits(), 3591011842654386u);
}

TEST(RandomStream, GivesTheGoldenDraws) {
  RandomStream stream(42, "golden");
  for (const double expected : {0.6360687038530742, 0.7324732446472019, 0.48142511935584453, 0.9729201450204144}) {
    EXPECT_EQ(stream.uniform(), expected);
  }
  for (const double expected : {2.0015855286657156, 1.1642661629324185, -1.399249926425668, 0.5807055203050516}) {
    EXPECT_NEAR(stream.normal(), expected, 4e-16 * std::fabs(expected));
  }
  for (const std::uint64_t expected : {1, 7, 1, 4, 3, 6, 8, 8}) EXPECT_EQ(stream.below(10), expected);
}

TEST(RandomStream, GivesTheGoldenDrawsWhereAQuarterIsRefused) {
  RandomStream stream(42, "below");
  for (const std::uint64_t expected :
       {10494712179216745788u, 1400495792285310958u, 6360912566299034900u, 12796319496769321354u, 1710621129595336807u,
        6503047161902895657u, 166640667810778947u, 13620634023900880870u}) {
    EXPECT_EQ(stream.below(std::uint64_t{3} << 62), expected);
  }
  EXPECT_EQ(stream.bits(), 0xae5e7bd438f54b6fu);
}

TEST(RandomStream, DiffersBySeedNameAndIndex) {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t seed = 0; seed < 20; seed++) {
    for (const char* name : {"", "a", "b", "ab", "replay", "noise"}) {
      for (std::uint64_t index = 0; index < 20; index++) firsts.insert(RandomStream(seed, name, index).bits());
    }
  }
  EXPECT_EQ(firsts.size(), 20u * 6 * 20);
  EXPECT_EQ(RandomStream(3, "x", 4).state(), RandomStream(3, "x", 4).state());
}

TEST(RandomStream, NeighbouringSeedsAreNotCorrelated) {
  constexpr int kDraws = 100'000;
  RandomStream a(1, "environment", 0), b(1, "environment", 1), c(2, "environment", 0);
  double ab = 0, ac = 0;
  for (int i = 0; i < kDraws; i++) {
    const double x = a.normal();
    ab += x * b.normal();
    ac += x * c.normal();
  }
  EXPECT_LT(std::fabs(ab) / std::sqrt(kDraws), 4.0);
  EXPECT_LT(std::fabs(ac) / std::sqrt(kDraws), 4.0);
}

TEST(RandomStream, ContinuesFromASavedState) {
  RandomStream stream(5, "noise");
  for (int i = 0; i < 100; i++) stream.normal();
  const std::array<std::uint64_t, 4> state = stream.state();
  std::vector<double> expected;
  for (int i = 0; i < 100; i++) expected.push_back(stream.normal());
  RandomStream other(0);
  other.set_state(state);
  for (const double value : expected) ASSERT_EQ(other.normal(), value);
  EXPECT_EQ(other.state(), stream.state());
}

TEST(RandomStreamUniform, IsEvenOverTheUnitInterval) {
  RandomStream stream(6);
  std::vector<int> counts(1000), low_bits(256);
  std::vector<double> sample;
  for (int i = 0; i < 500'000; i++) {
    const double u = stream.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    ASSERT_EQ(u * 0x1p53, std::floor(u * 0x1p53));
    counts[static_cast<std::size_t>(u * 1000)]++;
    low_bits[static_cast<std::uint64_t>(u * 0x1p53) & 255]++;
    sample.push_back(u);
  }
  expect_even(counts);
  expect_even(low_bits);
  EXPECT_LT(kolmogorov(sample, [](double x) { return x; }), 1.95);  // 0.1 % of samples exceed it
}

TEST(RandomStreamUniform, IsEvenInPairs) {
  RandomStream stream(7);
  std::vector<int> counts(32 * 32);
  for (int i = 0; i < 500'000; i++) {
    const auto first = static_cast<std::size_t>(stream.uniform() * 32);
    counts[first * 32 + static_cast<std::size_t>(stream.uniform() * 32)]++;
  }
  expect_even(counts);
}

TEST(RandomStreamUniform, StaysBelowHigh) {
  RandomStream stream(8);
  for (int i = 0; i < 100'000; i++) {
    const double x = stream.uniform(-3.0, 5.0);
    ASSERT_TRUE(x >= -3.0 && x < 5.0) << x;
  }
  const double high = std::nextafter(1.0, 2.0);  // only 1.0 lies in [1, high)
  for (int i = 0; i < 1'000; i++) ASSERT_EQ(stream.uniform(1.0, high), 1.0);
  EXPECT_EQ(stream.uniform(2.0, 2.0), 2.0);
}

TEST(RandomStreamNormal, HasTheMomentsAndTheShapeOfANormal) {
  constexpr int kDraws = 1'000'000;
  RandomStream stream(9);
  double sums[4] = {};
  double product = 0, last = 0;
  std::vector<double> sample;
  for (int i = 0; i < kDraws; i++) {
    const double x = stream.normal();
    double power = 1;
    for (double& sum : sums) sum += (power *= x);
    product += x * last;
    last = x;
    sample.push_back(x);
  }
  const double deviation = 1 / std::sqrt(kDraws);  // of the mean; those of the moments follow from E x^2n = (2n - 1)!!
  EXPECT_NEAR(sums[0] / kDraws, 0.0, 4 * deviation);
  EXPECT_NEAR(sums[1] / kDraws, 1.0, 4 * deviation * std::sqrt(2));
  EXPECT_NEAR(sums[2] / kDraws, 0.0, 4 * deviation * std::sqrt(15));
  EXPECT_NEAR(sums[3] / kDraws, 3.0, 4 * deviation * std::sqrt(96));
  EXPECT_NEAR(product / kDraws, 0.0, 4 * deviation);
  EXPECT_LT(kolmogorov(sample, [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2)); }), 1.95);
}

TEST(RandomStreamBelow, IsEvenForEveryKindOfBound) {
  RandomStream stream(10);
  for (const std::uint64_t bound : {2, 3, 10, 64, 1000}) {
    std::vector<int> counts(bound);
    for (int i = 0; i < 200'000; i++) {
      const std::uint64_t value = stream.below(bound);
      ASSERT_LT(value, bound);
      counts[value]++;
    }
    expect_even(counts);
  }
  for (int i = 0; i < 100; i++) ASSERT_EQ(stream.below(1), 0u);
}

TEST(RandomStreamBelow, IsWithoutBiasWhereAPlainProductOrRemainderWouldNotBe) {
  // with 3 * 2^62 a remainder would hit the first third twice as often, a product without refusal every third value
  // twice
  RandomStream stream(11);
  std::vector<int> thirds(3), remainders(3);
  for (int i = 0; i < 300'000; i++) {
    const std::uint64_t value = stream.below(std::uint64_t{3} << 62);
    thirds[value >> 62]++;
    remainders[value % 3]++;
  }
  expect_even(thirds);
  expect_even(remainders);
}

}  // namespace
}  // namespace ddpg
