#include "data/field_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "support/shown.h"
#include "support/suggest.h"

namespace ddpg {
namespace {

constexpr std::array<const char*, kFields> kNames = {"observation", "action",    "reward", "next_observation",
                                                     "terminated",  "truncated", "episode"};

using enum Field;
constexpr std::pair<std::string_view, Field> kSpellings[] = {{"observation", observation},
                                                             {"observations", observation},
                                                             {"obs", observation},
                                                             {"state", observation},
                                                             {"states", observation},
                                                             {"s", observation},
                                                             {"action", action},
                                                             {"actions", action},
                                                             {"act", action},
                                                             {"acts", action},
                                                             {"a", action},
                                                             {"reward", reward},
                                                             {"rewards", reward},
                                                             {"r", reward},
                                                             {"terminated", terminated},
                                                             {"terminal", terminated},
                                                             {"terminals", terminated},
                                                             {"termination", terminated},
                                                             {"terminations", terminated},
                                                             {"truncated", truncated},
                                                             {"truncation", truncated},
                                                             {"truncations", truncated},
                                                             {"timeout", truncated},
                                                             {"timeouts", truncated},
                                                             {"episode", episode},
                                                             {"episodes", episode},
                                                             {"episode_id", episode},
                                                             {"episode_ids", episode},
                                                             {"next_obs", next_observation},
                                                             {"next_observation", next_observation},
                                                             {"next_observations", next_observation},
                                                             {"next_state", next_observation},
                                                             {"next_states", next_observation},
                                                             {"next_s", next_observation}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return low;
}

// Takes the number at the end, in brackets or behind a separator or neither, off the name; -1: there is none.
int take_index(std::string& name) {
  const bool brackets = name.ends_with(']') || name.ends_with(')');
  std::string_view rest = name;
  if (brackets) rest.remove_suffix(1);
  std::size_t begin = rest.size();
  while (begin > 0 && is_digit(rest[begin - 1])) begin--;
  int index = -1;
  const char* const end = rest.data() + rest.size();
  if (begin == rest.size() || std::from_chars(rest.data() + begin, end, index).ec != std::errc()) return -1;
  if (begin > 0 && std::string_view(brackets ? "[(" : "_. -").find(rest[begin - 1]) != std::string_view::npos) begin--;
  name.resize(begin);
  return index;
}

}  // namespace

const char* name_of(Field field) {
  return kNames[static_cast<std::size_t>(field)];
}

std::optional<FieldName> field_name(std::string_view name) {
  std::string stem = lower(name);
  const int index = take_index(stem);
  for (const auto& [spelling, field] : kSpellings)
    if (stem == spelling) return FieldName{field, index};
  return std::nullopt;
}

std::string why_not_passed_over(std::string_view name) {
  std::string stem = lower(name);
  take_index(stem);
  if (stem == "done" || stem == "dones")
    return fmt::format(
        "{} does not say how an episode ended; expected terminated (the task ended: nothing follows) and truncated (it "
        "was cut, as by a time limit)",
        shown(name));
  std::vector<std::string> alike;  // in length too: episode_return is no misspelt episode
  for (const std::string known : kNames)
    if (stem.size() >= 4 && std::max(stem.size(), known.size()) - std::min(stem.size(), known.size()) <= 2)
      alike.push_back(known);
  const std::string near = did_you_mean(stem, alike);
  return near.empty() ? "" : fmt::format("{} is unknown.{}", shown(name), near);
}

}  // namespace ddpg
