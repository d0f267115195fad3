// Steps of an environment by themselves, and beside the physics that they consist of.
#include "bench/environments.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/bare_loop.h"
#include "bench/measure.h"
#include "ddpg/error.h"

namespace ddpg {

EnvironmentLoop::EnvironmentLoop(const std::string& task)
    : environment_(make_environment(task)),
      random_(0, "environment"),
      observation_(static_cast<std::size_t>(specification().observation_size)) {
  const std::vector<float>&low = specification().action_low, &high = specification().action_high;
  for (int i = 0; i < kSteps; i++)
    for (std::size_t d = 0; d < low.size(); d++)
      actions_.push_back(static_cast<float>(random_.uniform(low[d], high[d])));
  begin_episode();
}

bool EnvironmentLoop::step() {
  const auto size = static_cast<std::size_t>(specification().action_size());
  const std::span<const float> action{actions_.data() + static_cast<std::size_t>(next_) * size, size};
  const StepResult result = environment_->step(action, observation_);
  next_ = next_ + 1 == kSteps ? 0 : next_ + 1;
  return result.terminated || result.truncated;
}

void EnvironmentLoop::begin_episode() {
  environment_->reset(random_, observation_);
}

std::span<const float> EnvironmentLoop::actions_before(int steps) const {
  const auto size = static_cast<std::size_t>(specification().action_size());
  const int end = next_ == 0 ? kSteps : next_;
  return std::span(actions_).subspan(static_cast<std::size_t>(end - steps) * size,
                                     static_cast<std::size_t>(steps) * size);
}

BenchmarkResult benchmark_environment(const std::string& name, const std::string& task, const BenchmarkOptions& bench) {
  EnvironmentLoop loop(task);
  const MeasuredRate rate = measure_rate({.seconds = bench.seconds}, [&] {
    for (int i = 0; i < EnvironmentLoop::kSteps; i++)
      if (loop.step()) loop.begin_episode();
  });
  return {name, 1, {{"steps_per_second", EnvironmentLoop::kSteps * rate.per_second}}};
}

namespace {

// Processor time that the same control steps took, without the starts of episodes.
struct Seconds {
  double task = 0, bare = 0;
};

// EnvironmentLoop::kSteps steps of both, by short stretches in turns, so that both meet the machine in the same moods.
// The task goes first, since it knows where an episode ends.
Seconds play_turn(EnvironmentLoop& task, BareLoop& bare) {
  constexpr int kStretch = 50;
  Seconds seconds;
  for (int left = EnvironmentLoop::kSteps; left > 0;) {
    const int most = std::min({left, kStretch, task.steps_of_this_round()});
    int steps = 0;
    bool ended = false;
    const Stopwatch task_watch(true);
    while (steps < most && !ended) {
      ended = task.step();
      steps++;
    }
    seconds.task += task_watch.seconds();
    const Stopwatch bare_watch(true);
    bare.play(task.actions_before(steps));
    seconds.bare += bare_watch.seconds();
    left -= steps;
    if (!ended) continue;
    task.begin_episode();
    bare.start(task.state());
  }
  return seconds;
}

}  // namespace

BenchmarkResult benchmark_mujoco_task(const std::string& name, const std::string& task, const BenchmarkOptions& bench) {
  EnvironmentLoop loop(task);
  BareLoop bare(task);
  bare.start(loop.state());
  std::vector<double> shares;
  Seconds least{1e9, 1e9};
  for (double spent = 0; spent < bench.seconds || shares.size() < kFewestRounds;) {
    const Seconds turn = play_turn(loop, bare);
    if (!bare.is_at(loop.state()))
      throw Error(
          fmt::format("[{}] the task and its bare physics have come apart: the task draws or computes something "
                      "that changes its physics, and they cannot be compared",
                      name));
    shares.push_back(turn.bare / turn.task);
    least = {std::min(least.task, turn.task), std::min(least.bare, turn.bare)};
    spent += turn.task + turn.bare;
  }
  return {name,
          1,
          {{"steps_per_second", EnvironmentLoop::kSteps / least.task},
           {"bare_steps_per_second", EnvironmentLoop::kSteps / least.bare},
           {"share_of_bare_loop", median(shares)}}};
}

}  // namespace ddpg
