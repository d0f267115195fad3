// Whether the runs in an experiment's folder are runs of this experiment: one mean is reported over all of them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "ddpg/error.h"
#include "experiment/experiment.h"
#include "options/option_table.h"
#include "support/files.h"
#include "support/paths.h"
#include "support/shown.h"

namespace ddpg {

namespace {

Options read_options(const std::filesystem::path& file) {
  Options options;
  apply_toml(options, read_file(file, kLongestText), shown(file));
  return options;
}

// What all runs of a configuration have alike, what was changed in the middle of one, too.
bool is_of_all_seeds(const OptionEntry& entry) {
  return is_fixed(entry) || entry.scope == Scope::history;
}

}  // namespace

std::string ExperimentFolder::foreign(const RunKey& key) const {
  const std::filesystem::path config = run(key) / "config.toml";
  if (!is_there(config)) return "";
  const Options expected = plan_.options_of(key);
  const std::vector<Difference> found = differences(read_options(config), expected, is_of_all_seeds);
  if (found.empty()) return "";
  return fmt::format(
      "{} is no run of this experiment: {}", shown(run(key)),
      difference_text(found, found.size() == 1 && found[0].name == "seed" ? "expected" : "in options.toml"));
}

void ExperimentFolder::check_runs() const {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < plan_.runs(); i++) {
    const std::string text = foreign(plan_.run(i));
    if (!text.empty()) texts.push_back(text);
  }
  if (texts.empty()) return;
  constexpr std::size_t kMost = 3;
  const std::size_t more = texts.size() - std::min(texts.size(), kMost);
  texts.resize(texts.size() - more);
  throw UsageError(
      fmt::format("[experiment] {}{}; put options.toml back as it was, or move those folders away, and "
                  "their seeds are trained anew",
                  fmt::join(texts, "; "), more > 0 ? fmt::format("; and {} more", more) : ""));
}

void ExperimentFolder::check_options() const {
  const std::vector<Difference> found = differences(read_options(options_file()), plan_.options, is_of_all_seeds);
  if (found.empty()) return;
  throw UsageError(
      fmt::format("[experiment] {} was changed while the experiment ran: {}; the other seeds have the "
                  "options of before, so put it back as it was",
                  shown(options_file()), difference_text(found, "before")));
}

}  // namespace ddpg
