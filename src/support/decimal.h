// Numbers as people write them, read exactly. No locale decides anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ddpg {

// The double nearest to what the text says: "-1.5e3", "+2", "inf", "nan". What is too small for one becomes 0, what is
// too large infinity. Nothing where the text is no number.
std::optional<double> read_real(std::string_view text);

// The whole number that the text says, with a point or an exponent too: "9007199254740993.0", "1e6". Nothing where it
// is not whole, or out of range.
std::optional<std::int64_t> read_whole(std::string_view text);

}  // namespace ddpg
