#include "envs/mujoco/terms.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ddpg/error.h"

namespace ddpg {

void ObservationWriter::add(double value) {
  rest_[0] = value;
  rest_ = rest_.subspan(1);
}

void ObservationWriter::add(const double* values, int count) {
  for (int i = 0; i < count; i++) add(values[i]);
}

void ObservationWriter::add_clipped(const double* values, int count, std::array<double, 2> range) {
  for (int i = 0; i < count; i++) add(std::clamp(values[i], range[0], range[1]));
}

double control_cost(double weight, std::span<const float> action) {
  // NumPy sums blocks of eight in eight lanes, and what is left one by one
  const std::size_t blocks = action.size() / 8 * 8;
  float sum = 0;
  if (blocks > 0) {
    std::array<float, 8> lanes{};
    for (std::size_t i = 0; i < blocks; i++) lanes[i % 8] += action[i] * action[i];
    sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
  }
  for (std::size_t i = blocks; i < action.size(); i++) sum += action[i] * action[i];
  return static_cast<float>(weight) * sum;
}

double square_sum(const double* values, int count) {
  double sum = 0;
  for (int i = 0; i < count; i++) sum += values[i] * values[i];
  return sum;
}

void add_uniform(RandomStream& random, double scale, std::span<double> values) {
  for (double& value : values) value += random.uniform(-scale, scale);
}

void add_normal(RandomStream& random, double scale, std::span<double> values) {
  for (double& value : values) value += scale * random.normal();
}

bool inside(double x, std::array<double, 2> range) {
  return range[0] < x && x < range[1];
}

bool all_finite(const double* values, int count) {
  return std::all_of(values, values + count, [](double x) { return std::isfinite(x); });
}

int find_body(const mjModel& model, const std::string& task, const std::string& name) {
  const int body = mj_name2id(&model, mjOBJ_BODY, name.c_str());
  if (body < 0) throw Error(fmt::format("[{}] the model has no body named \"{}\"", task, name));
  return body;
}

void require(const std::string& task, const char* what, int found, int least) {
  if (found < least)
    throw Error(fmt::format("[{}] the model must have at least {} {}, found {}", task, least, what, found));
}

double distance(const double* from, const double* to) {
  const double x = to[0] - from[0], y = to[1] - from[1], z = to[2] - from[2];
  return std::sqrt(x * x + y * y + z * z);
}

}  // namespace ddpg
