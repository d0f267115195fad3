// A policy as it lies in the bytes of its file, or elsewhere: numbers, and pointers to what others own. Takes no
// memory.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "deploy/steps.h"

namespace ddpg::deploy {

inline constexpr int kMostHiddenLayers = 63;  // of files before version 3
inline constexpr std::uint64_t kMostChecks = 1024;

// Numbers of 4 or 8 bytes, little-endian in a file, or in this machine's own order.
template <class Number, class Bits>
struct Numbers {
  const void* data = nullptr;
  bool native = false;

  explicit operator bool() const { return data != nullptr; }
  Number operator[](std::uint64_t i) const {
    unsigned char bytes[sizeof(Number)];
    std::memcpy(bytes, static_cast<const unsigned char*>(data) + i * sizeof(Number), sizeof bytes);
    Bits bits = 0;
    if (native || std::endian::native == std::endian::little) {
      std::memcpy(&bits, bytes, sizeof bits);
    } else {
      for (std::size_t b = sizeof bytes; b-- > 0;) bits = static_cast<Bits>(bits << 8 | bytes[b]);
    }
    return std::bit_cast<Number>(bits);
  }
};
using Floats = Numbers<float, std::uint32_t>;
using Doubles = Numbers<double, std::uint64_t>;

// Texts one after the other, each as a u64 length and its bytes; valid once the reader has passed them.
struct TextList {
  std::uint64_t count = 0;
  const unsigned char* bytes = nullptr;
  std::uint64_t size = 0;  // of `bytes`
};

// The tensors of one step, by their part: dense steps have weights [out, in] and perhaps biases; normalisations have
// gain (weight) and shift (bias), and batch normalisation running_mean and running_var.
struct StepTensors {
  Floats parts[4];

  Floats& operator[](TensorPart part) { return parts[static_cast<std::size_t>(part)]; }
  const Floats& operator[](TensorPart part) const { return parts[static_cast<std::size_t>(part)]; }
};

struct PolicyView {
  int version = 0;  // of the file's format

  // PROV
  std::string_view environment, preset, ddpg_version;
  std::uint64_t settings = 0;  // their number
  std::string_view settings_bytes;
  std::uint64_t seed = 0;
  std::int64_t step = 0;
  double mean_return = 0;

  // NETW
  int observation_size = 0, action_size = 0;
  int steps_count = 0;
  Step step_list[kMostSteps];

  // WGTS
  StepTensors tensors[kMostSteps];

  Steps steps() const { return {step_list, static_cast<std::size_t>(steps_count)}; }

  // BNDS
  Floats low, high;

  // NORM
  bool normalise = false;
  double clip = 0;
  Doubles mean, deviation;

  // SPEC
  int time_limit = 0;
  double control_period = 0;
  TextList observation_names, observation_units, action_names, action_units;

  // CHCK
  std::uint64_t checks = 0;
  Floats check_observations, check_actions;

  // MODL
  std::uint64_t model_files = 0;  // their number
  std::string_view model_bytes;
};

}  // namespace ddpg::deploy
