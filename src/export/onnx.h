// A policy as an ONNX model: one graph from "observation" [batch, n] to "action" [batch, m], both float32, with the
// statistics of the observations and the action bounds inside.
#pragma once

#include <string>

#include "policy/content.h"

namespace ddpg {

inline constexpr int kLowestOpset = 8;         // the first in which Max and Min broadcast
inline constexpr int kLowestWrappedOpset = 9;  // of a policy that carries wrappers: the first with Where and IsNaN
inline constexpr int kHighestOpset = 21;

// In operators of this opset; 0: of the lowest that says it best: 17 with LayerNormalization, else the lowest that can
// be asked for. Throws UsageError for an opset out of range, Error where the model would exceed the 2 GB of a protobuf
// file.
std::string onnx_model(const Policy::Content& content, int opset = 0);

}  // namespace ddpg
