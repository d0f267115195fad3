// One copy of a task among many: its environment, its random stream, where its episode stands. Not here: threads
// (vector_environment.cpp).
#pragma once

#include <exception>
#include <memory>
#include <span>
#include <vector>

#include "ddpg/vector_environment.h"
#include "envs/breakdowns.h"
#include "envs/observation_room.h"

namespace ddpg {

struct alignas(64) EnvironmentCopy {  // a cache line of its own: neighbours are written by different threads
  enum class Episode { none, playing, over };

  EnvironmentCopy(std::unique_ptr<Environment> given, std::uint64_t seed, std::uint64_t index);

  std::unique_ptr<Environment> environment;
  RandomStream random;
  ObservationRoom observation;
  std::vector<double> last;     // of the old episode, where same_step has begun a new one
  std::vector<double> metrics;  // of the last step
  StepResult result;
  Episode episode = Episode::none;
  bool played = false;
  int limit = 0;  // steps after which the episode is cut here; 0: not here
  int steps = 0;  // in this episode, where there is such a limit
  FirstStepBreakdowns first_steps;
  std::exception_ptr error;

  bool ended() const { return result.terminated || result.truncated || result.broke_down; }
  void begin_episode();
  void step(std::span<const float> action, Autoreset autoreset);

  // Everything but the random stream.
  std::vector<double> save_state() const;
  bool restore_state(std::span<const double> state);
};

}  // namespace ddpg
