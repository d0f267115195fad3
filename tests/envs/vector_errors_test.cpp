// How the errors of copies that are stepped together come back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>

#include "ddpg/vector_environment.h"
#include "envs/counting_copies.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using testing::any_actions;
using testing::copies_of;
using testing::counting;
using testing::failure;
using ::testing::HasSubstr;
using testing::Script;
using Copies = VectorEnvironment::Copies;

struct OwnError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Copies from `first` on throw in their second step what `raise` throws.
Copies failing(int copies, int first, const std::function<void(int copy)>& raise) {
  return copies_of(copies, [=](int copy) {
    Script script = counting(10, true, false);
    script.step = [step = script.step, raise, copy, first](int at, std::span<const float> action,
                                                           std::span<double> observation) {
      if (at == 1 && copy >= first) raise(copy);
      return step(at, action, observation);
    };
    return script;
  });
}

TEST(VectorErrors, BringsBackTheErrorOfTheLowestCopyByName) {
  for (const int threads : {1, 3}) {
    VectorEnvironment environments(
        failing(8, 3, [](int copy) { throw OwnError("motor " + std::to_string(copy) + " is hot"); }), 0,
        Autoreset::same_step, threads);
    environments.reset();
    environments.step(any_actions(8));
    try {
      environments.step(any_actions(8));
      FAIL() << "no error";
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "[environment counting] copy 3 (of 0 to 7): motor 3 is hot");
      EXPECT_THROW(std::rethrow_if_nested(error), OwnError);
    }
    EXPECT_THAT(failure([&] { environments.step(any_actions(8)); }), HasSubstr("copy 3 has not begun an episode"));
    environments.reset();
    environments.step(any_actions(8));
    EXPECT_EQ(environments.observation(0)[0], 4);  // 0, 1, 2 before; 3 at the reset
  }
}

TEST(VectorErrors, KeepsWrongUseWrongUseAndKnowsEverythingThatIsThrown) {
  const auto told = [](const std::function<void(int)>& raise) {
    VectorEnvironment environments(failing(2, 1, raise), 0, Autoreset::same_step);
    environments.reset();
    environments.step(any_actions(2));
    return failure([&] { environments.step(any_actions(2)); });
  };
  EXPECT_THAT(told([](int) { throw UsageError("no"); }),
              HasSubstr("usage: [environment counting] copy 1 (of 0 to 1): no"));
  EXPECT_THAT(told([](int) { throw 7; }), HasSubstr("copy 1 (of 0 to 1): it threw something"));
}

TEST(VectorErrors, OfOneCopyErrorsAreAsThrown) {
  VectorEnvironment environments(failing(1, 0, [](int) { throw OwnError("hot"); }), 0, Autoreset::same_step, 2);
  environments.reset();
  environments.step(any_actions(1));
  EXPECT_THROW(environments.step(any_actions(1)), OwnError);
}

TEST(VectorErrors, NamesTheCopyWhoseResetFails) {
  const auto stuck = [](int copy) {
    Script script = counting(1, true, false);
    script.reset = [copy, resets = 0](RandomStream&, std::span<double>) mutable {
      if (copy == 1 && resets++ == 1) throw OwnError("stuck");
    };
    return script;
  };
  VectorEnvironment same(copies_of(3, stuck), 0, Autoreset::same_step, 2);
  same.reset();
  EXPECT_THAT(failure([&] { same.step(any_actions(3)); }), HasSubstr("copy 1 (of 0 to 2): stuck"));
  VectorEnvironment disabled(copies_of(3, stuck), 0, Autoreset::disabled);
  disabled.reset();
  EXPECT_THAT(failure([&] { disabled.reset(); }), HasSubstr("copy 1 (of 0 to 2): stuck"));
}

// What the caller does meanwhile fails first, and only after every copy has come to rest.
TEST(VectorErrors, ErrorsMeanwhileComeAfterTheStep) {
  std::atomic<int> resting = 0;
  Script script = counting(10, true, false);
  script.step = [&resting](int, std::span<const float>, std::span<double>) -> StepResult {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    resting++;
    throw OwnError("the environment's");
  };
  VectorEnvironment environments(copies_of(4, [&] { return script; }), 0, Autoreset::same_step, 3);
  environments.reset();
  EXPECT_EQ(failure([&] { environments.step(any_actions(4), [] { throw Error("the caller's"); }); }), "the caller's");
  EXPECT_EQ(resting, 4);
}

TEST(VectorErrors, RefusesWhatCannotBe) {
  const auto make = [](int copies) { return copies_of(copies, testing::point); };
  EXPECT_THAT(failure([&] { VectorEnvironment(make(0), 0, Autoreset::same_step); }), HasSubstr("at least one copy"));
  Copies holed = make(2);
  holed[1] = nullptr;
  EXPECT_THAT(failure([&] { VectorEnvironment(std::move(holed), 0, Autoreset::same_step); }),
              HasSubstr("copy 1 is null"));
  Copies mixed = make(2);
  mixed.push_back(testing::scripted(counting(1, true, false)));
  EXPECT_THAT(failure([&] { VectorEnvironment(std::move(mixed), 0, Autoreset::same_step); }),
              AllOf(HasSubstr("copy 2 is counting"), HasSubstr("copy 0 is point")));
  Copies measured = copies_of(2, [](int copy) {
    Script script = testing::point();
    if (copy == 1) script.specification.metric_names = {"distance"};
    return script;
  });
  EXPECT_THAT(failure([&] { VectorEnvironment(std::move(measured), 0, Autoreset::same_step); }),
              AllOf(HasSubstr("copy 1 is point"), HasSubstr("metrics differ")));
  VectorEnvironment environments(make(2), 0, Autoreset::same_step);
  EXPECT_THAT(failure([&] { environments.step(any_actions(2)); }), HasSubstr("copy 0 has not begun an episode"));
  environments.reset();
  EXPECT_THAT(failure([&] { environments.step(any_actions(3)); }),
              HasSubstr("at most 2 copies, 1 numbers each, found 3"));
  for (const int copy : {-1, 2})
    EXPECT_THAT(failure([&] { environments.observation(copy); }), HasSubstr("expected a number from 0 to 1"));
}

}  // namespace
}  // namespace ddpg
