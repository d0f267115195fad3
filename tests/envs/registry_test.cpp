// Tasks by name: the built-in ones are there, a user's own too, and wrong names, settings and specifications are
// refused with help.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <thread>

#include "ddpg/environment.h"
#include "ddpg/error.h"
#include "envs/builtin.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// what() of the exception of exactly type E that `call` throws
template <class E, class Call>
std::string message(const Call& call) {
  try {
    call();
  } catch (const std::exception& error) {
    EXPECT_EQ(typeid(error), typeid(E)) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

class Still final : public Environment {
 public:
  explicit Still(Specification specification) : specification_(std::move(specification)) {}
  const Specification& specification() const override { return specification_; }
  void reset(RandomStream&, std::span<double> observation) override { observation[0] = 0; }
  StepResult step(std::span<const float>, std::span<double> observation) override {
    observation[0] = 0;
    return {};
  }

 private:
  Specification specification_;
};

Specification still_specification() {
  return {.name = "Still-v0", .observation_size = 1, .action_low = {-1}, .action_high = {1}, .time_limit = 2};
}

void register_still(const Specification& specification, std::string summary = {}) {
  register_environment(
      {.name = "Still-v0",
       .summary = std::move(summary),
       .expected = {},
       .make = [specification](const EnvironmentSettings&) { return std::make_unique<Still>(specification); }});
}

TEST(Registry, ListsTheBuiltInTasksSortedByName) {
  std::vector<std::string> names;
  for (const EnvironmentEntry& entry : environments()) names.push_back(entry.name);
  for (const EnvironmentEntry& entry : builtin_environments()) EXPECT_NE(entry.summary, "") << entry.name;
  EXPECT_THAT(names, ::testing::IsSupersetOf(
                         {"LinearQuadratic-v0", "MountainCarContinuous-v0", "Pendulum-v1", "PointReach-v0"}));
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

TEST(Registry, MakesEveryBuiltInTaskUnderItsOwnNameWithItsTimeLimit) {
  for (const std::string name : {"LinearQuadratic-v0", "MountainCarContinuous-v0", "Pendulum-v1", "PointReach-v0"}) {
    const auto task = make_environment(name);
    const Specification& specification = task->specification();
    EXPECT_EQ(specification.name, name);
    RandomStream random(1);
    std::vector<double> observation(specification.observation_size);
    const std::vector<float> none(specification.action_size());
    task->reset(random, observation);
    for (int t = 1; t <= specification.time_limit; t++) {
      const StepResult result = task->step(none, observation);
      ASSERT_EQ(result.truncated, t == specification.time_limit) << name << " at step " << t;
    }
  }
}

TEST(Registry, SaveAndRestoreContinueEveryBuiltInTaskExactly) {
  for (const std::string name : {"LinearQuadratic-v0", "MountainCarContinuous-v0", "Pendulum-v1", "PointReach-v0"}) {
    const auto one = make_environment(name), other = make_environment(name);
    const auto size = static_cast<std::size_t>(one->specification().observation_size);
    std::vector<double> seen(size), expected(size);
    RandomStream random(2), elsewhere(3), play(4);
    one->reset(random, expected);
    other->reset(elsewhere, seen);
    for (int t = 0; t < 50; t++) {
      other->restore_state(one->save_state());
      std::vector<float> action(one->specification().action_low.size());
      for (float& number : action) number = static_cast<float>(play.uniform(-1.5, 1.5));
      const StepResult wanted = one->step(action, expected), found = other->step(action, seen);
      ASSERT_EQ(found.reward, wanted.reward) << name;
      ASSERT_EQ(seen, expected) << name;
    }
  }
}

TEST(Registry, UnknownNameOffersTheNearest) {
  EXPECT_THAT(message<UsageError>([] { make_environment("pendulum-v0"); }),
              AllOf(HasSubstr("\"pendulum-v0\""), HasSubstr("Did you mean Pendulum-v1"), HasSubstr("ddpg envs")));
}

TEST(Registry, SettingsReachTheTask) {
  RandomStream random(1);
  std::array<double, 3> with{}, without{};
  const std::array<float, 1> none{};
  const auto weightless = make_environment("Pendulum-v1", {{"g", 0.0}});
  weightless->reset(random, without);
  weightless->step(none, with);
  EXPECT_EQ(with[2], without[2]);  // nothing pulls: the velocity stays
}

TEST(Registry, UnknownSettingNamesTaskKeyAndAllowedKeys) {
  EXPECT_THAT(message<UsageError>([] {
                make_environment("MountainCarContinuous-v0", {{"goal_velocty", 0.1}});
              }),
              AllOf(HasSubstr("MountainCarContinuous-v0"), HasSubstr("env.goal_velocty"),
                    HasSubstr("env.goal_velocty is none of its settings. Did you mean goal_velocity? Its settings are: "
                              "goal_velocity")));
  EXPECT_THAT(message<UsageError>([] {
                make_environment("LinearQuadratic-v0", {{"g", 1.0}});
              }),
              AllOf(HasSubstr("env.g"), HasSubstr("no settings")));
}

TEST(Registry, EverythingWrongWithTheSettingsIsNamedAtOnce) {
  const EnvironmentSettings settings = {{"g", std::string("heavy")}, {"mass", true}};
  EXPECT_THAT(message<UsageError>([&] { make_environment("Pendulum-v1", settings); }),
              AllOf(HasSubstr("env.g = \"heavy\" must be a finite number"), HasSubstr("env.mass")));
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_THAT(message<UsageError>([&] {
                make_environment("Pendulum-v1", {{"g", infinity}});
              }),
              HasSubstr("env.g = inf"));
}

TEST(Registry, AUsersTaskAppearsLikeABuiltInOne) {
  register_still(still_specification(), "old");
  register_still(still_specification(), "new");
  EXPECT_EQ(find_environment("Still-v0").summary, "new");
  const auto task = make_environment("Still-v0");
  std::array<double, 1> observation{};
  const std::array<float, 1> none{};
  RandomStream random(1);
  task->reset(random, observation);
  EXPECT_FALSE(task->step(none, observation).truncated);
  EXPECT_TRUE(task->step(none, observation).truncated);
  EXPECT_TRUE(task->save_state().empty());
  EXPECT_THAT(message<Error>([&] { task->restore_state(observation); }), HasSubstr("Still-v0"));
}

TEST(Registry, RefusesAnInconsistentSpecification) {
  const float infinity = std::numeric_limits<float>::infinity();
  const auto refusal = [](auto change) {
    Specification specification = still_specification();
    change(specification);
    register_still(specification);
    return message<Error>([] { make_environment("Still-v0"); });
  };
  EXPECT_THAT(refusal([](auto& s) { s.observation_size = 0; }), HasSubstr("observation_size must be >= 1, found 0"));
  EXPECT_THAT(refusal([](auto& s) { s.time_limit = -1; }), HasSubstr("time_limit"));
  EXPECT_THAT(refusal([](auto& s) { s.action_low = s.action_high = {}; }), HasSubstr("found 0 and 0"));
  EXPECT_THAT(refusal([](auto& s) { s.action_high = {1, 1}; }), HasSubstr("found 1 and 2"));
  EXPECT_THAT(refusal([](auto& s) { s.action_high = {-1}; }), HasSubstr("found [-1, -1] in dimension 0"));
  EXPECT_THAT(refusal([=](auto& s) { s.action_high = {infinity}; }), HasSubstr("finite"));
  EXPECT_THAT(refusal([](auto& s) { s.control_period = -0.1; }), HasSubstr("control_period must be finite and >= 0"));
  EXPECT_THAT(refusal([](auto& s) { s.observation_names.resize(7); }), HasSubstr("observation_names must have"));
  EXPECT_THAT(refusal([](auto& s) { s.action_units = {"N", "N"}; }), HasSubstr("1 elements or none, found 2"));
}

TEST(Registry, RefusesAnEntryThatCannotWork) {
  EXPECT_THAT(message<UsageError>([] { register_environment({}); }), HasSubstr("name"));
  EnvironmentEntry entry;
  entry.name = "Broken-v0";
  EXPECT_THAT(message<UsageError>([&] { register_environment(entry); }), HasSubstr("Broken-v0 has no factory"));
  entry.name = "Still-v0";
  entry.make = [](const EnvironmentSettings&) { return nullptr; };
  register_environment(entry);
  EXPECT_THAT(message<Error>([] { make_environment("Still-v0"); }), HasSubstr("made no environment"));
}

TEST(Registry, IsSafeFromSeveralThreads) {
  const auto work = [] {
    for (int i = 0; i < 200; i++) {
      register_still(still_specification());
      ASSERT_EQ(make_environment("Still-v0")->specification().time_limit, 2);
      ASSERT_GE(environments().size(), 4u);
    }
  };
  std::thread first(work), second(work);
  first.join();
  second.join();
}

}  // namespace
}  // namespace ddpg
