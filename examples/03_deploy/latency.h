// How long things took, counted in buckets: the histogram of a control loop. Takes no memory while it counts.
#pragma once

#include <array>
#include <cstdint>

class Latency {
 public:
  void add(std::int64_t nanoseconds);
  std::uint64_t count() const { return count_; }
  // The time within which this share of all was done, rounded up to its bucket (an eighth of a power of two).
  double microseconds(double share) const;
  double longest_microseconds() const { return static_cast<double>(longest_) / 1e3; }
  // A line for each power of two, with a bar.
  void print(const char* title) const;

 private:
  static constexpr int kEighths = 8, kPowers = 40;
  std::array<std::uint64_t, kEighths * kPowers> buckets_{};
  std::uint64_t count_ = 0;
  std::int64_t longest_ = 0;
};
