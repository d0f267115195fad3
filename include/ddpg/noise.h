// An exploration noise of your own: implement NoiseProcess, register it under a name, and train with
// exploration.noise = "own" and exploration.process = that name.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ddpg/random.h"

namespace ddpg {

/// The noise of one copy of the environment. It draws from the stream that it is given and from nothing else.
class NoiseProcess {
 public:
  virtual ~NoiseProcess() = default;
  /// An episode begins.
  virtual void reset() {}
  /// Writes the noise of the next action, [action_size] in half-ranges of the action. `sigma` is exploration.sigma as
  /// it is in force, on this copy's rung of sigma_ladder; exploration.sigma_each is applied to what is written.
  virtual void sample(RandomStream& random, double sigma, std::span<double> noise) = 0;
  /// Everything that the next samples depend on; needed for a training that resumes to the same bits.
  virtual std::vector<double> save_state() const { return {}; }
  virtual void restore_state(std::span<const double> state) { (void)state; }
};

using NoiseFactory = std::function<std::unique_ptr<NoiseProcess>(int action_size)>;

/// Adds a noise (or replaces one of the same name). Safe to call from any thread. Throws UsageError for an empty name
/// or no factory.
void register_noise(const std::string& name, NoiseFactory make);
/// The noise of that name, made anew; throws UsageError naming those that there are, Error when its factory made none.
std::unique_ptr<NoiseProcess> make_noise(const std::string& name, int action_size);

}  // namespace ddpg
