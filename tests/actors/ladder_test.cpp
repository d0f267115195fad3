// exploration.sigma_ladder: each of many has its own sigma, whether it is an environment here or a player elsewhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>

#include "actors/players.h"
#include "actors/worlds.h"
#include "agent/exploration.h"
#include "ddpg/noise.h"
#include "ddpg/train.h"
#include "run/training.h"

namespace ddpg {
namespace {

// The sigmas that were asked for, by whichever thread.
class Asked {
 public:
  void add(double sigma) {
    const std::lock_guard lock(mutex_);
    sigmas_.insert(sigma);
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return sigmas_.size();
  }
  std::vector<double> take() {
    const std::lock_guard lock(mutex_);
    std::vector<double> all(sigmas_.begin(), sigmas_.end());
    sigmas_.clear();
    return all;
  }

 private:
  std::mutex mutex_;
  std::set<double> sigmas_;
};

// Ends a training once all have asked: of players nobody knows when that is.
class UntilAll final : public Observer {
 public:
  UntilAll(std::shared_ptr<Asked> asked, std::size_t count) : asked_(std::move(asked)), count_(count) {}
  void stepped(std::int64_t) override { stop = asked_->count() >= count_; }

  std::atomic<bool> stop = false;

 private:
  std::shared_ptr<Asked> asked_;
  std::size_t count_;
};

class Listens final : public NoiseProcess {
 public:
  explicit Listens(std::shared_ptr<Asked> asked) : asked_(std::move(asked)) {}
  void sample(RandomStream&, double sigma, std::span<double> noise) override {
    asked_->add(sigma);
    std::ranges::fill(noise, 0);
  }

 private:
  std::shared_ptr<Asked> asked_;
};

TEST(Ladder, IsTheSameOverEnvironmentsAndOverPlayers) {
  const auto asked = std::make_shared<Asked>();
  register_noise("listens", [asked](int) { return std::make_unique<Listens>(asked); });
  Options options = testing::in_worlds_apart();
  options.exploration.noise = Noise::own;
  options.exploration.process = "listens";
  options.exploration.sigma = 0.2;
  options.exploration.sigma_ladder = 4;
  options.warmup_steps = 0;
  const auto rungs =
      ::testing::ElementsAre(::testing::DoubleEq(0.1), ::testing::DoubleEq(0.2), ::testing::DoubleEq(0.4));
  options.environments = 3;
  train(options);
  EXPECT_THAT(asked->take(), rungs);
  options.environments = 1;
  {
    const testing::Players players(3);
    UntilAll until(asked, 3);
    Options long_enough = options;
    long_enough.steps = 10'000'000;
    long_enough.evaluation_episodes = 0;
    train(long_enough, {&until}, &until.stop, {}, testing::played_by(players.learner()));
  }
  EXPECT_THAT(asked->take(), rungs);
  train(options);
  EXPECT_THAT(asked->take(), ::testing::ElementsAre(0.2)) << "of one alone";
}

TEST(Ladder, ScalesTheNoiseAndNotWhatIsDrawn) {
  for (const Noise noise : {Noise::gaussian, Noise::ornstein_uhlenbeck}) {
    ExplorationOptions options;
    options.noise = noise;
    options.sigma_ladder = 16;
    Exploration plain(options, 1), last(options, 1, {.actor = 4, .actors = 5});
    RandomStream a(1), b(1);
    double expected = 0, found = 0;
    plain.sample(a, 0, std::span(&expected, 1));
    last.sample(b, 0, std::span(&found, 1));
    EXPECT_DOUBLE_EQ(found, 4 * expected);
    EXPECT_EQ(last.sigma(0), options.sigma.at(0));
  }
}

}  // namespace
}  // namespace ddpg
