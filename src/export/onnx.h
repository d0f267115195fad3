// A policy as an ONNX model: one graph from "observation" [batch, n] to "action" [batch, m], both float32, with the
// statistics of the observations and the action bounds inside.
#pragma once

#include <string>
#include <string_view>

#include "policy/content.h"

namespace ddpg {

// `exact`: with the trained policy's own rounding (onnx_exact.h), where otherwise a runtime sums as it likes. Throws
// Error where it would exceed the 2 GB of a protobuf file.
std::string onnx_model(const Policy::Content& content, bool exact = false);

// Whether these are the bytes of an exact one: its metadata say "rounding": "exact", which others lack.
bool is_exact_onnx(std::string_view model);

}  // namespace ddpg
