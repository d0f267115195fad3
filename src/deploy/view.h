// A policy as it lies in the bytes of its file, or elsewhere: numbers, and pointers to what others own. Takes no
// memory.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ddpg::deploy {

inline constexpr int kMostHiddenLayers = 63;
inline constexpr int kWidestHiddenLayer = 65'536;
inline constexpr int kMostInputsOrOutputs = 1 << 24;
inline constexpr std::uint64_t kMostChecks = 1024;

enum class Activation : std::uint8_t { linear, relu, tanh, elu };

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

struct NormView {
  Floats gain, shift;
  Floats mean, variance;  // batch normalisation only

  bool present() const { return static_cast<bool>(gain); }
};

struct LayerView {
  int in = 0, out = 0;
  Floats weights;  // [out, in]
  Floats bias;     // absent before batch normalisation
  NormView norm;
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
  Activation activation = Activation::relu, output_activation = Activation::tanh;
  bool batch_norm = false, layer_norm = false;
  int layers_count = 0;  // the output layer included
  NormView input_norm;
  LayerView layers[kMostHiddenLayers + 1];

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
};

}  // namespace ddpg::deploy
