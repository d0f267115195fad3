// Arrays of NumPy as spans and back. An array of the right type that lies in one piece is used where it is, whoever
// made it (NumPy, PyTorch, JAX: whatever speaks DLPack); anything else goes through numpy.asarray.
#pragma once

#include <nanobind/ndarray.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>

#include "ddpg/environment.h"
#include "ddpg/error.h"
#include "module.h"

namespace ddpg::python {

// Numbers given by Python, of any shape. Holds the array for as long as it lives.
template <class Number>
class Numbers {
 public:
  using Array = nb::ndarray<const Number, nb::c_contig, nb::device::cpu>;

  explicit Numbers(nb::handle given) {
    if (nb::try_cast<Array>(given, array_, false)) return;
    const nb::object made = nb::module_::import_("numpy").attr("asarray")(
        given, sizeof(Number) == sizeof(float) ? "float32" : "float64", "C");
    array_ = nb::cast<Array>(made);
  }

  std::span<const Number> all() const { return {array_.data(), array_.size()}; }
  std::span<const Number> row(std::size_t i, std::size_t width) const { return all().subspan(i * width, width); }
  std::size_t dimensions() const { return array_.ndim(); }
  std::size_t size() const { return array_.size(); }

  // Its shape as NumPy writes it: (3, 4).
  std::string shape() const {
    std::string text;
    for (std::size_t i = 0; i < dimensions(); i++) text += (i > 0 ? ", " : "") + std::to_string(array_.shape(i));
    return "(" + text + (dimensions() == 1 ? ",)" : ")");
  }

  // Whether its first dimension counts `rows`, and the others hold `width` numbers. One row may lack the first
  // dimension, and rows of one number the others. The number of numbers says too little: a transposed array has as
  // many.
  bool is_rows(std::size_t rows, std::size_t width) const {
    if (size() != rows * width) return false;
    if (dimensions() == 0 || (dimensions() == 1 && rows == 1)) return true;
    return array_.shape(0) == rows;
  }

 private:
  Array array_;
};

// Throws UsageError, naming both shapes, where an array is not such rows.
template <class Number>
void check_rows(const std::string& where, const char* what, const Numbers<Number>& given, std::size_t rows,
                std::size_t width) {
  if (given.is_rows(rows, width)) return;
  const std::string n = std::to_string(rows), flat = width == 1 ? n : std::to_string(width);
  throw UsageError(where + ": expected " + what + " of shape (" + n + ", " + std::to_string(width) + ")" +
                   (width == 1 || rows == 1 ? " or (" + flat + ",)" : "") + ", found " + given.shape());
}

// Rows of transitions, a column an array: as many of each as there are rewards.
struct TransitionRows {
  Numbers<double> observations, rewards, next_observations, terminated, truncated;
  Numbers<float> actions;
  std::size_t width, size, n = rewards.size();

  TransitionRows(const std::string& where, nb::handle of_observations, nb::handle of_actions, nb::handle of_rewards,
                 nb::handle of_next, nb::handle of_terminated, nb::handle of_truncated, std::size_t observation_size,
                 std::size_t action_size)
      : observations(of_observations),
        rewards(of_rewards),
        next_observations(of_next),
        terminated(of_terminated),
        truncated(of_truncated),
        actions(of_actions),
        width(observation_size),
        size(action_size) {
    check_rows(where, "rewards", rewards, n, 1);
    check_rows(where, "observations", observations, n, width);
    check_rows(where, "actions", actions, n, size);
    check_rows(where, "next_observations", next_observations, n, width);
    check_rows(where, "terminated", terminated, n, 1);
    check_rows(where, "truncated", truncated, n, 1);
  }

  auto observation(std::size_t i) const { return observations.row(i, width); }
  auto action(std::size_t i) const { return actions.row(i, size); }
  auto next_observation(std::size_t i) const { return next_observations.row(i, width); }
  StepResult result(std::size_t i) const {
    return {rewards.all()[i], terminated.all()[i] != 0, truncated.all()[i] != 0};
  }
};

// Copies observations, which come as float32 or float64 most of the time: both are read where they lie. How many
// numbers were given; copied are they only where that is as many as there is room for.
inline std::size_t read_doubles(nb::handle given, std::span<double> to) {
  const auto copy = [&](const auto* numbers, std::size_t size) {
    if (size == to.size()) std::copy(numbers, numbers + size, to.begin());
    return size;
  };
  nb::ndarray<const float, nb::c_contig, nb::device::cpu> floats;
  nb::ndarray<const double, nb::c_contig, nb::device::cpu> doubles;
  if (nb::try_cast(given, floats, false)) return copy(floats.data(), floats.size());
  if (nb::try_cast(given, doubles, false)) return copy(doubles.data(), doubles.size());
  const Numbers<double> converted(given);
  return copy(converted.all().data(), converted.size());
}

// Truth values and numbers of Python and of NumPy.
inline bool truth(nb::handle given) {
  const int is = PyObject_IsTrue(given.ptr());
  if (is < 0) throw nb::python_error();
  return is != 0;
}

inline double number(nb::handle given) {
  const double value = PyFloat_AsDouble(given.ptr());
  if (value != -1.0 || PyErr_Occurred() == nullptr) return value;
  PyErr_Clear();
  return nb::cast<double>(nb::float_(given.attr("item")()));  // an array of one number
}

// A new array of NumPy.
template <class Number>
nb::object new_array(std::span<const Number> numbers, std::initializer_list<std::size_t> shape) {
  auto* copy = new Number[numbers.size()];
  std::copy(numbers.begin(), numbers.end(), copy);
  const nb::capsule owner(copy, [](void* memory) noexcept { delete[] static_cast<Number*>(memory); });
  return nb::cast(nb::ndarray<nb::numpy, Number>(copy, shape, owner));
}

// Where a result goes: the array `out` of the caller, or a new one.
class Output {
 public:
  Output(nb::handle out, std::size_t size, std::initializer_list<std::size_t> shape) {
    if (out.is_none()) {
      auto* memory = new float[size]();
      const nb::capsule owner(memory, [](void* given) noexcept { delete[] static_cast<float*>(given); });
      object_ = nb::cast(nb::ndarray<nb::numpy, float>(memory, shape, owner));
      numbers_ = {memory, size};
      return;
    }
    nb::ndarray<float, nb::c_contig, nb::device::cpu> array;
    if (!nb::try_cast(out, array, false))
      throw nb::type_error("out: expected a writable array of float32 in one piece");
    if (array.size() != size)
      throw UsageError("out: expected room for " + std::to_string(size) + " numbers, found " +
                       std::to_string(array.size()));
    object_ = nb::borrow(out);
    numbers_ = {array.data(), size};
  }

  std::span<float> numbers() const { return numbers_; }
  const nb::object& object() const { return object_; }

 private:
  nb::object object_;
  std::span<float> numbers_;
};

}  // namespace ddpg::python
