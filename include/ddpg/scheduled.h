// A number that may change over a training: `options.tau = 0.005`, or `options.tau = Scheduled::linear(0.01, 0.001,
// 100'000)`. In TOML and on the command line a number, or a text: "linear:0.01:0.001:100000".
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace ddpg {

/// Counted in environment steps, of all copies together.
class Scheduled {
 public:
  enum class Shape { constant, linear, cosine, steps };
  struct Point {
    std::int64_t step = 0;
    double value = 0;
    bool operator==(const Point&) const = default;
  };

  Scheduled(double number = 0) : first_(number) {}  // NOLINT: a number is a schedule
  /// From one number to the other within so many steps, then the other. Cosine: slow at both ends.
  static Scheduled linear(double from, double to, std::int64_t over) {
    return Scheduled(Shape::linear, from, {{over, to}});
  }
  static Scheduled cosine(double from, double to, std::int64_t over) {
    return Scheduled(Shape::cosine, from, {{over, to}});
  }
  /// `first`, and from each point's step on its number. The steps rise, each >= 1; there is at least one.
  static Scheduled steps(double first, std::vector<Point> then) {
    return Scheduled(Shape::steps, first, std::move(then));
  }

  Shape shape() const { return shape_; }
  bool is_constant() const { return shape_ == Shape::constant; }
  double first() const { return first_; }
  const std::vector<Point>& points() const { return points_; }

  /// The number in force at that step.
  double at(std::int64_t step) const { return is_constant() ? first_ : later(step); }
  /// The integral over the steps from `begin` to `end`.
  double sum(std::int64_t begin, std::int64_t end) const;

  bool operator==(const Scheduled&) const = default;

 private:
  Scheduled(Shape shape, double first, std::vector<Point> points)
      : shape_(shape), first_(first), points_(std::move(points)) {}
  double later(std::int64_t step) const;
  double sum_to(double end) const;

  Shape shape_ = Shape::constant;
  double first_ = 0;
  std::vector<Point> points_;
};

}  // namespace ddpg
