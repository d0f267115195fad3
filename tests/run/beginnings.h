// Trainings that start from files, for the tests of what they start from.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "data/data_samples.h"
#include "ddpg/train.h"
#include "policy/content.h"
#include "policy/format.h"
#include "run/checkpoint_contents.h"

namespace ddpg::testing {

inline Options small() {
  Options options;
  options.environment = "Pendulum-v1";
  options.steps = 300;
  options.actor.hidden = options.critic.hidden = {8, 4};
  options.batch_size = 8;
  options.replay_capacity = 2'000;
  options.warmup_steps = options.learning_starts = 20;
  options.evaluation_episodes = 0;
  options.checkpoint_interval = 100;
  return options;
}

inline std::string bytes(const Policy& policy) {
  return encode_policy(policy.content());
}

class Watcher : public Observer {
 public:
  void started(const RunStart& start) override {
    warning = start.warning, sources = start.sources;
    if (stop_at == 0) stop = true;
  }
  void stepped(std::int64_t step) override {
    if (step >= stop_at) stop = true;
  }
  std::int64_t stop_at = 1'000'000;
  std::atomic<bool> stop = false;
  std::string warning, sources;
};

class Beginnings : public ::testing::Test {
 protected:
  // A training with these options, its checkpoints in the folder `name`.
  Policy trained(const Options& options, const std::string& name, Watcher* watcher = nullptr) const {
    std::vector<Observer*> observers;
    if (watcher) observers.push_back(watcher);
    return train(options, observers, watcher ? &watcher->stop : nullptr, folder_.path() / name).policy;
  }
  std::string at(const std::string& name) const { return (folder_.path() / name).string(); }

  // 600 transitions of Pendulum as a log.
  std::string log() const {
    std::string text = "s0,s1,s2,a,r,next_s0,next_s1,next_s2,terminated,truncated\n";
    RandomStream random(5);
    const auto environment = make_environment("Pendulum-v1");
    std::vector<double> before(3), after(3);
    for (int i = 0; i < 600; i++) {
      if (i % 150 == 0) environment->reset(random, before);
      const float action = static_cast<float>(random.uniform(-2, 2));
      const StepResult result = environment->step(std::span(&action, 1), after);
      text += fmt::format("{},{},{},{}\n", fmt::join(before, ","), action, result.reward,
                          fmt::format("{},0,{}", fmt::join(after, ","), i % 150 == 149 ? 1 : 0));
      before = after;
    }
    return folder_.write("log.csv", text);
  }

  // Undisturbed, and stopped at `at`, the files removed, and resumed: the same.
  void expect_same_without_its_files(const Options& options, const std::vector<std::string>& files, int stop_at) {
    SCOPED_TRACE(stop_at);
    const std::string straight = "straight" + std::to_string(stop_at), cut = "cut" + std::to_string(stop_at);
    const std::string expected = bytes(trained(options, straight));
    Watcher first, second;
    first.stop_at = stop_at;
    trained(options, cut, &first);
    for (const std::string& file : files) fs::rename(file, file + ".away");
    const TrainingResult resumed = resume(options, at(cut), {&second});
    for (const std::string& file : files) fs::rename(file + ".away", file);
    EXPECT_TRUE(bytes(resumed.policy) == expected);
    EXPECT_EQ(second.sources, first.sources);
    EXPECT_EQ(differences(kept(at(straight)), kept(at(cut))), std::vector<std::string>());
  }

  DataFolder folder_;
};

}  // namespace ddpg::testing
