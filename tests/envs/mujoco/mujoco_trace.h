// Reads what tests/golden/make_mujoco_traces.py recorded from Gymnasium.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "ddpg/environment.h"

namespace ddpg::testing {

struct MujocoTraceStep {
  std::vector<float> action;
  std::vector<double> observation;
  double reward = 0;
  std::vector<double> parts;  // of the reward, named in the head
  bool terminated = false;
};

/// One file, read step by step.
class MujocoTrace {
 public:
  explicit MujocoTrace(const std::filesystem::path& path) : file_(path, std::ios::binary) {
    std::string line;
    if (!std::getline(file_, line)) throw std::runtime_error("cannot read " + path.string());
    head_ = nlohmann::json::parse(line);
  }

  std::string task() const { return head_.at("task"); }
  int rollouts() const { return head_.at("rollouts"); }
  int steps() const { return head_.at("steps"); }
  int size(const char* name) const { return head_.at(name); }
  std::vector<std::string> parts() const { return head_.at("parts"); }

  EnvironmentSettings settings() const {
    EnvironmentSettings settings;
    for (const auto& [key, value] : head_.at("settings").items()) {
      if (value.is_boolean()) settings[key] = value.get<bool>();
      if (value.is_number()) settings[key] = value.get<double>();
      if (value.is_string()) settings[key] = value.get<std::string>();
      if (value.is_array()) settings[key] = value.get<std::vector<double>>();
    }
    return settings;
  }

  std::vector<double> numbers(int count) { return read<double>(count); }

  MujocoTraceStep step() {
    MujocoTraceStep step;
    step.action = read<float>(size("action_size"));
    step.observation = read<double>(size("observation_size"));
    step.reward = read<double>(1)[0];
    step.parts = read<double>(static_cast<int>(parts().size()));
    step.terminated = read<char>(1)[0] != 0;
    return step;
  }

  bool done() { return file_.peek() == std::ifstream::traits_type::eof(); }

 private:
  template <class T>
  std::vector<T> read(int count) {
    std::vector<T> values(static_cast<std::size_t>(count));
    if (!file_.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(sizeof(T) * values.size())))
      throw std::runtime_error("the trace of " + task() + " ends early");
    return values;
  }

  std::ifstream file_;
  nlohmann::json head_;
};

}  // namespace ddpg::testing
