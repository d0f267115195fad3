// Whether a policy's parts fit together: asked before it is packed or written. Each function throws Error
// "[where, section TAG] what, expected, found". Not here: whether its values are allowed, which the one reader of the
// file decides (src/deploy/reader.h), for every file that is written, too.
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
inline constexpr std::string_view kSpecificationSection = "SPEC";
inline constexpr std::string_view kChecksSection = "CHCK";
inline constexpr std::string_view kWrappersSection = "WRAP";
inline constexpr std::string_view kModelSection = "MODL";

void check_structure(const Policy::Content& content, std::string_view where);

}  // namespace ddpg
