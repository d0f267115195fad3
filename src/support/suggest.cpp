// Names near a misspelt one, by edit distance.
#include "support/suggest.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace ddpg {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

// Damerau and Levenshtein's distance in its restricted form: the least number of insertions, deletions, replacements
// and exchanges of neighbours that turn a into b, no letter being touched twice.
std::size_t distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> cells((a.size() + 1) * width);
  const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& { return cells[i * width + j]; };
  for (std::size_t i = 0; i <= a.size(); i++) at(i, 0) = i;
  for (std::size_t j = 0; j <= b.size(); j++) at(0, j) = j;
  for (std::size_t i = 1; i <= a.size(); i++) {
    for (std::size_t j = 1; j <= b.size(); j++) {
      const std::size_t replaced = at(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1);
      at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, replaced});
      const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (exchanged) at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
    }
  }
  return at(a.size(), b.size());
}

// Whether `given` begins `name`, or one of its parts after a dot ("learning_rate" in "actor.learning_rate").
bool begins(std::string_view name, std::string_view given) {
  return name.starts_with(given) || name.find("." + std::string(given)) != std::string_view::npos;
}

}  // namespace

std::vector<std::string> nearest(std::string_view given, std::span<const std::string> names, std::size_t most) {
  const std::string wanted = lower(given);
  if (wanted.empty()) return {};
  std::vector<std::pair<std::size_t, const std::string*>> near;
  for (const std::string& name : names) {
    const std::string candidate = lower(name);
    // a mistake in each three letters is as far as a misspelling goes; a beginning counts as one mistake
    std::size_t mistakes = distance(wanted, candidate);
    if (begins(candidate, wanted) || wanted.starts_with(candidate)) mistakes = std::min<std::size_t>(mistakes, 1);
    if (mistakes <= std::max<std::size_t>(1, wanted.size() / 3)) near.emplace_back(mistakes, &name);
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> result;
  for (const auto& [mistakes, name] : near) {
    if (result.size() < most) result.push_back(*name);
  }
  return result;
}

std::string did_you_mean(std::string_view given, std::span<const std::string> names) {
  const std::vector<std::string> near = nearest(given, names);
  if (near.empty()) return "";
  std::string text = " Did you mean ";
  for (std::size_t i = 0; i < near.size(); i++) {
    if (i > 0) text += i + 1 == near.size() ? " or " : ", ";
    text += near[i];
  }
  return text + "?";
}

}  // namespace ddpg
