// What may be changed in the middle of a training, and a list of such changes applied: Options::changes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "options/option_table.h"

namespace ddpg {

// "50000 tau=0.001": from that environment step on.
struct Change {
  std::int64_t step = 0;
  std::string key, value;

  std::string text() const;
};
// Throws UsageError.
Change read_change(std::string_view text);

// "" where the option may be changed in the middle, by Options::changes; else why not, and what to do.
std::string why_unchangeable(std::string_view key);
// Whether it decides what is learnt, rather than what is reported of it.
bool changes_what_is_learnt(std::string_view key);

// The options in force once the first `count` of their changes are. Throws UsageError where one of them cannot be.
Options with_changes(const Options& options, std::size_t count);

}  // namespace ddpg
