// Errors of a TOML document, in our words.
#include "options/toml.h"

#include <fmt/format.h>

#include "ddpg/error.h"
#include "options/toml_check.h"

namespace ddpg {

toml::table parse_toml(std::string_view text, std::string_view where) {
  const std::string fault = toml_fault(text);
  if (!fault.empty()) throw UsageError(fmt::format("{}:{}", where, fault));
  try {
    return toml::parse(text, where);
  } catch (const toml::parse_error& error) {
    const toml::source_position position = error.source().begin;
    throw UsageError(fmt::format("{}:{}:{}: {}", where, position.line, position.column, error.description()));
  }
}

}  // namespace ddpg
