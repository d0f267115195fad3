// Numbers as people read them: 12,000 steps, 1.7 GB, 0:42 left. For displays only; files hold numbers in full.
#pragma once

#include <cstdint>
#include <string>

namespace ddpg {

std::string grouped(std::int64_t number);                   // "1,234,567"
std::string counted(std::int64_t n, const char* thing);     // "1 thread", "2 threads"
std::string speed(double steps_per_second);                 // "1,234 steps/s"
std::string human_bytes(std::size_t bytes);                 // "512 B", "36.2 MB" (powers of ten)
std::string human_seconds(double seconds);                  // "0:42", "3:07", "2:03:00"; "-" when not finite
std::string significant(double number);                     // four significant digits; "-" when NaN
std::string with_deviation(double mean, double deviation);  // "-147.2 ± 84.0"

}  // namespace ddpg
