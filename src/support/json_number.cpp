#include "support/json_number.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "ddpg/error.h"

namespace ddpg {

std::int64_t whole_number(const nlohmann::json& value, std::int64_t most, std::string_view what) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() <= static_cast<std::uint64_t>(most))
    return value.get<std::int64_t>();
  throw Error(fmt::format("{}: expected a whole number from 0 to {}, found {}", what, most,
                          value.is_number() ? value.dump() : std::string(value.type_name())));
}

}  // namespace ddpg
