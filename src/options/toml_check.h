// What is refused of a TOML document before toml++ reads it.
#pragma once

#include <string>
#include <string_view>

namespace ddpg {

// What toml++ must not see, as "line: expected ..., found ...", or "":
//   - a document deeper than any of ours: toml++ follows keys such as a.a.a down, and a long one takes all of the stack
//   - a letter beyond ASCII outside of texts and comments, where TOML knows none: version 3.3 has undefined behaviour
//     there, as behind the backslash that joins two lines of a text
std::string toml_fault(std::string_view text);

}  // namespace ddpg
