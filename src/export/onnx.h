// A policy as an ONNX model: one graph from "observation" [batch, n] to "action" [batch, m], both float32, with the
// statistics of the observations and the action bounds inside.
#pragma once

#include <string>

#include "policy/content.h"

namespace ddpg {

// Throws Error where it would exceed the 2 GB of a protobuf file.
std::string onnx_model(const Policy::Content& content);

}  // namespace ddpg
