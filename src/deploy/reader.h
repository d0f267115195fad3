// The bytes of a policy file, checked from the first to the last, as a view of them: the one reader of the format that
// docs/policy-format.md describes. Takes no memory, and trusts nothing. Not here: writing (src/policy/format.h).
#pragma once

#include <string_view>

#include "deploy/cursor.h"
#include "deploy/view.h"

namespace ddpg::deploy {

inline constexpr std::string_view kMagic = "DDPGPOL\n";
inline constexpr std::uint32_t kFormatVersion = 4;  // of a policy that carries wrappers; all before are read, too
inline constexpr std::uint32_t kPlainVersion = 3;   // of any other
inline constexpr std::size_t kHeaderSize = 8 + 4 + 4 + 8 + 4;  // magic, version, sections, file size, checksum
inline constexpr std::uint32_t kSections = 7;  // one more where wrappers are carried, and where the task has a model

// False, with `failure` filled, when the bytes are not a policy. The view points into them.
bool read_policy(std::string_view bytes, PolicyView& view, Failure& failure) noexcept;

// One option of the environment. Type 0: flag, 1: number, 2: text, 3: numbers.
struct SettingView {
  std::string_view name;
  std::uint8_t type = 0;
  bool flag = false;
  double number = 0;
  std::string_view text;
  std::uint64_t count = 0;
  Doubles numbers;
};
SettingView read_setting(Cursor& in) noexcept;

// A file of the task's model.
struct ModelFileView {
  std::string_view name;
  std::uint32_t checksum = 0;
};
ModelFileView read_model_file(Cursor& in) noexcept;

}  // namespace ddpg::deploy
