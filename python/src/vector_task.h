// Environments that one object of Python steps together (gymnasium.vector), as copies of a task.
#pragma once

#include <memory>

#include "ddpg/vector_environment.h"
#include "module.h"

namespace ddpg::python {

// What the copies share: what followed the last joint step. `functions` are three of Python: reset(seed) gives the
// observations of all copies; step(actions) gives observations, the true last ones, rewards, terminated, truncated;
// reset_one(copy) gives all observations after that copy began anew, or is None where the object does so itself.
class VectorBridge {
 public:
  VectorBridge(const Specification& specification, int copies, Autoreset autoreset, nb::object functions);
  ~VectorBridge();

  void play(std::span<const float> actions);
  void reset(std::size_t copy, std::uint64_t seed, std::span<double> observation);
  StepResult result(std::size_t copy, std::span<double> next_observation);
  Autoreset autoreset() const { return autoreset_; }
  const Specification& specification() const { return specification_; }

 private:
  void take_observations(nb::handle given);

  Specification specification_;
  Autoreset autoreset_;
  PyObject* functions_;
  bool resets_single_ = false;  // copies begin anew one by one, when asked to
  std::size_t width_, size_;
  std::vector<float> actions_;
  std::vector<double> observations_, next_;  // [copies, observation_size]
  std::vector<StepResult> results_;
  std::vector<char> begun_;   // its row in observations_ is the first of an episode that nobody took yet
  std::vector<char> played_;  // its result is one that nobody took yet
  bool stepped_ = false;      // since all were reset
};

std::unique_ptr<Environment> make_vector_copy(std::shared_ptr<VectorBridge> bridge, int copy);

}  // namespace ddpg::python
