// Wrong uses of the public API: each is refused with UsageError (what was asked cannot be) or Error (what was given is
// broken), says where and what, and neither crashes, hangs nor passes in silence. A case is one line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ddpg_policy/policy.h"
#include "ddpg_policy/watchdog.h"
#include "public/wrong_uses.h"
#include "support/temporary_folder.h"

namespace ddpg::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(WrongUse, OfTheRegistryAndSpecifications) {
  const auto evaluated = [](const std::function<void(Specification&)>& change) {
    return [change] {
      Policy policy = point_policy();
      evaluate(policy, *point_with(change), 1, 0);
    };
  };
  const auto bounds = [&](float low, float high) {
    return evaluated([low, high](Specification& s) { s.action_low = {low}, s.action_high = {high}; });
  };
  constexpr float kMost = std::numeric_limits<float>::max();
  const std::vector<Case> cases = {
      {"no name", Kind::usage, {"name must not be empty"}, [] { register_environment(entry(1, made_point, "")); }},
      {"no factory", Kind::usage, {"WrongUse-v0", "make"}, [] { register_environment(entry(1, nullptr)); }},
      {"no steps", Kind::usage, {"suggested_steps = 0"}, [] { register_environment(entry(0, made_point)); }},
      {"steps below 0", Kind::usage, {"suggested_steps = -7"}, [] { register_environment(entry(-7, made_point)); }},
      {"unknown task", Kind::usage, {"Pendulum-v1"}, [] { make_environment("Pendulum-v0"); }},
      {"no such setting",
       Kind::usage,
       {"env.gg", "Did you mean g? Its settings are: g"},
       [] {
         make_environment("Pendulum-v1", {{"gg", 1.0}});
       }},
      {"no observation", Kind::error, {"point", "observation_size"}, evaluated([](auto& s) {
         s.observation_size = 0;
       })},
      {"fewer than none", Kind::error, {"observation_size"}, evaluated([](auto& s) { s.observation_size = -3; })},
      {"no actions", Kind::error, {"action_low"}, evaluated([](auto& s) { s.action_low = s.action_high = {}; })},
      {"bounds of two sizes", Kind::error, {"found 1 and 2"}, evaluated([](auto& s) {
         s.action_high = {1, 2};
       })},
      {"bounds turned round", Kind::error, {"low < high"}, bounds(1, -1)},
      {"bounds without end", Kind::error, {"action bounds", "inf"}, bounds(-1, static_cast<float>(kInfinity))},
      {"a bound that is none", Kind::error, {"action bounds", "nan"}, bounds(static_cast<float>(kNaN), 1)},
      {"bounds of all floats", Kind::error, {"action bounds", "+-1e+18", "really sent"}, bounds(-kMost, kMost)},
      {"half of all floats", Kind::error, {"action bounds", "[0, 3.4"}, bounds(0, kMost)},
      {"a time limit below 0", Kind::error, {"time_limit"}, evaluated([](auto& s) { s.time_limit = -1; })},
      {"a period that is none", Kind::error, {"control_period"}, evaluated([](auto& s) { s.control_period = kNaN; })},
      {"names too few", Kind::error, {"observation_names"}, evaluated([](auto& s) {
         s.observation_names = {"a", "b"};
       })},
  };
  for (const Case& wrong : cases) expect_refused(wrong);
}

TEST(WrongUse, OfAnEnvironment) {
  static const auto pendulum = [] { return make_environment("Pendulum-v1"); };
  static std::vector<double> three(3), two(2);
  static const std::vector<float> one(1), none;
  const std::vector<Case> cases = {
      {"reset without room",
       Kind::usage,
       {"[Pendulum-v1]", "3 observations", "found 1 and 2"},
       [] {
         RandomStream random(1);
         pendulum()->reset(random, two);
       }},
      {"step without action",
       Kind::usage,
       {"[Pendulum-v1]", "1 actions", "found 0 and 3"},
       [] { pendulum()->step(none, three); }},
      {"step without room", Kind::usage, {"[Pendulum-v1]", "found 1 and 2"}, [] { pendulum()->step(one, two); }},
      {"an empty state", Kind::error, {"empty state"}, [] { pendulum()->restore_state({}); }},
      {"a state too long", Kind::error, {"2 numbers"}, [] { pendulum()->restore_state(std::vector<double>(4)); }},
      {"a picture of nothing",
       Kind::usage,
       {"found 0x480"},
       [] {
         Picture picture;
         picture.width = 0;
         pendulum()->draw(picture);
       }},
      {"an unknown camera",
       Kind::usage,
       {"no camera is named \"above\""},
       [] {
         Picture picture;
         pendulum()->draw(picture, "above");
       }},
      {"a task without a picture",
       Kind::error,
       {"no picture"},
       [] {
         Picture picture;
         scripted(point())->draw(picture);
       }},
      {"a task without a state", Kind::error, {"does not offer"}, [] { scripted(point())->restore_state({}); }},
      {"a draw from nothing", Kind::usage, {"below(0)"}, [] { RandomStream(1).below(0); }},
      {"a range turned round", Kind::usage, {"uniform(1, 0)"}, [] { RandomStream(1).uniform(1, 0); }},
      {"a range without end", Kind::usage, {"uniform(0, inf)"}, [] { RandomStream(1).uniform(0, kInfinity); }},
      {"a state of zeros", Kind::usage, {"all zeros"}, [] { RandomStream(1).set_state({}); }},
      {"a range that is none", Kind::usage, {"uniform(nan, 1)"}, [] { RandomStream(1).uniform(kNaN, 1); }},
  };
  for (const Case& wrong : cases) expect_refused(wrong);
}

TEST(WrongUse, OfAVectorEnvironment) {
  static const std::vector<float> two(2);
  const auto moved_from = [](const auto& use) {
    return [use] {
      VectorEnvironment first = two_points();
      const VectorEnvironment second = std::move(first);
      use(first);
    };
  };
  const auto of = [](const auto& use) {
    return [use] {
      VectorEnvironment environments = two_points();
      use(environments);
    };
  };
  const std::vector<Case> cases = {
      {"no copies", Kind::usage, {"at least one copy"}, [] { VectorEnvironment({}, 1, Autoreset::disabled); }},
      {"a null copy",
       Kind::usage,
       {"copy 1 is null"},
       [] {
         VectorEnvironment::Copies copies = copies_of(1, point);
         copies.push_back(nullptr);
         VectorEnvironment(std::move(copies), 1, Autoreset::disabled);
       }},
      {"no threads", Kind::usage, {"threads = 0"}, [] { two_points(0); }},
      {"threads below 0", Kind::usage, {"threads = -4"}, [] { two_points(-4); }},
      {"too many threads", Kind::usage, {"threads = 100000"}, [] { two_points(100'000); }},
      {"no actions in its task",
       Kind::error,
       {"action_low"},
       [] {
         VectorEnvironment::Copies copies;
         copies.push_back(point_with([](Specification& s) { s.action_low = s.action_high = {}; }));
         VectorEnvironment(std::move(copies), 1, Autoreset::disabled);
       }},
      {"step before reset", Kind::usage, {"call reset(0)"}, of([](auto& e) { e.step(two); })},
      {"actions of more copies", Kind::usage, {"found 3"}, of([](auto& e) { e.step(std::vector<float>(3)); })},
      {"nothing meanwhile", Kind::usage, {"meanwhile"}, of([](auto& e) { e.step(two, std::function<void()>()); })},
      {"a copy that is not there", Kind::usage, {"copy 2"}, of([](auto& e) { e.reset(2); })},
      {"a copy below 0", Kind::usage, {"copy -1"}, of([](auto& e) { e.observation(-1); })},
      {"an empty state", Kind::error, {"at least 7 numbers"}, of([](auto& e) { e.restore_state(0, {}); })},
      {"moved from: copies", Kind::usage, {"moved from"}, moved_from([](auto& e) { e.copies(); })},
      {"moved from: reset", Kind::usage, {"moved from"}, moved_from([](auto& e) { e.reset(); })},
      {"moved from: step", Kind::usage, {"moved from"}, moved_from([](auto& e) { e.step(two); })},
      {"moved from: random", Kind::usage, {"moved from"}, moved_from([](auto& e) { e.random(0); })},
  };
  for (const Case& wrong : cases) expect_refused(wrong);
}

TEST(WrongUse, OfAPolicy) {
  static const TemporaryFolder folder;
  static std::vector<float> action(1);
  const auto moved_from = [](const auto& use) {
    return [use] {
      Policy first = point_policy();
      const Policy second = std::move(first);
      use(first);
    };
  };
  const auto acts_on = [](std::vector<double> observation, std::size_t actions = 1) {
    return [observation, actions] {
      Policy policy = point_policy(2);
      std::vector<float> answer(actions, 7.0f);
      try {
        policy.act(observation, answer);
      } catch (...) {
        EXPECT_EQ(answer, std::vector<float>(actions, 7.0f)) << "it was written to";
        throw;
      }
    };
  };
  const std::vector<Case> cases = {
      {"too few observations", Kind::usage, {"2 observations", "found 1"}, acts_on({0})},
      {"no room for the action", Kind::usage, {"1 actions", "and 0"}, acts_on({0, 0}, 0)},
      {"NaN", Kind::error, {"[policy] observation[1] is nan"}, acts_on({0, kNaN})},
      {"infinity", Kind::error, {"[policy] observation[0] is -inf"}, acts_on({-kInfinity, 0})},
      {"beyond a float", Kind::error, {"[policy] observation[0] is 1e+300"}, acts_on({1e300, 0})},
      {"load nothing", Kind::error, {"could not read \"\""}, [] { Policy::load(""); }},
      {"load a folder", Kind::error, {"Is a directory"}, [] { Policy::load(folder.path()); }},
      {"save nowhere", Kind::error, {"is empty"}, [] { point_policy().save(""); }},
      {"save to a folder", Kind::error, {"is a folder"}, [] { point_policy().save(folder.path()); }},
      {"save to a device", Kind::error, {"/dev/null is a device"}, [] { point_policy().save("/dev/null"); }},
      {"moved from: act", Kind::usage, {"moved from"}, moved_from([](auto& p) { p.act(std::vector{0.0}, action); })},
      {"moved from: save", Kind::usage, {"moved from"}, moved_from([](auto& p) { p.save(folder.path() / "p"); })},
      {"moved from: copy", Kind::usage, {"moved from"}, moved_from([](auto& p) { Policy copy(p); })},
      {"moved from: size", Kind::usage, {"moved from"}, moved_from([](auto& p) { p.observation_size(); })},
      {"moved from: verify", Kind::usage, {"moved from"}, moved_from([](auto& p) { p.verify(); })},
      {"moved from: telling", Kind::usage, {"moved from"}, moved_from([](auto& p) { p.specification(); })},
  };
  for (const Case& wrong : cases) expect_refused(wrong);
}

}  // namespace
}  // namespace ddpg::testing
