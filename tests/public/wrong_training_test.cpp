// Wrong uses of training, evaluation, exports, videos and the library of robots: as wrong_use_test.cpp.
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
