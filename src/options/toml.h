// toml++, for files that may be wrong in any way: a wrong file must be an error in every build. Its assertions are off,
// by the macro that it documents for that: for some files it asserts what it then reports as an error.
#pragma once

#define TOML_ASSERT(condition) static_cast<void>(0)
#include <toml++/toml.h>

#include <string_view>

namespace ddpg {

/// The document in `text`. Throws UsageError "where:line:column: ..." when it is no TOML; "where:line: ..." when it is
/// deeper than any document of ours, which would take all of the stack, or holds a letter beyond ASCII where TOML knows
/// none (toml_check.h).
toml::table parse_toml(std::string_view text, std::string_view where);

}  // namespace ddpg
