// The activations that networks are made of. What each of them is called, and how other programs write it:
// src/nn/activations.h.
#pragma once

#include <cstdint>

namespace ddpg {

/// Each maps 0 to 0. The numbers are those of policy files and never change.
enum class Activation : std::uint8_t { linear = 0, relu = 1, tanh = 2, elu = 3 };
inline constexpr int kActivationCount = 4;

}  // namespace ddpg
