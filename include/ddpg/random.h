// Randomness as a value: every consumer owns a stream, split by name from one seed, so that switching one consumer off
// (evaluation, say) changes nothing for the others. The bits are the same on every machine and every compiler.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace ddpg {

/// A stream of random numbers: xoshiro256++ (Blackman and Vigna 2019), seeded through SplitMix64. Copyable; its whole
/// state is `state()`, so a run can be saved and resumed to the same bits. Normal deviates come one by one from their
/// own pair of uniform numbers: nothing is kept back between calls.
class RandomStream {
 public:
  /// The stream named `name` of `seed`; `index` tells apart many of one kind (environments, evaluations).
  explicit RandomStream(std::uint64_t seed, std::string_view name = {}, std::uint64_t index = 0);

  std::uint64_t bits();                     ///< 64 uniform bits
  double uniform();                         ///< in [0, 1), a multiple of 2^-53
  double uniform(double low, double high);  ///< in [low, high); low where both are equal
  double normal();  ///< mean 0, standard deviation 1; Box and Muller, the project's own log and cosine
  std::uint64_t below(std::uint64_t bound);  ///< uniform in {0, ..., bound - 1}, without bias (Lemire 2019); bound >= 1

  const std::array<std::uint64_t, 4>& state() const { return state_; }
  /// Throws UsageError for one that is all zeros, which no stream comes to.
  void set_state(const std::array<std::uint64_t, 4>& state);

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace ddpg
