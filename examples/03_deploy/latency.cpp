#include "latency.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

void Latency::add(std::int64_t nanoseconds) {
  const double time = static_cast<double>(std::max<std::int64_t>(nanoseconds, 1));
  const int bucket = static_cast<int>(std::log2(time) * kEighths);
  buckets_[static_cast<std::size_t>(std::clamp(bucket, 0, kEighths * kPowers - 1))]++;
  count_++;
  longest_ = std::max(longest_, nanoseconds);
}

double Latency::microseconds(double share) const {
  const double wanted = share * static_cast<double>(count_);
  double below = 0;
  for (std::size_t i = 0; i < buckets_.size(); i++) {
    below += static_cast<double>(buckets_[i]);
    if (below >= wanted) return std::exp2(static_cast<double>(i + 1) / kEighths) / 1e3;
  }
  return longest_microseconds();
}

void Latency::print(const char* title) const {
  std::printf("%s: median %.1f us, 99%% %.1f us, 99.9%% %.1f us, longest %.1f us\n", title, microseconds(0.5),
              microseconds(0.99), microseconds(0.999), longest_microseconds());
  for (int power = 0; power < kPowers; power++) {
    const auto* const first = buckets_.data() + power * kEighths;
    std::uint64_t sum = 0;
    for (int i = 0; i < kEighths; i++) sum += first[i];
    if (sum == 0) continue;
    const double share = static_cast<double>(sum) / static_cast<double>(count_);
    const std::string bar(static_cast<std::size_t>(std::ceil(share * 50)), '#');
    std::printf("  below %12.3f us %10llu %6.2f%% %s\n", std::exp2(power + 1) / 1e3,
                static_cast<unsigned long long>(sum), 100 * share, bar.c_str());
  }
}
