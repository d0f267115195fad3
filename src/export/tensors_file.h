// A policy as a safetensors file, and back: every tensor, the action bounds and the statistics of the observations as
// arrays, the network and where it comes from as metadata. docs/export.md describes it.
#pragma once

#include <string>
#include <string_view>

#include "policy/content.h"

namespace ddpg {

std::string tensors_file(const Policy::Content& content);
// The policy in such a file, which is untrusted. Its provenance names the environment alone. Throws Error.
Policy::Content read_tensors_file(std::string_view bytes, const std::string& where);

}  // namespace ddpg
