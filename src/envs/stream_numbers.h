// A random stream among the numbers of an environment's state: eight halves, each of which a double holds exactly.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "ddpg/random.h"

namespace ddpg {

inline constexpr std::size_t kStreamNumbers = 8;

inline void add_stream(const RandomStream& stream, std::vector<double>& numbers) {
  for (const std::uint64_t word : stream.state()) {
    numbers.push_back(static_cast<double>(word >> 32));
    numbers.push_back(static_cast<double>(word & 0xffff'ffff));
  }
}

// Whether a stream may come to these.
inline bool is_stream(std::span<const double> numbers) {
  const auto is_half = [](double number) {
    return number >= 0 && number <= 0x1p32 - 1 && number == std::floor(number);
  };
  return numbers.size() == kStreamNumbers && std::ranges::all_of(numbers, is_half) &&
         std::ranges::any_of(numbers, [](double number) { return number > 0; });
}

// Throws UsageError for numbers that no stream comes to.
inline RandomStream stream_of(std::span<const double> numbers) {
  const auto half = [](double number) {
    return static_cast<std::uint64_t>(number >= 0 && number <= 0x1p32 - 1 ? number : 0);
  };
  std::array<std::uint64_t, 4> state{};
  for (std::size_t i = 0; i < state.size(); i++) state[i] = half(numbers[2 * i]) << 32 | half(numbers[2 * i + 1]);
  RandomStream stream(0);
  stream.set_state(state);
  return stream;
}

}  // namespace ddpg
