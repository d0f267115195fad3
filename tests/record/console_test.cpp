#include "record/console.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "policy/policy_samples.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// A console whose text is kept and whose clock stands until it is moved.
struct Watched {
  explicit Watched(bool live)
      : policy(testing::sample_policy(testing::actor_shape(3, {4}, 1))), console(options(live)) {}

  ConsoleOptions options(bool live) {
    ConsoleOptions options;
    options.write = [this](std::string_view added) { text += added; };
    options.live = live;
    options.width = [] { return 100; };
    options.seconds = [this] { return now; };
    options.run = "runs/my run";
    options.command = "./ddpg";
    return options;
  }

  void start(int environments = 1, bool overlap = false) {
    RunStart start;
    start.options.environments = environments;
    start.options.overlap = overlap;
    start.options.environment = "Pendulum-v1";
    start.options.steps = 20'000;
    start.specification = {"Pendulum-v1", 3, {-2}, {2}, 200};
    start.replay_bytes = 36'200'000;
    start.actor_parameters = 4'481;
    start.critic_parameters = 4'545;
    start.kernels = "avx2";
    console.started(start);
  }

  void progress(std::int64_t step, int episodes) {
    Progress row;
    row.step = step;
    row.critic_loss = 0.5;
    row.evaluation.episodes = episodes;
    if (episodes > 0) row.evaluation.mean_return = -500, row.evaluation.std_return = 25;
    console.progressed(row, policy);
  }

  std::string text;
  double now = 100;
  Policy policy;
  Console console;
};

Evaluation tests_of(double mean_return, double deviation) {
  Evaluation evaluation;
  evaluation.episodes = 10;
  evaluation.mean_return = mean_return;
  evaluation.std_return = deviation;
  return evaluation;
}

TEST(Console, TellsBeforehandWhatWillBeTrained) {
  Watched watched(false);
  watched.start();
  EXPECT_THAT(watched.text,
              AllOf(HasSubstr("Pendulum-v1: 3 observations, 1 action in [-2, 2], episodes of at most 200 steps\n"),
                    HasSubstr("preset default, seed 0, 20,000 steps, 1 thread (avx2)\n"),
                    HasSubstr("actor 64-64 (4,481 parameters), critic 64-64 (4,545 parameters)"),
                    HasSubstr("replay of 1,000,000 transitions (36.2 MB)"), HasSubstr("run folder 'runs/my run'\n")));
}

TEST(Console, TellsOfManyEnvironmentsAndOfOverlap) {
  Watched watched(false);
  watched.start(16, true);
  EXPECT_THAT(watched.text, HasSubstr("1 thread (avx2), 16 environments, physics and updates overlapped\n"));
}

TEST(Console, WritesOnePlainLinePerEvaluationWhereThereIsNoTerminal) {
  Watched watched(false);
  watched.start();
  watched.text.clear();
  watched.console.stepped(1);
  watched.progress(500, 0);
  EXPECT_EQ(watched.text, "");
  watched.now += 2;
  watched.progress(10'000, 10);
  EXPECT_THAT(watched.text,
              AllOf(HasSubstr("step 10000 of 20000 (50 %)"), HasSubstr("return -500.0 ± 25.0 (10 episodes)"),
                    HasSubstr("critic loss 0.5"), Not(HasSubstr("mean Q")), HasSubstr("0:02 left")));
  EXPECT_EQ(std::count(watched.text.begin(), watched.text.end(), '\n'), 1);
  EXPECT_TRUE(std::none_of(watched.text.begin(), watched.text.end(), [](char c) { return c == '\r' || c == '\x1b'; }));
}

TEST(Console, RewritesOneLineOnATerminalTenTimesASecond) {
  Watched watched(true);
  watched.start();
  watched.text.clear();
  for (int step = 1; step <= 1'000; step++) {
    watched.now += 0.001;
    watched.console.stepped(step);
  }
  EXPECT_THAT(watched.text, AllOf(HasSubstr("steps/s"), HasSubstr("left"), Not(HasSubstr("\n"))));
  const auto drawings = std::count(watched.text.begin(), watched.text.end(), '\r');
  EXPECT_GE(drawings, 8);
  EXPECT_LE(drawings, 10);
}

TEST(Console, PutsAWarningOnALineOfItsOwn) {
  Progress row;
  row.step = 500;
  row.warning = "[checkpoint] the disk is full";
  Watched plain(false);
  plain.start();
  plain.text.clear();
  plain.console.progressed(row, plain.policy);
  EXPECT_EQ(plain.text, "warning: [checkpoint] the disk is full\n");

  Watched live(true);
  live.start();
  live.text.clear();
  live.console.progressed(row, live.policy);
  EXPECT_TRUE(live.text.starts_with("\r\x1b[Kwarning: [checkpoint] the disk is full\n\r[")) << live.text;
}

TEST(Console, SaysFromWhereAResumedTrainingGoesOnAndMeasuresItsSpeedFromThere) {
  Watched watched(false);
  RunStart start;
  start.options.steps = 20'000;
  start.specification = {"Pendulum-v1", 3, {-2}, {2}, 200};
  start.step = 15'000;
  watched.console.started(start);
  EXPECT_THAT(watched.text, HasSubstr("resuming from step 15,000 of 20,000\n"));
  watched.now += 10;
  watched.progress(16'000, 10);  // 100 steps/s, 4,000 steps to go
  EXPECT_THAT(watched.text, HasSubstr("0:40 left"));
}

TEST(Console, MarksTheBestEvaluation) {
  Watched watched(false);
  watched.start();
  watched.text.clear();
  watched.progress(500, 10);
  EXPECT_THAT(watched.text, Not(HasSubstr("best")));
  Progress row;
  row.step = 900;
  row.best = true;
  row.evaluation = tests_of(-400, 25);
  watched.console.progressed(row, watched.policy);
  EXPECT_THAT(watched.text, HasSubstr("return -400.0 ± 25.0 (10 episodes), the best so far"));
}

TEST(Console, EndsTheLiveLineWhenAnErrorCutsTheTrainingShort) {
  std::string text;
  {
    ConsoleOptions options;
    options.write = [&](std::string_view added) { text += added; };
    options.live = true;
    Console console(options);
    console.started({});
    EXPECT_NE(text.back(), '\n');
  }
  EXPECT_EQ(text.back(), '\n');
}

TEST(Console, TellsAtTheEndWhatWasReachedAndWhatToTypeNext) {
  Watched watched(true);
  watched.start();
  watched.text.clear();
  Summary summary;
  summary.steps = 20'000;
  summary.updates = 19'000;
  summary.seconds = 5.25;
  summary.before = tests_of(-1'234.5, 321);
  summary.after = tests_of(-147.25, 84);
  watched.console.ended(summary, watched.policy);
  EXPECT_THAT(watched.text, AllOf(HasSubstr("return before  -1234.5 ± 321.0 (10 episodes)\n"),
                                  HasSubstr("return after   -147.2 ± 84.0 (10 episodes)\n"),
                                  HasSubstr("20,000 steps and 19,000 updates in 5.2 s"),
                                  HasSubstr("./ddpg evaluate 'runs/my run'\n"), Not(HasSubstr("Interrupted"))));
  summary.outcome = Outcome::interrupted;
  summary.steps = 3'000;
  watched.console.ended(summary, watched.policy);
  EXPECT_THAT(watched.text, HasSubstr("Interrupted after 3,000 of 20,000 steps; the policy so far is saved.\n"));
}

}  // namespace
}  // namespace ddpg
