#include "vector_task.h"

#include <fmt/format.h>

#include "arrays.h"
#include "envs/stepped_together.h"
#include "errors.h"

namespace ddpg::python {

VectorBridge::VectorBridge(const Specification& specification, int copies, Autoreset autoreset, nb::object functions)
    : specification_(specification),
      autoreset_(autoreset),
      functions_(functions.ptr()),
      resets_single_(!nb::object(functions[2]).is_none()),
      width_(static_cast<std::size_t>(specification.observation_size)),
      size_(static_cast<std::size_t>(specification.action_size())),
      actions_(static_cast<std::size_t>(copies) * size_),
      observations_(static_cast<std::size_t>(copies) * width_),
      next_(observations_.size()),
      results_(static_cast<std::size_t>(copies)),
      begun_(results_.size()),
      played_(results_.size()) {
  functions.release();
}

VectorBridge::~VectorBridge() {
  if (!nb::is_alive()) return;
  const nb::gil_scoped_acquire acquire;
  Py_DECREF(functions_);
}

void VectorBridge::take_observations(nb::handle given) {
  const std::size_t size = read_doubles(given, observations_);
  if (size != observations_.size())
    throw Error(fmt::format("the observations have {} numbers, expected {} for each of {} copies", size, width_,
                            results_.size()));
}

void VectorBridge::play(std::span<const float> actions) {
  std::ranges::copy(actions, actions_.begin());
  const nb::gil_scoped_acquire acquire;
  try {
    const auto shape = {results_.size(), size_};
    const nb::object five = nb::borrow(functions_)[1](new_array(std::span<const float>(actions_), shape));
    take_observations(five[0]);
    const bool same = nb::object(five[1]).is(nb::object(five[0]));
    if (same) next_ = observations_;
    const std::size_t next = same ? next_.size() : read_doubles(five[1], next_);
    const Numbers<double> rewards(five[2]), terminated(five[3]), truncated(five[4]);
    if (next != next_.size() || rewards.size() != results_.size() || terminated.size() != results_.size() ||
        truncated.size() != results_.size())
      throw Error(fmt::format("step() must tell of each of the {} copies", results_.size()));
    for (std::size_t i = 0; i < results_.size(); i++) {
      const bool ended_before = results_[i].terminated || results_[i].truncated;
      results_[i] = {rewards.all()[i], terminated.all()[i] != 0, truncated.all()[i] != 0};
      const bool ended = results_[i].terminated || results_[i].truncated;
      begun_[i] = autoreset_ == Autoreset::next_step ? ended_before : ended && !resets_single_;
      played_[i] = true;
    }
    stepped_ = true;
  } catch (nb::python_error& error) {
    rethrow_python_error(error);
  }
}

void VectorBridge::reset(std::size_t copy, std::uint64_t seed, std::span<double> observation) {
  const nb::gil_scoped_acquire acquire;
  try {
    if (!begun_[copy] && resets_single_ && stepped_) {
      take_observations(nb::borrow(functions_)[2](copy));
    } else if (!begun_[copy]) {
      take_observations(nb::borrow(functions_)[0](seed));
      std::ranges::fill(begun_, true);
      std::ranges::fill(results_, StepResult{});
      stepped_ = false;
    }
  } catch (nb::python_error& error) {
    rethrow_python_error(error);
  }
  begun_[copy] = false;
  std::ranges::copy(std::span(observations_).subspan(copy * width_, width_), observation.begin());
}

StepResult VectorBridge::result(std::size_t copy, std::span<double> next_observation) {
  if (!std::exchange(played_[copy], false))
    throw Error("its copies are stepped together, and this one was asked for alone");
  std::ranges::copy(std::span(next_).subspan(copy * width_, width_), next_observation.begin());
  return results_[copy];
}

namespace {

class VectorCopy final : public Environment, public SteppedTogether {
 public:
  VectorCopy(std::shared_ptr<VectorBridge> bridge, int copy)
      : bridge_(std::move(bridge)), copy_(static_cast<std::size_t>(copy)) {}

  const Specification& specification() const override { return bridge_->specification(); }
  void reset(RandomStream& random, std::span<double> observation) override {
    bridge_->reset(copy_, random.bits() >> 33, observation);
  }
  StepResult step(std::span<const float>, std::span<double> observation) override {
    return bridge_->result(copy_, observation);
  }
  void play(std::span<const float> actions) override { bridge_->play(actions); }
  Autoreset autoreset() const override { return bridge_->autoreset(); }

 private:
  std::shared_ptr<VectorBridge> bridge_;
  std::size_t copy_;
};

}  // namespace

std::unique_ptr<Environment> make_vector_copy(std::shared_ptr<VectorBridge> bridge, int copy) {
  return std::make_unique<VectorCopy>(std::move(bridge), copy);
}

}  // namespace ddpg::python
