// toml++, for files that may be wrong in any way: a wrong file must be an error in every build.
//   - Its assertions are off: for some files it asserts what it then reports as an error.
//   - Its tables of characters (3.3.0) say "unreachable" of letters such as e with an accent outside a text, which a
//     file may hold; there the answer is "no", and the parser reports them.
#pragma once

#define TOML_ASSERT(condition) static_cast<void>(0)
#if __has_include(<toml++/impl/unicode.hpp>)  // 3.4 and later
#include <toml++/impl/forward_declarations.hpp>
#define DDPG_TOML_CHARACTERS <toml++/impl/unicode.hpp>
#else
#include <toml++/impl/forward_declarations.h>
#define DDPG_TOML_CHARACTERS <toml++/impl/unicode.h>
#endif
#pragma push_macro("TOML_UNREACHABLE")
#undef TOML_UNREACHABLE
#define TOML_UNREACHABLE return false
#include DDPG_TOML_CHARACTERS
#pragma pop_macro("TOML_UNREACHABLE")
#include <toml++/toml.h>

#include <string_view>

namespace ddpg {

/// The document in `text`. Throws UsageError "where:line:column: ..." when it is no TOML, "where:line: ..." when it is
/// deeper than any document of ours: toml++ follows keys such as a.a.a down, and a long one takes all of the stack.
toml::table parse_toml(std::string_view text, std::string_view where);

}  // namespace ddpg
