// What the tasks' observations, rewards and starts are made of.
#pragma once

#include <mujoco/mujoco.h>

#include <array>
#include <span>
#include <string>

#include "ddpg/random.h"

namespace ddpg {

/// Writes one piece of an observation after another.
class ObservationWriter {
 public:
  explicit ObservationWriter(std::span<double> observation) : rest_(observation) {}
  void add(double value);
  void add(const double* values, int count);
  /// Each value cut to [range[0], range[1]].
  void add_clipped(const double* values, int count, std::array<double, 2> range);

 private:
  std::span<double> rest_;
};

/// weight * sum(a^2) in float32, in the order in which NumPy sums a float32 array, as Gymnasium computes it.
double control_cost(double weight, std::span<const float> action);
/// sum(u^2) in float64.
double square_sum(const double* values, int count);

/// Adds uniform noise in [-scale, scale).
void add_uniform(RandomStream& random, double scale, std::span<double> values);
/// Adds normal noise of that standard deviation.
void add_normal(RandomStream& random, double scale, std::span<double> values);

/// low < x < high
bool inside(double x, std::array<double, 2> range);
bool all_finite(const double* values, int count);

/// The body of that name. Throws Error naming the task when the model has none.
int find_body(const mjModel& model, const std::string& task, const std::string& name);
/// Throws Error when the model has fewer than `least` of `what`.
void require(const std::string& task, const char* what, int found, int least);

/// |to - from| of two points in space.
double distance(const double* from, const double* to);

}  // namespace ddpg
