// The ready-made wrappers: what each does, that their state is saved, and that a run by their names resumes.
#include "ddpg/wrappers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <tuple>

#include "ddpg/error.h"
#include "ddpg/train.h"
#include "run/checkpoint_contents.h"
#include "run/rows.h"
#include "run/small_run.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
using testing::usage_error;

// Counts its steps, and tells the last action: observations (steps, action), reward 1.
struct StepCounter : Environment {
  StepCounter() {
    s = {.name = "StepCounter", .observation_size = 2, .action_low = {-2}, .action_high = {4}, .time_limit = 10};
    s.control_period = 0.1;
    s.observation_names = {"steps", "action"};
    s.observation_units = {"", "N"};
  }
  const Specification& specification() const override { return s; }
  void reset(RandomStream&, std::span<double> o) override {
    steps = 0;
    action = 0;
    write(o);
  }
  StepResult step(std::span<const float> a, std::span<double> o) override {
    steps++;
    action = static_cast<double>(a[0]);
    write(o);
    return {.reward = 1};
  }
  void write(std::span<double> o) const { o[0] = steps, o[1] = action; }
  std::vector<double> save_state() const override { return {steps, action}; }
  void restore_state(std::span<const double> state) override { steps = state[0], action = state[1]; }

  Specification s;
  double steps = 0, action = 0;
};

// Plays these actions; all observations, one behind the other.
std::vector<std::vector<double>> seen_with(const EnvironmentSettings& settings, const std::vector<float>& actions,
                                           std::uint64_t seed = 0) {
  auto environment = wrap(std::make_unique<StepCounter>(), settings);
  RandomStream random(seed);
  std::vector<double> observation(static_cast<std::size_t>(environment->specification().observation_size));
  environment->reset(random, observation);
  std::vector<std::vector<double>> seen = {observation};
  for (const float action : actions) {
    environment->step(std::span(&action, 1), observation);
    seen.push_back(observation);
  }
  return seen;
}

using Frames = std::vector<std::vector<double>>;

TEST(Wrappers, DoWhatTheirNamesSay) {
  EXPECT_EQ(seen_with({}, {1, 2}), (Frames{{0, 0}, {1, 1}, {2, 2}}));
  EXPECT_EQ(seen_with({{"action_repeat", 3}}, {1, 2}), (Frames{{0, 0}, {3, 1}, {6, 2}}));
  EXPECT_EQ(seen_with({{"action_repeat", 3}}, {1, 2, 3, 4}).back(), (std::vector<double>{10, 4}));  // its time limit
  EXPECT_EQ(seen_with({{"action_repeat", 1'000'000}}, {1}).back(), (std::vector<double>{10, 1}));
  EXPECT_EQ(seen_with({{"action_delay", 2}}, {1, 2, 3, 4}), (Frames{{0, 0}, {1, 0}, {2, 0}, {3, 1}, {4, 2}}));
  EXPECT_EQ(seen_with({{"observation_delay", 2}}, {1, 2, 3}), (Frames{{0, 0}, {0, 0}, {0, 0}, {1, 1}}));
  EXPECT_EQ(seen_with({{"low_pass", 0.5}}, {4, 4, 0}), (Frames{{0, 0}, {1, 2}, {2, 3}, {3, 1.5}}));
  EXPECT_EQ(seen_with({{"time_left", true}}, {1, 2}), (Frames{{0, 0, 1}, {1, 1, 0.9}, {2, 2, 0.8}}));
  EXPECT_EQ(seen_with({{"last_actions", 2}}, {4, -2}), (Frames{{0, 0, 0, 0}, {1, 4, 1, 0}, {2, -2, -1, 1}}));
  EXPECT_EQ(seen_with({{"frame_stack", 2}}, {1, 2}), (Frames{{0, 0, 0, 0}, {0, 0, 1, 1}, {1, 1, 2, 2}}));
  EXPECT_EQ(seen_with({{"frame_stack", 1}}, {1}), seen_with({}, {1}));
}

// Terms of a reward still add up to it. A figure counts where it was measured.
TEST(Wrappers, SumTheMetricsOfRepeatedActionsAsTheirRewards) {
  struct Measured : StepCounter {
    Measured() { s.metric_names = {"half", "odd", "never"}; }
    void metrics(std::span<double> values) const override {
      const double none = std::numeric_limits<double>::quiet_NaN();
      const bool odd = static_cast<int>(steps) % 2 == 1;
      values[0] = 0.5, values[1] = odd ? steps : none, values[2] = none;
    }
  };
  const auto environment = wrap(std::make_unique<Measured>(), {{"action_repeat", 4}, {"frame_stack", 2}});
  RandomStream random(0);
  std::vector<double> observation(4), metrics(3);
  environment->reset(random, observation);
  const float action = 1;
  for (const auto& [half, odd] : {std::pair{2.0, 1.0 + 3}, {2.0, 5.0 + 7}, {1.0, 9.0}}) {  // ten steps are its limit
    const StepResult result = environment->step(std::span(&action, 1), observation);
    environment->metrics(metrics);
    EXPECT_EQ(metrics[0], half);
    EXPECT_EQ(metrics[0], result.reward / 2);
    EXPECT_EQ(metrics[1], odd);
    EXPECT_TRUE(std::isnan(metrics[2]));
  }
}

TEST(Wrappers, DrawDelaysForEachEpisode) {
  std::set<double> steps;
  for (std::uint64_t seed = 0; seed < 40; seed++)
    steps.insert(seen_with({{"observation_delay", std::vector<double>{1, 3}}}, {1, 2, 3, 4}, seed).back()[0]);
  EXPECT_THAT(steps, ElementsAre(1, 2, 3));
}

TEST(Wrappers, DisturbSensors) {
  const Frames noisy = seen_with({{"sensor_noise", std::vector<double>{0, 0.5}}}, std::vector<float>(200, 1.0f));
  double sum = 0, squares = 0;
  for (std::size_t i = 1; i < noisy.size(); i++) {
    EXPECT_EQ(noisy[i][0], static_cast<double>(i));
    sum += noisy[i][1] - 1;
    squares += (noisy[i][1] - 1) * (noisy[i][1] - 1);
  }
  EXPECT_NEAR(sum / 200, 0, 0.12);
  EXPECT_NEAR(squares / 200, 0.25, 0.08);
}

TEST(Wrappers, DescribeWhatIsSeen) {
  const auto environment =
      wrap(std::make_unique<StepCounter>(), {{"action_repeat", 3}, {"last_actions", 1}, {"frame_stack", 2}});
  const Specification& seen = environment->specification();
  EXPECT_EQ(seen.observation_size, 6);
  EXPECT_EQ(seen.time_limit, 4);
  EXPECT_DOUBLE_EQ(seen.control_period, 0.3);
  EXPECT_THAT(seen.observation_names,
              ElementsAre("steps, 1 steps ago", "action, 1 steps ago", "action 0, 1 steps ago, 1 steps ago", "steps",
                          "action", "action 0, 1 steps ago"));
  EXPECT_THAT(seen.observation_units, ElementsAre("", "N", "", "", "N", ""));
}

TEST(Wrappers, RefuseWhatCannotBe) {
  const std::tuple<const char*, Setting, const char*> cases[] = {
      {"frame_stak", 2, "frame_stack"},
      {"frame_stack", 0, "a whole number of at least 1"},
      {"frame_stack", 5000, "at most 1000"},
      {"action_delay", -1, "from 0 to 1000"},
      {"action_delay", 1.5, "a whole number of steps"},
      {"action_delay", std::vector<double>{3, 1}, "[least, most]"},
      {"action_delay", std::vector<double>{1, 2, 3}, "[least, most]"},
      {"sensor_noise", std::vector<double>{1, 2, 3}, "expected 1, or 2"},
      {"sensor_noise", -1, "at least 0"},
      {"low_pass", 0, "in (0, 1]"},
      {"low_pass", 2, "from 0 to 1"},
      {"time_left", 1, "true or false"},
  };
  for (const auto& [key, value, complaint] : cases)
    EXPECT_THAT(usage_error([&, &key = key, &value = value] {
                  wrap(std::make_unique<StepCounter>(), {{key, value}});
                }),
                HasSubstr(complaint))
        << key;
  EXPECT_THAT(usage_error([] {
                make_environment("Pendulum-v1", {{"wrap.frame_stack", 2}, {"wrap.x", 1}});
              }),
              HasSubstr("wrap.frame_stack"));
  EXPECT_THAT(usage_error([] {
                make_environment("Pendulum-v1", {{"max_episode_steps", 0}});
              }),
              HasSubstr("env.max_episode_steps"));
}

// Each of them in the middle of an episode, and all at once.
TEST(Wrappers, ResumeToTheSameBits) {
  const EnvironmentSettings each = {{"wrap.action_repeat", 2},
                                    {"wrap.action_delay", std::vector<double>{0, 3}},
                                    {"wrap.observation_delay", std::vector<double>{1, 2}},
                                    {"wrap.sensor_noise", 0.1},
                                    {"wrap.low_pass", 0.3},
                                    {"wrap.time_left", true},
                                    {"wrap.last_actions", 2},
                                    {"wrap.frame_stack", 3},
                                    {"max_episode_steps", 37}};
  std::vector<EnvironmentSettings> cases = {each};
  for (const auto& [key, setting] : each) cases.push_back({{key, setting}});
  for (const EnvironmentSettings& settings : cases) {
    SCOPED_TRACE(settings.begin()->first);
    Options options = testing::small_run(160);
    options.env = settings;
    options.evaluation_episodes = 0;
    const testing::TemporaryFolder folder;
    testing::Rows expected, rows;
    train(options, {&expected}, nullptr, folder.path() / "straight");
    rows.stop_at = 93;
    train(options, {&rows}, &rows.stop, folder.path() / "cut");
    resume(options, folder.path() / "cut", {&rows});
    EXPECT_EQ(rows.lines, expected.lines);
    EXPECT_THAT(testing::differences(testing::kept(folder.path() / "straight"), testing::kept(folder.path() / "cut")),
                ::testing::IsEmpty());
  }
}

// Of the state of a wrapped StepCounter the first two numbers are the counter's. What is refused changes nothing.
TEST(Wrappers, RefuseAStateThatTheyCannotHaveBeenIn) {
  constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();
  const Setting range = std::vector<double>{1, 3};
  const std::tuple<const char*, Setting, std::vector<double>, const char*> cases[] = {
      {"action_delay", range, {1e15, -1, kNoNumber, 1.5, 0, 4}, "expected a whole number from 1 to 3, found "},
      {"observation_delay", range, {1e15, -1, kNoNumber, 1.5, 0, 4}, "expected a whole number from 1 to 3, found "},
      {"sensor_noise",
       0.1,
       {-1, kNoNumber, 0.5, 0x1p32},
       "expected 8 whole numbers from 0 to 2^32 - 1 that are not all 0"},
  };
  for (const auto& [key, setting, wrong, complaint] : cases) {
    const auto environment = wrap(std::make_unique<StepCounter>(), {{key, setting}});
    const std::vector<double> state = environment->save_state();
    environment->restore_state(state);
    for (const double number : wrong) {
      std::vector<double> other = state;
      other[0] = 7;
      other[2] = number;
      EXPECT_THAT([&] { environment->restore_state(other); }, ThrowsMessage<Error>(HasSubstr(complaint)))
          << key << " " << number;
      EXPECT_EQ(environment->save_state(), state) << key << " " << number;
    }
  }
  const auto noisy = wrap(std::make_unique<StepCounter>(), {{"sensor_noise", 0.1}});
  EXPECT_THAT([&] { noisy->restore_state(std::vector<double>(noisy->save_state().size())); },
              ThrowsMessage<Error>(HasSubstr("found 0, 0, 0, 0, 0, 0, 0, 0")));
}

// As a table of TOML, as --set, and back.
TEST(Wrappers, AreNamedInAConfig) {
  Options table, set, read;
  apply_toml(table, "[env]\ng = 9.0\n[env.wrap]\nframe_stack = 4\naction_delay = [1, 2]\n", "x");
  set_option(set, "env.g", "9");
  set_option(set, "env.wrap.frame_stack", "4");
  set_option(set, "env.wrap.action_delay", "1,2");
  EXPECT_EQ(table.env, set.env);
  EXPECT_TRUE(table.env.contains("wrap.frame_stack"));
  apply_toml(read, to_toml(table), "y");
  EXPECT_EQ(read.env, table.env);
}

TEST(Wrappers, AnotherTimeLimitHolds) {
  const auto environment = make_environment("Pendulum-v1", {{"max_episode_steps", 7}});
  EXPECT_EQ(environment->specification().time_limit, 7);
  RandomStream random(0);
  std::vector<double> observation(3);
  environment->reset(random, observation);
  const float action = 0;
  int steps = 0;
  while (!environment->step(std::span(&action, 1), observation).truncated) steps++;
  EXPECT_EQ(steps, 6);
}

}  // namespace
}  // namespace ddpg
