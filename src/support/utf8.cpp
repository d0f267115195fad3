#include "support/utf8.h"

namespace ddpg {

std::pair<std::uint32_t, std::size_t> first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) -> std::uint32_t { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  static constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  std::uint32_t character = lead & (0xFFu >> (size + 1));
  if (lead < 0xC0 || lead > 0xF4 || text.size() < size) return {0, 1};
  for (std::size_t i = 1; i < size; i++) {
    if ((byte(i) & 0xC0) != 0x80) return {0, 1};
    character = character << 6 | (byte(i) & 0x3F);
  }
  const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
  return character < kSmallest[size] || character > 0x10FFFF || surrogate ? std::pair<std::uint32_t, std::size_t>{0, 1}
                                                                          : std::pair{character, size};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto [character, size] = first_character(text);
    if (character == 0 && text.front() != '\0') return false;
    text.remove_prefix(size);
  }
  return true;
}

}  // namespace ddpg
