#include "support/json.h"

#include <algorithm>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "ddpg/error.h"

namespace ddpg {

namespace {

constexpr int kDeepest = 32;

// Brackets outside of texts. Where the text is no JSON, the parser says so.
bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); i++) {
    const char c = text[i];
    if (inside && c == '\\') i++;
    if (c == '"') inside = !inside;
    if (inside) continue;
    if (c == '[' || c == '{') depth++;
    if (c == ']' || c == '}') depth--;
    if (depth > kDeepest) return true;
  }
  return false;
}

template <class Json>
Json parsed(std::string_view text, std::string_view where) {
  if (is_too_deep(text))
    throw Error(
        fmt::format("[{}] expected JSON of at most {} levels, found more; the file is damaged", where, kDeepest));
  try {
    return Json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ..."
    std::string_view said = error.what();
    said.remove_prefix(std::min(said.find("] ") + 2, said.size()));
    throw Error(fmt::format("[{}] expected JSON, found something else ({})", where, said));
  }
}

}  // namespace

nlohmann::json parse_json(std::string_view text, std::string_view where) {
  return parsed<nlohmann::json>(text, where);
}

nlohmann::ordered_json parse_ordered_json(std::string_view text, std::string_view where) {
  return parsed<nlohmann::ordered_json>(text, where);
}

const nlohmann::json& member(const nlohmann::json& object, const char* key, std::string_view where) {
  if (!object.is_object()) throw Error(fmt::format("[{}] expected a JSON object, found {}", where, object.type_name()));
  const auto found = object.find(key);
  if (found == object.end()) throw Error(fmt::format("[{}] expected \"{}\", found no such key", where, key));
  return *found;
}

std::string text_member(const nlohmann::json& object, const char* key, std::string_view where) {
  const nlohmann::json& value = member(object, key, where);
  if (!value.is_string()) throw Error(fmt::format("[{}] {}: expected a text, found {}", where, key, value.type_name()));
  return value.get<std::string>();
}

bool flag_member(const nlohmann::json& object, const char* key, std::string_view where) {
  const nlohmann::json& value = member(object, key, where);
  if (!value.is_boolean())
    throw Error(fmt::format("[{}] {}: expected true or false, found {}", where, key, value.type_name()));
  return value.get<bool>();
}

std::int64_t whole_number(const nlohmann::json& value, std::int64_t most, std::string_view what) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() <= static_cast<std::uint64_t>(most))
    return value.get<std::int64_t>();
  throw Error(fmt::format("{}: expected a whole number from 0 to {}, found {}", what, most,
                          value.is_number() ? value.dump() : std::string(value.type_name())));
}

}  // namespace ddpg
