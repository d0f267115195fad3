// What the tests of wrong uses share: a case, and things to use wrongly.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "agent/test_environments.h"
#include "ddpg/ddpg.h"
#include "policy/policy_samples.h"

namespace ddpg::testing {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN(),
                        kInfinity = std::numeric_limits<double>::infinity();

inline Policy point_policy(int observations = 1) {
  return Policy(sample_policy(actor_shape(observations, {2}, 1)));
}

// A point whose specification is another.
inline std::unique_ptr<Environment> point_with(const std::function<void(Specification&)>& change) {
  Script script = point();
  change(script.specification);
  return scripted(std::move(script));
}

inline VectorEnvironment two_points(int threads = 1) {
  return VectorEnvironment(copies_of(2, point), 1, Autoreset::disabled, threads);
}

inline PolicyPairs pairs_of(int rows, std::size_t observations, std::size_t actions) {
  return {rows, std::vector<float>(observations), std::vector<float>(actions), "nowhere"};
}

enum class Kind { usage, error };

struct Case {
  const char* name;
  Kind kind;
  std::vector<const char*> says;
  std::function<void()> use;
};

// Whoever passes it on adds to it, so that it ends without a full stop.
inline void expect_says(const Case& wrong, Kind kind, const std::string& text) {
  EXPECT_EQ(wrong.kind, kind) << wrong.name << ": " << text;
  for (const char* part : wrong.says) EXPECT_THAT(text, ::testing::HasSubstr(part)) << wrong.name;
  EXPECT_FALSE(text.ends_with('.')) << wrong.name << ": " << text;
}

inline void expect_refused(const Case& wrong) {
  try {
    wrong.use();
    ADD_FAILURE() << wrong.name << ": nothing was thrown";
  } catch (const UsageError& error) {
    expect_says(wrong, Kind::usage, error.what());
  } catch (const Error& error) {
    expect_says(wrong, Kind::error, error.what());
  } catch (const std::exception& error) {
    ADD_FAILURE() << wrong.name << ": no error of ours: " << error.what();
  }
}

inline EnvironmentEntry entry(long suggested_steps, EnvironmentFactory make, const char* name = "WrongUse-v0") {
  EnvironmentEntry given;
  given.name = name;
  given.suggested_steps = suggested_steps;
  given.make = std::move(make);
  return given;
}

inline std::unique_ptr<Environment> made_point(const EnvironmentSettings&) {
  return scripted(point());
}

}  // namespace ddpg::testing
