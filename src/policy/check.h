// What holds of every policy: asked before a file is written and before one that was read is believed. Each function
// throws Error
// "[where, section TAG] what, expected, found". Not here: the bytes (format.h).
#pragma once

#include <string_view>

#include "nn/tensors.h"
#include "policy/content.h"

namespace ddpg {

// The sections of the file, as named in its bytes and in errors.
inline constexpr std::string_view kProvenanceSection = "PROV";
inline constexpr std::string_view kNetworkSection = "NETW";
inline constexpr std::string_view kBoundsSection = "BNDS";
inline constexpr std::string_view kNormaliserSection = "NORM";
inline constexpr std::string_view kWeightsSection = "WGTS";

// Limits that keep every size far within 64 bits.
inline constexpr int kMostHiddenLayers = 63;
inline constexpr int kWidestHiddenLayer = 65'536;
inline constexpr int kMostInputsOrOutputs = 1 << 24;

// Whether the shape is an actor's, within the limits.
void check_network(const NetworkShape& shape, std::string_view where);
// Whether a tensor is of the form that the network asks for at its place.
void check_form(const TensorForm& found, const TensorForm& expected, std::string_view where);
// Everything.
void check_content(const Policy::Content& content, std::string_view where);

}  // namespace ddpg
