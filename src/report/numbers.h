// Numbers as a reader of a report wants them. Not for files: those hold numbers in full.
#pragma once

#include <string>

namespace ddpg {

/// About four significant digits: "-1,482", "-147.2", "3.142", "0.0123", "1.2e-07"; a true minus sign; "–" for NaN.
std::string readable(double value);
/// With so many decimals and grouped thousands.
std::string with_decimals(double value, int decimals);
/// Steps on an axis, short: "0", "500", "20k", "1.5M".
std::string short_count(double value);
std::string per_cent(double share);  ///< "12 %"

}  // namespace ddpg
