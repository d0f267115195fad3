// A policy as it lies in the bytes of its file, or elsewhere: numbers, and pointers to what others own. Takes no
// memory.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
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

// A wrapper that stood between the task and who acted in training, and belongs to who acts.
enum class WrapperKind : std::uint8_t {
  time_left = 0,     // one observation more: 1 - steps played / count
  last_actions = 1,  // the last `count` actions as observations, in [-1, 1], the newest first; 0 before the first
  frame_stack = 2,   // the last `count` observations as one, the newest last; at the start the first one, repeated
  low_pass = 3       // played is `share` of the new action, and of what was played before the rest
};
inline constexpr int kWrapperKinds = 4, kMostWrappers = 8, kMostRemembered = 1'000;

struct CarriedWrapper {
  WrapperKind kind = WrapperKind::time_left;
  int count = 0;     // time_left: the time limit in steps; last_actions, frame_stack: how many
  double share = 0;  // low_pass: in (0, 1]

  bool operator==(const CarriedWrapper&) const = default;
};

// The numbers of an observation behind the wrapper, of `size` before it.
inline int size_behind(const CarriedWrapper& wrapper, int size, int action_size) {
  if (wrapper.kind == WrapperKind::time_left) return size + 1;
  if (wrapper.kind == WrapperKind::last_actions) return size + wrapper.count * action_size;
  return wrapper.kind == WrapperKind::frame_stack ? size * wrapper.count : size;
}

// The numbers that it remembers, where an observation has `behind` behind it: the steps, the actions, the frames, what
// was played.
inline int remembered_by(const CarriedWrapper& wrapper, int behind, int action_size) {
  if (wrapper.kind == WrapperKind::time_left) return 1;
  if (wrapper.kind == WrapperKind::last_actions) return wrapper.count * action_size;
  return wrapper.kind == WrapperKind::frame_stack ? behind : action_size;
}

// How many numbers the robot's own observation has, of which `wrappers`, from the world outwards, make the
// `observation_size` that the network takes; 0 where they cannot.
inline int sensor_size_of(std::span<const CarriedWrapper> wrappers, int observation_size, int action_size) {
  std::int64_t size = observation_size;
  for (std::size_t i = wrappers.size(); i-- > 0 && size > 0;) {
    const CarriedWrapper& wrapper = wrappers[i];
    if (wrapper.kind == WrapperKind::time_left) size--;
    if (wrapper.kind == WrapperKind::last_actions) size -= std::int64_t{wrapper.count} * action_size;
    if (wrapper.kind == WrapperKind::frame_stack) size = size % wrapper.count == 0 ? size / wrapper.count : 0;
  }
  return static_cast<int>(size > 0 ? size : 0);
}

// What is wrong with one by itself, as an error says it; null: nothing.
inline const char* fault_of(const CarriedWrapper& wrapper) {
  switch (wrapper.kind) {
    case WrapperKind::time_left:
      return wrapper.count < 1 ? "time limit of a wrapper: expected at least 1 step, found less" : nullptr;
    case WrapperKind::last_actions:
      return wrapper.count < 1 || wrapper.count > kMostRemembered
                 ? "last actions of a wrapper: expected 1 to 1000, found another number"
                 : nullptr;
    case WrapperKind::frame_stack:
      return wrapper.count < 2 || wrapper.count > kMostRemembered
                 ? "frames of a wrapper: expected 2 to 1000, found another number"
                 : nullptr;
    case WrapperKind::low_pass:
      return wrapper.share > 0 && wrapper.share <= 1 ? nullptr
                                                     : "share of a low-pass: expected it in (0, 1], found another";
  }
  return "kind of a wrapper: expected 0 to 3, found another";
}

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

  // WRAP, from the world outwards
  int wrappers_count = 0;
  CarriedWrapper wrapper_list[kMostWrappers];

  std::span<const CarriedWrapper> wrappers() const { return {wrapper_list, static_cast<std::size_t>(wrappers_count)}; }
  int sensor_size() const { return sensor_size_of(wrappers(), observation_size, action_size); }

  // MODL
  std::uint64_t model_files = 0;  // their number
  std::string_view model_bytes;
};

}  // namespace ddpg::deploy
