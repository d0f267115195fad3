// Texts as their characters: UTF-8, which TOML and JSON must be. Names of files may be any bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace ddpg {

/// The character at the front of `text`, which is not empty, and the bytes that it takes; one byte and 0 where it is no
/// UTF-8.
std::pair<std::uint32_t, std::size_t> first_character(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace ddpg
