// Reads the traces that tests/golden/make_environment_traces.py recorded from Gymnasium, and what tests of environments
// share.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "places.h"

namespace ddpg::testing {

struct TraceStep {
  float action;
  std::vector<float> observation;
  double reward;
  std::vector<double> state;  // after the step
  bool terminated;
};

struct TraceRollout {
  std::vector<double> start;
  std::vector<TraceStep> steps;
};

class TraceReader {
 public:
  explicit TraceReader(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
    if (bytes_.empty()) throw std::runtime_error("cannot read " + path);
  }
  bool done() const { return position_ == bytes_.size(); }
  template <class T>
  T take() {
    static_assert(std::endian::native == std::endian::little, "traces are little-endian");
    T value;
    if (bytes_.size() - position_ < sizeof value) throw std::runtime_error("trace ends early");
    std::memcpy(&value, bytes_.data() + position_, sizeof value);
    position_ += sizeof value;
    return value;
  }
  template <class T>
  std::vector<T> take(int count) {
    std::vector<T> values;
    for (int i = 0; i < count; i++) values.push_back(take<T>());
    return values;
  }

 private:
  std::vector<char> bytes_;
  std::size_t position_ = 0;
};

inline std::vector<TraceRollout> read_trace(const std::string& task, int observation_size) {
  TraceReader reader(tests_folder() + "/golden/environments/" + task + ".trace");
  std::vector<TraceRollout> rollouts;
  while (!reader.done()) {
    TraceRollout& rollout = rollouts.emplace_back();
    rollout.start = reader.take<double>(2);
    for (int i = 0; i < 1000; i++) {
      TraceStep& step = rollout.steps.emplace_back();
      step.action = reader.take<float>();
      step.observation = reader.take<float>(observation_size);
      step.reward = reader.take<double>();
      step.state = reader.take<double>(2);
      step.terminated = reader.take<std::uint8_t>() != 0;
    }
  }
  return rollouts;
}

/// Mean, variance and range of a sample.
struct Moments {
  double mean = 0, variance = 0, low, high;
  explicit Moments(const std::vector<double>& values) : low(values.at(0)), high(values.at(0)) {
    for (double value : values) {
      mean += value / static_cast<double>(values.size());
      low = value < low ? value : low;
      high = value > high ? value : high;
    }
    for (double value : values) variance += (value - mean) * (value - mean) / static_cast<double>(values.size());
  }
};

}  // namespace ddpg::testing
