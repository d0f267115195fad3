// ddpg.Exploration: the noise that an agent adds to its actions, for loops of the caller's own.
#include "agent/exploration.h"

#include <fmt/format.h>

#include <vector>

#include "arrays.h"

namespace ddpg::python {
namespace {

class Noise {
 public:
  Noise(const Options& options, int action_size, std::uint64_t seed)
      : exploration_(options.exploration, checked(action_size)),
        random_(seed, "exploration"),
        noise_(static_cast<std::size_t>(action_size)) {}

  nb::object sample() {
    exploration_.sample(random_, step_++, noise_);
    return new_array(std::span<const double>(noise_), {noise_.size()});
  }
  void reset() { exploration_.reset(); }
  double sigma() const { return exploration_.sigma(step_); }

 private:
  static int checked(int action_size) {
    if (action_size < 1)
      throw UsageError(fmt::format("[exploration] expected action_size >= 1, found {}", action_size));
    return action_size;
  }

  Exploration exploration_;
  RandomStream random_;
  std::int64_t step_ = 0;
  std::vector<double> noise_;
};

}  // namespace

void bind_exploration(nb::module_& module) {
  using namespace nb::literals;
  nb::class_<Noise>(module, "Exploration",
                    "The noise of the options exploration.*, in half-ranges of the action: noise() is the next one.")
      .def(nb::init<const Options&, int, std::uint64_t>(), "options"_a, "action_size"_a, "seed"_a = 0)
      .def("__call__", &Noise::sample)
      .def("reset", &Noise::reset, "At the start of an episode: Ornstein-Uhlenbeck begins at 0 again.")
      .def_prop_ro("sigma", &Noise::sigma, "Its scale at the next call.");
}

}  // namespace ddpg::python
