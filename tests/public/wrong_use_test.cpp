// Wrong uses of the public API: each is refused with UsageError (what was asked cannot be) or Error (what was given is
// broken), says where and what, and neither crashes, hangs nor passes in silence. A case is one line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "agent/test_environments.h"
#include "ddpg/ddpg.h"
#include "ddpg_policy/policy.h"
#include "ddpg_policy/watchdog.h"
#include "policy/policy_samples.h"
#include "support/temporary_folder.h"

namespace ddpg::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN(), kInfinity = std::numeric_limits<double>::infinity();

Policy point_policy(int observations = 1) {
  return Policy(sample_policy(actor_shape(observations, {2}, 1)));
}

// A point whose specification is another.
std::unique_ptr<Environment> point_with(const std::function<void(Specification&)>& change) {
  Script script = point();
  change(script.specification);
  return scripted(std::move(script));
}

VectorEnvironment two_points(int threads = 1) {
  return VectorEnvironment(copies_of(2, point), 1, Autoreset::disabled, threads);
}

PolicyPairs pairs_of(int rows, std::size_t observations, std::size_t actions) {
  return {rows, std::vector<float>(observations), std::vector<float>(actions), "nowhere"};
}

enum class Kind { usage, error };

struct Case {
  const char* name;
  Kind kind;
  std::vector<const char*> says;
  std::function<void()> use;
};

void expect_refused(const Case& wrong) {
  try {
    wrong.use();
    ADD_FAILURE() << wrong.name << ": nothing was thrown";
  } catch (const UsageError& error) {
    EXPECT_EQ(wrong.kind, Kind::usage) << wrong.name << ": " << error.what();
    for (const char* part : wrong.says) EXPECT_THAT(error.what(), HasSubstr(part)) << wrong.name;
  } catch (const Error& error) {
    EXPECT_EQ(wrong.kind, Kind::error) << wrong.name << ": " << error.what();
    for (const char* part : wrong.says) EXPECT_THAT(error.what(), HasSubstr(part)) << wrong.name;
  } catch (const std::exception& error) {
    ADD_FAILURE() << wrong.name << ": no error of ours: " << error.what();
  }
}

EnvironmentEntry entry(long suggested_steps, EnvironmentFactory make, const char* name = "WrongUse-v0") {
  EnvironmentEntry given;
  given.name = name;
  given.suggested_steps = suggested_steps;
  given.make = std::move(make);
  return given;
}

std::unique_ptr<Environment> made_point(const EnvironmentSettings&) {
  return scripted(point());
}

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
       {"env.gg", "Did you mean g? Its settings are: g."},
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

TEST(WrongUse, OfTrainingAndEvaluation) {
  const auto trains = [](const std::function<void(Options&)>& change) {
    return [change] {
      Options options;
      options.environment = "Pendulum-v1";
      options.steps = 1;
      change(options);
      train(options);
    };
  };
  const auto evaluates = [](int episodes, int observations = 1) {
    return [episodes, observations] {
      Policy policy = point_policy(observations);
      evaluate(policy, *scripted(point()), episodes, 0);
    };
  };
  const std::vector<Case> cases = {
      {"a null observer",
       Kind::usage,
       {"observer 0 is null"},
       [] {
         Options options;
         options.environment = "Pendulum-v1";
         train(options, {nullptr});
       }},
      {"no environment", Kind::usage, {"environment"}, trains([](Options& o) { o.environment.clear(); })},
      {"no such environment", Kind::usage, {"Nothing-v0"}, trains([](Options& o) { o.environment = "Nothing-v0"; })},
      {"steps below 0", Kind::usage, {"steps"}, trains([](Options& o) { o.steps = -1; })},
      {"a rate that is none", Kind::usage, {"tau"}, trains([](Options& o) { o.tau = kNaN; })},
      {"no layers", Kind::usage, {"actor.hidden"}, trains([](Options& o) { o.actor.hidden = {}; })},
      {"a layer of less than none", Kind::usage, {"critic.hidden"}, trains([](Options& o) { o.critic.hidden = {-5}; })},
      {"an activation that is none", Kind::usage, {"actor.activation"}, trains([](Options& o) {
         o.actor.activation = static_cast<Activation>(99);
       })},
      {"a noise that is none", Kind::usage, {"exploration.noise"}, trains([](Options& o) {
         o.exploration.noise = static_cast<Noise>(-3);
       })},
      {"a batch beyond the buffer", Kind::usage, {"batch_size"}, trains([](Options& o) {
         o.batch_size = 9, o.replay_capacity = 8;
       })},
      {"a buffer beyond its links", Kind::usage, {"replay_capacity"}, trains([](Options& o) {
         o.replay_capacity = 2'000'000'000;
       })},
      {"episodes below 0", Kind::usage, {"[evaluate] episodes = -1"}, evaluates(-1)},
      {"episodes far below 0", Kind::usage, {"[evaluate]"}, evaluates(std::numeric_limits<int>::min())},
      {"a policy of another task", Kind::usage, {"3 observations"}, evaluates(1, 3)},
      {"an option that is none",
       Kind::usage,
       {"unknown option"},
       [] {
         Options options;
         set_option(options, "", "1");
       }},
      {"a preset that is none", Kind::usage, {"preset"}, [] { find_preset(""); }},
  };
  for (const Case& wrong : cases) expect_refused(wrong);
}

TEST(WrongUse, OfExportsAndVideos) {
  static const TemporaryFolder folder;
  const auto exports = [](const char* name, const ExportOptions& options) {
    return [name, options] { export_policy(point_policy(), (folder.path() / name).string(), options); };
  };
  const auto films = [](const std::function<void(VideoOptions&)>& change) {
    return [change] {
      VideoOptions options;
      options.file.path = (folder.path() / "video.mp4").string();
      change(options);
      Policy policy = point_policy(3);
      record_video(policy, *make_environment("Pendulum-v1"), options);
    };
  };
  const auto pairs = [](int rows, std::size_t observations, std::size_t actions) {
    ExportOptions options;
    options.pairs = pairs_of(rows, observations, actions);
    return options;
  };
  const std::vector<Case> cases = {
      {"pairs of episodes below 0",
       Kind::usage,
       {"[record_pairs] episodes = -1"},
       [] {
         Policy policy = point_policy();
         record_pairs(policy, *scripted(point()), -1, 0);
       }},
      {"pairs of no episodes",
       Kind::usage,
       {"[record_pairs] episodes = 0"},
       [] {
         Policy policy = point_policy();
         record_pairs(policy, *scripted(point()), 0, 0);
       }},
      {"rows below 0",
       Kind::usage,
       {"[random_pairs] rows = -2"},
       [] {
         Policy policy = point_policy();
         random_pairs(policy, -2, 0);
       }},
      {"thinned to less than none", Kind::usage, {"[thinned] rows = -1"}, [] { thinned(pairs_of(2, 2, 2), -1); }},
      {"thinned without its rows", Kind::usage, {"[thinned]", "3 rows"}, [] { thinned(pairs_of(3, 1, 1), 2); }},
      {"no pairs", Kind::usage, {"record_pairs()"}, exports("a.h", {})},
      {"pairs below none", Kind::usage, {"record_pairs()"}, exports("a.h", pairs(-1, 1, 1))},
      {"pairs that do not fit", Kind::usage, {"record_pairs()"}, exports("a.h", pairs(2, 1, 2))},
      {"an unknown ending", Kind::usage, {".onnx"}, exports("a.bin", {})},
      {"no name", Kind::usage, {"expected a name"}, [] { export_policy(point_policy(), ""); }},
      {"over a folder",
       Kind::error,
       {"is a folder"},
       [] {
         std::filesystem::create_directories(folder.path() / "taken.onnx");
         export_policy(point_policy(), (folder.path() / "taken.onnx").string());
       }},
      {"verify without episodes",
       Kind::usage,
       {"[verify] episodes = 0"},
       [] {
         Policy policy = point_policy();
         verify_export((folder.path() / "absent.ddpg").string(), policy, *scripted(point()), 0, 0);
       }},
      {"verify what is absent",
       Kind::error,
       {"absent.ddpg"},
       [] {
         Policy policy = point_policy();
         verify_export((folder.path() / "absent.ddpg").string(), policy, *scripted(point()), 1, 0);
       }},
      {"a film of nothing", Kind::usage, {"[video] episodes = 0"}, films([](VideoOptions& o) { o.episodes = 0; })},
      {"a film without a name", Kind::usage, {"[video]", "empty"}, films([](VideoOptions& o) { o.file.path = ""; })},
      {"a film without width", Kind::usage, {"found 0x480"}, films([](VideoOptions& o) { o.file.width = 0; })},
      {"a rate that is none", Kind::usage, {"frames per second"}, films([](VideoOptions& o) {
         o.file.frames_per_second = kNaN;
       })},
  };
  for (const Case& wrong : cases) expect_refused(wrong);
}

// The robot's library throws nothing: it answers with codes.
TEST(WrongUse, OfTheRobotsLibraryIsACode) {
  using deploy::Code;
  deploy::Policy none;
  float action = 0;
  const float observation = 0;
  EXPECT_EQ(none.act({&observation, 1}, {&action, 1}), Code::not_loaded);
  EXPECT_EQ(none.act_batch({&observation, 1}, {&action, 1}), Code::not_loaded);
  EXPECT_EQ(none.verify().code, Code::not_loaded);
  EXPECT_EQ(none.load(static_cast<const char*>(nullptr)).code, Code::cannot_read);
  EXPECT_EQ(none.load("").code, Code::cannot_read);
  EXPECT_EQ(none.load(nullptr, 100).code, Code::truncated);
  EXPECT_EQ(none.load("x", 1, nullptr).code, Code::not_a_policy);
  EXPECT_EQ(none.observation_name(-1), "");
  EXPECT_EQ(deploy::Watchdog().step(0, {&observation, 1}, 0, {&action, 1}), deploy::kBadObservation);
  EXPECT_EQ(deploy::Watchdog().start(none, {}, 0).code, Code::not_loaded);
}

}  // namespace
}  // namespace ddpg::testing
