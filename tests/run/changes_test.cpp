// What is changed in the middle of a training: whoever resumes with a change, and whoever repeats it by the list of
// changes, come to the same bits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ddpg/error.h"
#include "ddpg/train.h"
#include "options/option_changes.h"
#include "run/checkpoint_contents.h"
#include "run/rows.h"
#include "run/small_run.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using testing::differences;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kept;
using testing::Rows;
using testing::usage_error;

Options changing() {
  Options options = testing::small_run(500);
  options.checkpoint_interval = 70;
  options.replay_capacity = 150;  // full when it is changed
  options.normalise_observations = true;
  return options;
}

struct ChangeCase {
  std::vector<const char*> changes;
  const char* before = "";  // an option to begin with, KEY=VALUE
};

void set_text(Options& options, const std::string& text) {
  if (text.empty()) return;
  const std::size_t equals = text.find('=');
  set_option(options, text.substr(0, equals), text.substr(equals + 1));
}

// Stopped at 230, resumed with the change; and trained at once with the list.
TEST(Changes, RepeatToTheSameBits) {
  const ChangeCase cases[] = {
      {{"critic.learning_rate=1e-4"}},
      {{"actor.learning_rate=linear:1e-3:1e-5:400", "tau=0.05"}},
      {{"exploration.sigma=0.4"}},
      {{"exploration.noise=ornstein-uhlenbeck"}},
      {{"replay_capacity=400"}},
      {{"replay_capacity=200", "batch_size=32"}},
      {{"batch_size=4"}},
      {{"updates_per_step=2"}},
      {{"updates_per_step=0.5"}, "updates_per_step=2"},
      {{"update_interval=7"}, "overlap=true"},
      {{"learning_starts=300"}, "learning_starts=280"},
      {{"n_step=3"}},
      {{"discount=0.9"}, "environments=3"},
      {{"evaluation_episodes=3"}},
      {{"evaluation_episodes=2"}, "evaluation_episodes=0"},
      {{"log_interval=20", "evaluation_interval=60"}},
      {{"evaluate_on=training"}},
      {{"on_breakdown=end_episode"}},
      {{"env.g=5"}},
      {{"env.g=5"}, "environments=2"},
      {{"target.noise=0.2"}, "replay.priority=lap"},
      {{"replay.beta=linear:0.4:1:400"}, "replay.priority=per"},
      {{"target.highest=-20", "actor.action_l2=0.1", "actor.cloning_alpha=2.5", "exploration.random_chance=0.3"}},
  };
  for (const ChangeCase& c : cases) {
    SCOPED_TRACE(c.changes.front() + std::string(" after ") + c.before);
    const testing::TemporaryFolder folder;
    const std::string cut = folder.path() / "cut", straight = folder.path() / "straight";
    Options options = changing();
    set_text(options, c.before);
    Rows rows, expected, plain;
    rows.stop_at = 230;
    ASSERT_EQ(train(options, {&rows}, &rows.stop, cut).summary.outcome, Outcome::interrupted);
    const std::int64_t step = rows.summary.steps;
    for (const char* text : c.changes) options.changes.push_back(std::to_string(step) + " " + text);
    resume(options, cut, {&rows});
    train(options, {&expected}, nullptr, straight);
    EXPECT_EQ(rows.lines, expected.lines);
    EXPECT_THAT(differences(kept(straight), kept(cut)), IsEmpty());
    EXPECT_THAT(rows.warnings, ::testing::Contains(HasSubstr(c.changes.front())));
  }
}

// A kill after the change, too: the checkpoint says which changes are in force.
TEST(Changes, ResumeToTheSameBitsAfterwards) {
  const testing::TemporaryFolder folder;
  const std::string cut = folder.path() / "cut", straight = folder.path() / "straight";
  Options options = changing();
  options.changes = {"0 tau=0.02", "150 replay_capacity=300", "150 critic.learning_rate=1e-4", "260 env.g=4"};
  Rows rows, expected;
  train(options, {&expected}, nullptr, straight);
  rows.stop_at = 205;
  train(options, {&rows}, &rows.stop, cut);
  Options early = options;
  rows.stop = false;
  rows.stop_at = 333;
  resume(options, cut, {&rows}, &rows.stop);
  rows.stop = false;
  resume(options, cut, {&rows});
  EXPECT_EQ(rows.lines, expected.lines);
  EXPECT_THAT(differences(kept(straight), kept(cut)), IsEmpty());

  early.changes[0] = "0 tau=0.03";
  EXPECT_THAT(usage_error([&] { resume(early, cut); }), HasSubstr("the first 4 of changes must be those"));
  early.changes = options.changes;
  early.changes.push_back("270 tau=0.1");
  early.steps = 600;
  EXPECT_THAT(usage_error([&] { resume(early, cut); }), HasSubstr("would have come before step"));
}

// Rounds of three steps pass over step 100: a checkpoint of that round is from before the change.
TEST(Changes, OneThatFallsIntoTheRoundOfACheckpointIsStillMade) {
  const testing::TemporaryFolder folder;
  const std::string cut = folder.path() / "cut", straight = folder.path() / "straight";
  Options options = changing();
  options.environments = 3;
  options.changes = {"100 tau=0.02"};
  Rows rows, expected;
  train(options, {&expected}, nullptr, straight);
  rows.stop_at = 100;
  train(options, {&rows}, &rows.stop, cut);
  EXPECT_EQ(rows.summary.steps, 102);
  resume(options, cut, {&rows});
  EXPECT_EQ(rows.lines, expected.lines);
  EXPECT_THAT(differences(kept(straight), kept(cut)), IsEmpty());
}

// What only the task tells: the number of actions, what another setting makes of it.
TEST(Changes, AreCheckedAgainstTheTaskBeforeTheFirstStep) {
  const std::pair<const char*, const char*> cases[] = {
      {"10 exploration.sigma_each=[1, 2, 3]", "exploration.sigma_each has 3 numbers"},
      {"10 env.max_episode_steps=50", "time limit and control period must stay"},
  };
  for (const auto& [change, complaint] : cases) {
    Options options = changing();
    options.changes = {change};
    EXPECT_THAT(usage_error([&] { train(options); }), HasSubstr(complaint)) << change;
  }
}

TEST(Changes, AreCheckedBeforeAnythingBegins) {
  const std::pair<const char*, const char*> cases[] = {
      {"tau=1", "expected such as"},
      {"x tau=1", "expected such as"},
      {"-3 tau=1", "expected such as"},
      {"10 tau=7", "must be in [0, 1]"},
      {"10 tua=1", "Did you mean tau"},
      {"10 actor.hidden=8", "cannot be changed in the middle"},
      {"10 seed=3", "cannot be changed in the middle"},
      {"10 changes=1", "cannot be changed in the middle"},
      {"10 replay_capacity=100", "may only grow"},
      {"10 batch_size=1000", "must be <= replay_capacity"},
  };
  for (const auto& [change, complaint] : cases) {
    Options options = changing();
    options.changes = {change};
    EXPECT_THAT(usage_error([&] { validate(options); }), HasSubstr(complaint)) << change;
  }
  Options options = changing();
  options.changes = {"20 tau=0.1", "10 tau=0.2"};
  EXPECT_THAT(usage_error([&] { validate(options); }), HasSubstr("in the order of their steps"));
  options.changes = {"20 replay_capacity=400"};
  options.replay.priority = Priority::lap;
  EXPECT_THAT(usage_error([&] { validate(options); }), HasSubstr("uniform"));
}

// In TOML and back.
TEST(Changes, AreKeptInTheConfig) {
  Options options = changing(), read;
  options.changes = {"20 tau=linear:0.1:0.01:300", "30 env.g=[1, 2]"};
  apply_toml(read, to_toml(options), "config.toml");
  EXPECT_EQ(read.changes, options.changes);
}

}  // namespace
}  // namespace ddpg
