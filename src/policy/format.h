// A policy as bytes and back: the format of policy.ddpg, described to the byte in docs/policy-format.md. There is one
// string of bytes for each policy: decoding and encoding again gives the same bytes. Not here: files (policy.cpp).
#pragma once

#include <string>
#include <string_view>

#include "policy/content.h"

namespace ddpg {

// The bytes of a policy file. `where` names it in errors. Throws Error when the content is not a policy that
// decode_policy would take.
std::string encode_policy(const Policy::Content& content, std::string_view where = "policy");

// The policy in `bytes`, which are untrusted: throws Error "[where, section TAG] ..." when they are truncated,
// damaged, too new or inconsistent. Takes memory in proportion to the bytes, whatever they say.
Policy::Content decode_policy(std::string_view bytes, std::string_view where);

}  // namespace ddpg
