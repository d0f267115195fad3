// Numbers that change over a training, with the same bits on every machine: see ddpg/scheduled.h.
#include "ddpg/scheduled.h"

#include <algorithm>
#include <numbers>

#include "support/math.h"

namespace ddpg {

double Scheduled::later(std::int64_t step) const {
  const Point& last = points_.back();
  if (shape_ == Shape::steps) {
    const auto next =
        std::find_if(points_.begin(), points_.end(), [step](const Point& point) { return point.step > step; });
    return next == points_.begin() ? first_ : std::prev(next)->value;
  }
  if (step >= last.step) return last.value;
  const double done = static_cast<double>(std::max<std::int64_t>(step, 0)) / static_cast<double>(last.step);
  if (shape_ == Shape::linear) return first_ + done * (last.value - first_);
  return last.value + (first_ - last.value) * (0.5 * (1 + pinned_cos(std::numbers::pi * done)));
}

double Scheduled::sum(std::int64_t begin, std::int64_t end) const {
  if (is_constant()) return first_ * static_cast<double>(end - begin);
  return sum_to(static_cast<double>(end)) - sum_to(static_cast<double>(begin));
}

double Scheduled::sum_to(double end) const {
  if (shape_ == Shape::steps) {
    double sum = 0, from = 0, value = first_;
    for (const Point& point : points_) {
      const double until = std::min(end, static_cast<double>(point.step));
      if (until > from) sum += value * (until - from);
      from = std::max(from, until), value = point.value;
    }
    return sum + value * std::max(end - from, 0.0);
  }
  const double over = static_cast<double>(points_.back().step), target = points_.back().value;
  const double within = std::clamp(end, 0.0, over), beyond = end - within;
  if (shape_ == Shape::linear)
    return first_ * within + (target - first_) * (within / over) * within / 2 + target * beyond;
  const double wave = over / std::numbers::pi * pinned_sin(std::numbers::pi * (within / over));
  return target * within + (first_ - target) * (within + wave) / 2 + target * beyond;
}

}  // namespace ddpg
