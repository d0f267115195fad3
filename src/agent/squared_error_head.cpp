// The mean of (Q - y)^2, without a half (eq. 4).
#include "agent/scalar_head.h"

namespace ddpg {
namespace {

struct SquaredError {
  static double value(float error) { return static_cast<double>(error) * error; }
  static float derivative(float error) { return 2.0f * error; }
};

}  // namespace

constinit const Part<CriticHead> squared_error_head = {
    "squared error", [](const Options&) { return true; },
    [](const Options&) -> std::unique_ptr<CriticHead> { return std::make_unique<ScalarHead<SquaredError>>(); }};

}  // namespace ddpg
