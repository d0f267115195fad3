// Memory that a policy takes when it is loaded, without exceptions: arrays, and texts out of its file.
#pragma once

#include <cstdint>
#include <memory>
#include <new>
#include <string_view>

#include "deploy/cursor.h"
#include "deploy/view.h"

namespace ddpg::deploy {

template <class T>
using Array = std::unique_ptr<T[]>;

template <class T>
bool make(Array<T>& array, std::uint64_t size) noexcept {
  array.reset(new (std::nothrow) T[static_cast<std::size_t>(size)]);
  return array != nullptr;
}

// Texts out of a file, each followed by a zero byte, for those who read to there.
struct Texts {
  Array<char> characters;
  Array<std::string_view> items;
  std::uint64_t count = 0;

  bool build(const TextList& list) noexcept {
    Failure ignored;
    Cursor in({reinterpret_cast<const char*>(list.bytes), static_cast<std::size_t>(list.size)}, "", ignored);
    if (list.count == 0) return true;
    // the length of each takes 8 bytes in the file, a zero byte one
    if (!make(characters, list.size) || !make(items, list.count)) return false;
    count = list.count;
    char* to = characters.get();
    for (std::uint64_t i = 0; i < count; i++) {
      const std::string_view text = in.text("");
      text.copy(to, text.size());
      to[text.size()] = '\0';
      items[i] = {to, text.size()};
      to += text.size() + 1;
    }
    return true;
  }
  std::string_view operator[](int i) const noexcept {
    return i >= 0 && static_cast<std::uint64_t>(i) < count ? items[static_cast<std::size_t>(i)] : std::string_view("");
  }
};

}  // namespace ddpg::deploy
