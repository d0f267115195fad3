// What an exported policy says of itself, the same in every format: where it comes from, as pairs of words.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/content.h"

namespace ddpg {

// Key and text, all UTF-8: environment, env (its settings as JSON), preset, seed, step, mean_return, ddpg_version;
// where the task has them control_period (seconds), and observation_names, observation_units, action_names,
// action_units (JSON).
std::vector<std::pair<std::string, std::string>> identity(const Policy::Content& content);

// `text` as UTF-8: what is not becomes U+FFFD.
std::string as_utf8(std::string_view text);

}  // namespace ddpg
