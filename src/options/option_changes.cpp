#include "options/option_changes.h"

#include <fmt/format.h>

#include <algorithm>

#include "ddpg/error.h"
#include "support/shown.h"

namespace ddpg {
namespace {

bool is_setting(std::string_view key) {
  return key.starts_with("env.") && key.size() > 4;
}

void check_capacity(std::int64_t before, const Options& after) {
  if (after.replay_capacity == before) return;
  if (after.replay_capacity < before)
    throw UsageError(fmt::format("replay_capacity may only grow in the middle of a training, from {}, found {}", before,
                                 after.replay_capacity));
  if (after.replay.priority != Priority::uniform)
    throw UsageError("replay_capacity may grow in the middle of a training with replay.priority = \"uniform\" alone");
}

}  // namespace

std::string Change::text() const {
  return fmt::format("{} {}={}", step, key, value);
}

Change read_change(std::string_view text) {
  const std::size_t blank = text.find(' '), equals = text.find('=', blank);
  Change change;
  std::string expected = "no key";
  if (equals != std::string_view::npos && blank + 1 < equals)
    expected = read_value(raw_from_text(text.substr(0, blank), Reading::any), change.step);
  if (!expected.empty() || change.step < 0)
    throw UsageError(
        fmt::format("changes: expected such as \"50000 tau=0.001\", a step and KEY=VALUE, found \"{}\"", shown(text)));
  change.key = text.substr(blank + 1, equals - blank - 1);
  change.value = text.substr(equals + 1);
  return change;
}

bool changes_what_is_learnt(std::string_view key) {
  const OptionEntry* entry = find_option(key);
  return entry == nullptr || entry->scope != Scope::record;
}

std::string why_unchangeable(std::string_view key) {
  if (is_setting(key)) return "";
  const OptionEntry* entry = find_option(key);
  if (entry == nullptr) return unknown_option(key);
  if (entry->scope == Scope::record || entry->in_the_middle) return "";
  return fmt::format(
      "{} cannot be changed in the middle of a training; a new one, ddpg train --set {}=VALUE, can start from what "
      "this one has learnt (--from RUN) where its networks and normalisers are of the same kind and sizes, or from its "
      "transitions (--data RUN)",
      key, key);
}

Options with_changes(const Options& options, std::size_t count) {
  Options now = options;
  std::int64_t step = 0;
  for (std::size_t i = 0; i < std::min(count, options.changes.size()); i++) {
    const Change change = read_change(options.changes[i]);
    if (const std::string why = why_unchangeable(change.key); !why.empty())
      throw UsageError(fmt::format("changes: \"{}\": {}", options.changes[i], why));
    if (change.step < step)
      throw UsageError(fmt::format("changes: \"{}\" comes after step {}; they must stand in the order of their steps",
                                   options.changes[i], step));
    step = change.step;
    const std::int64_t capacity = now.replay_capacity;
    set_option(now, change.key, change.value);
    check_capacity(capacity, now);
  }
  return now;
}

}  // namespace ddpg
