// Random streams: xoshiro256++, and what is drawn from it.
#include "ddpg/random.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <limits>

#include "ddpg/error.h"
#include "support/math.h"

namespace ddpg {
namespace {

__extension__ typedef unsigned __int128 Wide;

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15u;  // 2^64 / golden ratio: the step of SplitMix64

// FNV-1a, 64 bits.
constexpr std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325u;
  for (const char letter : text) value = (value ^ static_cast<unsigned char>(letter)) * 0x100000001b3u;
  return value;
}

// The output function of SplitMix64 (Steele, Lea and Flood 2014): a bijection in which every bit depends on every
// other.
constexpr std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, std::string_view name, std::uint64_t index) {
  // each part is mixed in turn, so that no sum of seed, name and index stands for another
  std::uint64_t start = mix(seed + kGolden);
  start = mix((start ^ hash(name)) + kGolden);
  start = mix((start ^ index) + kGolden);
  for (std::uint64_t& word : state_) word = mix(start += kGolden);
}

std::uint64_t RandomStream::bits() {
  const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

void RandomStream::set_state(const std::array<std::uint64_t, 4>& state) {
  if (state == std::array<std::uint64_t, 4>{})
    throw UsageError("[random stream] its state is all zeros, from which it draws nothing but zeros");
  state_ = state;
}

double RandomStream::uniform() {
  return static_cast<double>(bits() >> 11) * 0x1p-53;
}

double RandomStream::uniform(double low, double high) {
  if (!(high - low >= 0 && high - low <= std::numeric_limits<double>::max()))
    throw UsageError(fmt::format("[random stream] uniform({}, {}): expected finite numbers, low <= high", low, high));
  const double value = low + (high - low) * uniform();
  return value < high ? value : std::nextafter(high, low);  // the sum may have been rounded up to high
}

double RandomStream::normal() {
  constexpr double kTwoPi = 0x1.921fb54442d18p+2;
  const double radius = std::sqrt(-2.0 * pinned_log(1.0 - uniform()));  // of a number in (0, 1]
  return radius * pinned_cos(kTwoPi * uniform());
}

std::uint64_t RandomStream::below(std::uint64_t bound) {
  if (bound == 0) throw UsageError("[random stream] below(0): expected a bound of at least 1");
  // the high word of 64 bits times bound; a low word below 2^64 mod bound belongs to the surplus and is drawn again
  Wide product = static_cast<Wide>(bits()) * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t surplus = -bound % bound;
    while (static_cast<std::uint64_t>(product) < surplus) product = static_cast<Wide>(bits()) * bound;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace ddpg
