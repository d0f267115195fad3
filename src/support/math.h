// Elementary functions with the same bits on every machine and compiler: plain IEEE additions, multiplications,
// divisions and square roots in a fixed order, no call into the system's mathematical library (whose last bits differ
// between processors).
#pragma once

#include <limits>

namespace ddpg {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// sin and cos of x radians; |error| below 1 unit in the last place for |x| <= 1e5. Beyond that x is reduced less
/// exactly; non-finite gives NaN.
double pinned_sin(double x);
double pinned_cos(double x);
/// Natural logarithm; relative error below 2^-51 for normal x > 0; -infinity at 0, NaN below.
double pinned_log(double x);
/// e^x; relative error below 2^-51 for normal results; 0 below -745.14, infinity above 709.79.
double pinned_exp(double x);

}  // namespace ddpg
