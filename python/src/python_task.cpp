// How C++ steps an environment of Python: one call of its step() each, without anything of Python between.
#include "python_task.h"

#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <utility>

#include "arrays.h"
#include "envs/made_again.h"
#include "errors.h"
#include "options.h"

namespace ddpg::python {
namespace {

thread_local PythonTask* current = nullptr;  // Current's

void read_observation(nb::handle given, std::span<double> observation) {
  const std::size_t size = read_doubles(given, observation);
  if (size != observation.size())
    throw Error(fmt::format("the observation has {} numbers, expected {}", size, observation.size()));
}

class PythonEnvironment final : public Environment, public MadeAgain {
 public:
  PythonEnvironment(const Specification& specification, nb::object reset, nb::object step, EnvironmentFactory maker)
      : specification_(specification),
        reset_(reset.release().ptr()),
        step_(step.release().ptr()),
        maker_(std::move(maker)) {}

  ~PythonEnvironment() override {
    if (!nb::is_alive()) return;
    const nb::gil_scoped_acquire acquire;
    Py_DECREF(reset_);
    Py_DECREF(step_);
  }

  const Specification& specification() const override { return specification_; }
  EnvironmentFactory maker() const override { return maker_; }

  void reset(RandomStream& random, std::span<double> observation) override {
    const std::uint64_t seed = random.bits() >> 33;  // what gymnasium's reset takes everywhere: 31 bits
    const nb::gil_scoped_acquire acquire;
    told([&] { read_observation(nb::borrow(reset_)(seed), observation); });
  }

  StepResult step(std::span<const float> action, std::span<double> observation) override {
    const nb::gil_scoped_acquire acquire;
    StepResult result;
    told([&] { result = play(action, observation); });
    return result;
  }

 private:
  StepResult play(std::span<const float> action, std::span<double> observation) {
    const nb::object told = nb::borrow(step_)(new_array(action, {action.size()}));
    if (!nb::isinstance<nb::tuple>(told) || nb::len(told) != 5)
      throw Error(
          "step() must give five things: observation, reward, terminated, truncated, info (Gymnasium's interface)");
    const nb::tuple five = nb::borrow<nb::tuple>(told);
    read_observation(five[0], observation);
    return {number(five[1]), truth(five[2]), truth(five[3])};
  }

  template <class Work>
  static void told(Work&& work) {
    try {
      work();
    } catch (nb::python_error& error) {
      rethrow_python_error(error);
    }
  }

  Specification specification_;
  PyObject *reset_, *step_;
  EnvironmentFactory maker_;
};

}  // namespace

PythonTask::PythonTask(Specification specification, nb::object make, int copies, const std::string& autoreset)
    : specification_(std::move(specification)),
      make_(make.release().ptr()),
      copies_(copies),
      autoreset_(autoreset == "next_step" ? Autoreset::next_step : Autoreset::same_step) {}

PythonTask::~PythonTask() {
  if (!nb::is_alive()) return;
  const nb::gil_scoped_acquire acquire;
  Py_DECREF(make_);
}

std::unique_ptr<Environment> PythonTask::make(int number, const EnvironmentSettings& settings, bool again) {
  if (copies_ > 0 && number > 1) return make_vector_copy(bridge_, number - 1);
  const nb::gil_scoped_acquire acquire;
  try {
    const nb::object functions = nb::borrow(make_)(number, settings_of(settings), again);
    if (copies_ == 0 || number == 0)
      return std::make_unique<PythonEnvironment>(
          nb::len(functions) > 2 ? nb::cast<Specification>(functions[2]) : specification_, functions[0], functions[1],
          [this, number](const EnvironmentSettings& same) { return make(number, same, true); });
    bridge_ = std::make_shared<VectorBridge>(specification_, copies_, autoreset_, functions);
    return make_vector_copy(bridge_, 0);
  } catch (nb::python_error& error) {
    rethrow_python_error(error);
  }
}

// The registry outlives every task, and keeps none.
void PythonTask::announce() const {
  const std::string name = specification_.name;
  const auto make = [name](const EnvironmentSettings& settings) {
    if (current == nullptr || current->specification().name != name)
      throw UsageError(
          fmt::format("[environments] {} lives in Python: give it to ddpg.DDPG, or to the command `ddpg` of the "
                      "Python package",
                      name));
    const int number = CopyNumber::current();
    return current->make(number == CopyNumber::kNobodySays ? 1 : number, settings);
  };
  register_environment({name, "a task of Python", 100'000, "", make});
}

void PythonTask::register_for_good(const std::shared_ptr<PythonTask>& task) {
  const auto make = [task, made = std::make_shared<int>(0)](const EnvironmentSettings& settings) {
    const int number = CopyNumber::current();
    return task->make(number == CopyNumber::kNobodySays ? (*made)++ : number, settings);
  };
  register_environment({task->specification().name, "a task of Python", 100'000, "", make});
}

Current::Current(PythonTask* task) : before_(std::exchange(current, task)) {}

Current::~Current() {
  current = before_;
}

}  // namespace ddpg::python
