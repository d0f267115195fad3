// Copies whose observations count, and what goes wrong with them, for the tests of VectorEnvironment.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "agent/test_environments.h"
#include "ddpg/error.h"

namespace ddpg::testing {

inline constexpr float kAny[] = {0, 0, 0, 0, 0, 0, 0, 0};

inline std::span<const float> any_actions(int copies) {
  return std::span(kAny).first(static_cast<std::size_t>(copies));
}

// Episodes of `length` steps that end as told. Observations count on through all episodes: 0 at the first reset, then
// 1, 2, ...; what a step pays is the observation that it leads to.
inline Script counting(int length, bool terminates, bool truncates) {
  auto seen = std::make_shared<double>(0);
  return {.specification = {"counting", 1, {-1.0f}, {1.0f}, 0},
          .reset = [seen](RandomStream&, std::span<double> observation) { observation[0] = (*seen)++; },
          .step =
              [=](int step, std::span<const float>, std::span<double> observation) {
                observation[0] = (*seen)++;
                const bool last = step == length - 1;
                return StepResult{observation[0], last && terminates, last && truncates};
              }};
}

template <class Body>
std::string failure(const Body& body) {
  try {
    body();
  } catch (const UsageError& error) {
    return std::string("usage: ") + error.what();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace ddpg::testing
