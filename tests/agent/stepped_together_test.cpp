// Copies that one simulator steps all at once (envs/stepped_together.h), whatever it does with an episode that has
// ended.
#include "envs/stepped_together.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/algorithm.h"
#include "agent/small_options.h"
#include "ddpg/train.h"
#include "run/small_run.h"

namespace ddpg {
namespace {

using testing::small_options;

constexpr int kLength = 5;  // of each episode

// Observes the steps of the episode. Copy i began i steps before the first, so that they end one after the other.
struct Simulator {
  Autoreset autoreset = Autoreset::same_step;
  int copies = 0, plays = 0;
  std::vector<int> steps{};

  void play() {
    plays++;
    for (int& step : steps) {
      const bool began = autoreset == Autoreset::next_step && step == kLength;
      step = began ? 0 : step % kLength + 1;
    }
  }
};

class Copy final : public Environment, public SteppedTogether {
 public:
  Copy(std::shared_ptr<Simulator> simulator, int number) : simulator_(std::move(simulator)), number_(number) {}

  const Specification& specification() const override { return specification_; }
  void reset(RandomStream&, std::span<double> observation) override {
    if (!std::exchange(began_, true)) at() = number_ % kLength;
    observation[0] = simulator_->autoreset == Autoreset::next_step ? at() : at() % kLength;
  }
  StepResult step(std::span<const float>, std::span<double> observation) override {
    observation[0] = at();
    return {1, false, at() == kLength};
  }
  void play(std::span<const float>) override { simulator_->play(); }
  Autoreset autoreset() const override { return simulator_->autoreset; }

 private:
  int& at() { return simulator_->steps[static_cast<std::size_t>(number_)]; }

  std::shared_ptr<Simulator> simulator_;
  int number_;
  bool began_ = false;
  Specification specification_{.name = "together", .observation_size = 1, .action_low = {-1}, .action_high = {1}};
};

VectorEnvironment::Copies copies_of(const std::shared_ptr<Simulator>& simulator) {
  VectorEnvironment::Copies copies;
  simulator->steps.resize(static_cast<std::size_t>(simulator->copies));
  for (int i = 0; i < simulator->copies; i++) copies.push_back(std::make_unique<Copy>(simulator, i));
  return copies;
}

// The true transitions are stored, those in which nothing is played are not, and the simulator plays once in a round.
TEST(SteppedTogether, LearnsFromWhatWasPlayed) {
  for (const Autoreset autoreset : {Autoreset::same_step, Autoreset::next_step}) {
    const auto simulator = std::make_shared<Simulator>(Simulator{.autoreset = autoreset, .copies = 3});
    Algorithm algorithm(small_options(3), copies_of(simulator));
    for (int round = 0; round < 30; round++) algorithm.step();
    EXPECT_EQ(simulator->plays, 30);
    // of 30 rounds one in six begins an episode where that takes a step
    EXPECT_EQ(algorithm.steps(), autoreset == Autoreset::same_step ? 90 : 75);
    EXPECT_EQ(algorithm.episodes(), autoreset == Autoreset::same_step ? 18 : 15);
    EXPECT_EQ(algorithm.updates(), algorithm.steps() - 3);  // batch_size = 4
  }
}

TEST(SteppedTogether, DecidesWhatBecomesOfAnEpisodeThatHasEnded) {
  const auto simulator = std::make_shared<Simulator>(Simulator{.autoreset = Autoreset::next_step, .copies = 2});
  VectorEnvironment environments(copies_of(simulator), 0, Autoreset::same_step);
  EXPECT_EQ(environments.autoreset(), Autoreset::next_step);
  environments.reset();
  const std::vector<float> actions(2);
  for (int i = 0; i < kLength; i++) environments.step(actions);
  EXPECT_TRUE(environments.awaits_reset(0));
  EXPECT_EQ(environments.next_observation(0)[0], kLength);
  environments.step(actions);
  EXPECT_FALSE(environments.played(0));
  EXPECT_EQ(environments.observation(0)[0], 0);
}

// What is done to one copy alone would not reach the simulator, or leave the others behind: it is refused, with what to
// do.
TEST(SteppedTogether, RefusesWhatIsDoneToOneCopyAlone) {
  const auto simulator = std::make_shared<Simulator>(Simulator{.copies = 2});
  simulator->steps.resize(2);
  const auto made = std::make_shared<int>(0);
  register_environment({.name = "together", .make = [=](const EnvironmentSettings&) {
                          return std::make_unique<Copy>(simulator, (*made)++ % 2);
                        }});
  const std::pair<const char*, const char*> cases[] = {
      {"step_timeout=60", "leave it at step_timeout = 0"},
      {"on_breakdown=end_episode", "leave it at on_breakdown = \"stop\""},
      {"changes=100 on_breakdown=end_episode", "leave it at on_breakdown = \"stop\""},
      {"evaluate_on=training", "leave it at evaluate_on = \"own\""},
      {"env.wrap.frame_stack=2", "leave env.wrap.* and env.max_episode_steps out"},
      {"env.max_episode_steps=3", "leave env.wrap.* and env.max_episode_steps out"},
  };
  for (const auto& [text, complaint] : cases) {
    Options options = small_options(2);
    options.environment = "together";
    options.evaluation_episodes = std::string(text).starts_with("evaluate_on") ? 1 : 0;
    const std::string given = text;
    set_option(options, given.substr(0, given.find('=')), given.substr(given.find('=') + 1));
    EXPECT_THAT(testing::usage_error([&] { train(options); }), ::testing::HasSubstr(complaint)) << text;
  }
}

}  // namespace
}  // namespace ddpg
