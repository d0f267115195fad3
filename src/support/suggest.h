// "Did you mean": the names nearest to one that is not known.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ddpg {

/// Up to `most` of `names` close to `given` (edit distance with transpositions, without regard to case; prefixes count
/// as near), nearest first.
std::vector<std::string> nearest(std::string_view given, std::span<const std::string> names, std::size_t most = 3);
/// " Did you mean A, B or C?", or "" when nothing is near.
std::string did_you_mean(std::string_view given, std::span<const std::string> names);

}  // namespace ddpg
