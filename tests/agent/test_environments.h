// Environments that do what a test tells them to.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "ddpg/environment.h"

namespace ddpg::testing {

// reset writes the first observation; step gets the number of steps that the episode had before.
struct Script {
  Specification specification;
  std::function<void(RandomStream& random, std::span<double> observation)> reset;
  std::function<StepResult(int step, std::span<const float> action, std::span<double> observation)> step;
};

class ScriptedEnvironment final : public Environment {
 public:
  explicit ScriptedEnvironment(Script script) : script_(std::move(script)) {}

  const Specification& specification() const override { return script_.specification; }
  void reset(RandomStream& random, std::span<double> observation) override {
    step_ = 0;
    script_.reset(random, observation);
  }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    return script_.step(step_++, action, observation);
  }

 private:
  Script script_;
  int step_ = 0;
};

inline std::unique_ptr<Environment> scripted(Script script) {
  return std::make_unique<ScriptedEnvironment>(std::move(script));
}

// A point on a line that the action moves; its reward is minus its distance from 0. Episodes are cut after 20 steps.
inline Script point() {
  auto place = std::make_shared<double>(0.0);
  return {.specification = {"point", 1, {-1.0f}, {1.0f}, 0},
          .reset = [place](RandomStream& random,
                           std::span<double> observation) { observation[0] = *place = random.uniform(-1, 1); },
          .step =
              [place](int step, std::span<const float> action, std::span<double> observation) {
                observation[0] = *place += 0.2 * action[0];
                return StepResult{-(*place < 0 ? -*place : *place), false, step == 19};
              }};
}

// Copies of a task, each from its own call of `make` (which may take the number of the copy).
template <class Make>
std::vector<std::unique_ptr<Environment>> copies_of(int copies, const Make& make) {
  std::vector<std::unique_ptr<Environment>> all;
  for (int copy = 0; copy < copies; copy++) {
    if constexpr (std::is_invocable_v<Make, int>)
      all.push_back(scripted(make(copy)));
    else
      all.push_back(scripted(make()));
  }
  return all;
}

}  // namespace ddpg::testing
