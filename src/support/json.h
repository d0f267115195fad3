// JSON that somebody else may have written. Nothing of it is believed: texts are bounded where they are read
// (read_file), nesting is bounded here, and each value is checked before it is used, with errors in our words.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace ddpg {

/// The document in `text`, an array or object at most a few dozen levels deep. Throws Error "[where] ..." when it is
/// no JSON, or deeper: a library that follows it down would run out of stack.
nlohmann::json parse_json(std::string_view text, std::string_view where);
/// Likewise, with keys in the order of the text.
nlohmann::ordered_json parse_ordered_json(std::string_view text, std::string_view where);

/// The value of `key`. Throws Error "[where] ..." when `object` is no object or has no such key.
const nlohmann::json& member(const nlohmann::json& object, const char* key, std::string_view where);
/// The text under `key`; throws Error "[where] ..." when there is none.
std::string text_member(const nlohmann::json& object, const char* key, std::string_view where);
/// true or false, likewise.
bool flag_member(const nlohmann::json& object, const char* key, std::string_view where);

/// The whole number from 0 to `most` that `value` is; throws Error beginning with `what` when it is anything else.
/// nlohmann's get<int>() would take 1e300 and -1.5 too.
std::int64_t whole_number(const nlohmann::json& value, std::int64_t most, std::string_view what);

}  // namespace ddpg
