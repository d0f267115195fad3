#include "experiment/experiment_view.h"
#include "support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// What is seen of an experiment with three seeds, of which the first runs.
class ExperimentViewTest : public ::testing::Test {
 protected:
  ExperimentViewTest() {
    for (std::uint64_t seed = 0; seed < 3; seed++) {
      seeds_.emplace_back();
      seeds_.back().seed = seed;
      seeds_.back().steps = 20'000;
    }
  }
  ~ExperimentViewTest() override { fs::remove_all(path_); }

  static ExperimentPlan plan() {
    ExperimentPlan plan;
    plan.options.environment = "Pendulum-v1";
    plan.options.steps = 20'000;
    plan.seeds = {0, 3};
    return plan;
  }
  ExperimentView view(bool live) {
    ExperimentViewOptions options;
    options.write = [this](std::string_view added) { text_ += added; };
    options.live = live;
    options.width = [this] { return width_; };
    options.height = [this] { return height_; };
    options.command = "./ddpg";
    return {folder_, options};
  }
  void move_on() {
    seeds_[0].state = SeedState::running;
    seeds_[0].step = 12'000;
    seeds_[0].last_return = -145.25;
    seeds_[0].best_return = -140;
    seeds_[0].steps_per_second = 1'000;
  }

  testing::TemporaryFolder place_;
  fs::path path_ = place_.path() / "view test";
  ExperimentFolder folder_ = (fs::remove_all(path_), ExperimentFolder::create(plan(), path_));
  std::vector<SeedProgress> seeds_;
  std::string text_;
  int width_ = 100, height_ = 24;
};

TEST_F(ExperimentViewTest, WritesPlainLinesWhereThereIsNoTerminal) {
  ExperimentView shown = view(false);
  shown.started(seeds_);
  EXPECT_THAT(text_, AllOf(HasSubstr("Pendulum-v1: 3 seeds, 0 to 2, preset default, 20,000 steps each, 1 at a time\n"),
                           HasSubstr("view test'\n")));
  text_.clear();
  seeds_[0].state = SeedState::running;
  shown.changed(seeds_);
  EXPECT_EQ(text_, "seed 0: started\n");
  text_.clear();
  move_on();
  shown.changed(seeds_);
  shown.changed(seeds_);
  EXPECT_EQ(text_, "seed 0: step 12000 of 20000  return -145.2  best -140.0  1,000 steps/s\n");
  text_.clear();
  seeds_[0].state = SeedState::failed;
  seeds_[0].error = "it broke";
  seeds_[1].state = SeedState::finished;
  seeds_[1].last_return = seeds_[1].best_return = -1;
  shown.changed(seeds_);
  EXPECT_EQ(text_, "seed 0: failed: it broke\nseed 1: finished, return -1.000, best -1.000\n");
}

TEST_F(ExperimentViewTest, RewritesABlockOfLinesOnATerminal) {
  ExperimentView shown = view(true);
  shown.started(seeds_);
  text_.clear();
  move_on();
  shown.changed(seeds_);
  EXPECT_TRUE(text_.starts_with("\x1b[4A\r")) << text_;  // three seeds and the line of all
  EXPECT_THAT(text_,
              AllOf(HasSubstr("seed 0  running      60 %  step 12,000  return   -145.2  best   -140.0  1,000 steps/s"),
                    HasSubstr("1 running, 2 waiting  0:48 left")));
  text_.clear();
  shown.changed(seeds_);
  EXPECT_EQ(text_, "");  // nothing has changed
  shown.move_down();
  shown.changed(seeds_);
  EXPECT_TRUE(text_.starts_with("seed 0  ")) << text_;
}

TEST_F(ExperimentViewTest, KeepsToTheTerminalAndShowsWhatRuns) {
  width_ = 30;
  height_ = 3;  // no room for three seeds
  ExperimentView shown = view(true);
  move_on();
  seeds_[1].error = "\x1b[2Jboo";
  shown.started(seeds_);
  const std::string block = text_.substr(text_.find("seed 0  "));
  EXPECT_EQ(std::count(block.begin(), block.end(), '\n'), 2);
  EXPECT_THAT(block, AllOf(HasSubstr("seed 0"), Not(HasSubstr("seed 1"))));
  EXPECT_LT(block.find("\x1b[K"), 30u);
}

TEST_F(ExperimentViewTest, TellsAtTheEndWhatTheSeedsReached) {
  move_on();
  for (SeedProgress& seed : seeds_) {
    seed.state = SeedState::finished;
    seed.last_return = -100 - static_cast<double>(seed.seed);
  }
  ExperimentView shown = view(false);
  shown.ended(seeds_);
  EXPECT_THAT(text_, AllOf(HasSubstr("return over 3 seeds: mean -101.0 ± 1.0, interquartile mean -101.0, "
                                     "worst -102.0 (seed 2), best -100.0 (seed 0)\n"),
                           Not(HasSubstr("resume"))));
  seeds_[1].state = SeedState::failed;
  seeds_[1].error = "it broke";
  shown.ended(seeds_);
  EXPECT_THAT(text_, AllOf(HasSubstr("seed 1 failed: it broke\n"), HasSubstr("return over 2 seeds"),
                           Not(HasSubstr("resume"))));  // the message says what can be done
  seeds_[2].state = SeedState::interrupted;
  shown.ended(seeds_);
  EXPECT_THAT(text_, HasSubstr("./ddpg resume '"));
}

}  // namespace
}  // namespace ddpg
