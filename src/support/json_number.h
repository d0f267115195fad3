// Counts in JSON that somebody else may have written: nlohmann's get<int>() would take 1e300 and -1.5 too.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace ddpg {

/// The whole number from 0 to `most` that `value` is; throws Error beginning with `what` when it is anything else.
std::int64_t whole_number(const nlohmann::json& value, std::int64_t most, std::string_view what);

}  // namespace ddpg
