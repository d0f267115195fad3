// Training from the first step, and from a checkpoint. The life of a training: training.h.
#include "ddpg/train.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "ddpg/error.h"
#include "ddpg/interrupted.h"
#include "ddpg/version.h"
#include "options/option_changes.h"
#include "options/option_table.h"
#include "run/beginning.h"
#include "run/training.h"
#include "support/shown.h"

namespace ddpg {
namespace {

Options resolved(Options options) {
  options = with_absolute_files(std::move(options));
  validate(options);  // the folders before its files, too
  if (options.steps == 0) options.steps = find_environment(options.environment).suggested_steps;
  return options;
}

// "" where something is.
std::string why_nothing_is_learnt(const Options& options) {
  const std::int64_t first = steps_before_learning(options);
  if (options.offline_updates > 0 || options.steps - options.steps % options.update_interval > first) return "";
  return fmt::format(
      "nothing is learnt: the first update comes after step {} (learning_starts = {}, batch_size = {}, update_interval "
      "= {}), and the training ends at step {}",
      first, options.learning_starts, options.batch_size, options.update_interval, options.steps);
}

std::unique_ptr<Training> made(const Options& options, const std::vector<Observer*>& observers,
                               const std::string& checkpoints, const std::atomic<bool>* stop,
                               const Elsewhere& elsewhere, Training::Start start = Training::Start::from_options,
                               std::size_t changes = 0) {
  auto training = std::make_unique<Training>(options, observers, checkpoints, stop, start, changes, elsewhere);
  if (const std::string why = why_nothing_is_learnt(options); !why.empty()) training->warn(why);
  return training;
}

// How many of the options' changes were in force when it was kept.
std::size_t changes_of(LoadedCheckpoint& checkpoint) {
  std::int64_t changes = 0;
  if (checkpoint.snapshot.has("training.changes")) checkpoint.snapshot.value("training.changes", changes);
  return static_cast<std::size_t>(std::max<std::int64_t>(changes, 0));
}

// What has happened stays; what is added happens from the checkpoint's step on.
void check_changes(const Options& options, const Options& kept, std::size_t in_force, std::int64_t step,
                   const std::string& file) {
  const auto &now = options.changes, &before = kept.changes;
  const bool same = in_force <= now.size() && in_force <= before.size() &&
                    std::equal(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(in_force), now.begin());
  if (!same)
    throw UsageError(fmt::format(
        "[resume] the first {} of changes must be those of the checkpoint {}: they have happened", in_force, file));
  for (std::size_t i = in_force; i < now.size(); i++) {
    const bool had = i < before.size() && now[i] == before[i];  // it comes now: the checkpoint was kept just before it
    if (!had && read_change(now[i]).step < step)
      throw UsageError(
          fmt::format("[resume] changes: \"{}\" would have come before step {}, where {} stands", now[i], step, file));
  }
}

std::int64_t step_of(const LoadedCheckpoint& checkpoint) {
  const auto text = checkpoint.texts.find("step");
  std::int64_t step = 0;
  if (text != checkpoint.texts.end()) read_value(raw_from_text(text->second, Reading::any), step);
  return step;
}

void check_same(const Options& options, LoadedCheckpoint& checkpoint) {
  Options kept;
  apply_toml(kept, checkpoint.options, shown(checkpoint.file));
  kept = with_absolute_files(std::move(kept));
  const std::vector<Difference> found = differences(options, kept, is_fixed);
  if (found.empty())
    return check_changes(options, kept, changes_of(checkpoint), step_of(checkpoint), shown(checkpoint.file));
  throw UsageError(fmt::format(
      "[resume] these options are not those of the checkpoint {}, and a training is resumed with its own: {}; "
      "only {} may change, and others by changes (`ddpg resume --change`)",
      shown(checkpoint.file), difference_text(found, "in the checkpoint"), changeable_options()));
}

std::string version_warning(const std::string& version) {
  return fmt::format(
      "the checkpoint was written by ddpg {}, this is {}: where CHANGELOG.md names changed bits, the run continues "
      "with other bits than it would have had",
      version, kVersion);
}

void add_damage(std::string& damaged, const std::string& found) {
  if (!found.empty()) damaged += (damaged.empty() ? "a checkpoint cannot be used: " : "; another: ") + found;
}

std::optional<LoadedCheckpoint> load_if_sound(const std::filesystem::path& file, const std::atomic<bool>* stop,
                                              std::string& damaged) {
  std::optional<LoadedCheckpoint> checkpoint;
  const std::string damage = damage_found([&] {
    checkpoint = load_checkpoint(file, stop);
    changes_of(*checkpoint);  // throws where that is damaged
  });
  add_damage(damaged, damage);
  return damage.empty() ? std::move(checkpoint) : std::nullopt;
}

// Where a file of the replay buffer is damaged, which all checkpoints share, their networks may be whole.
std::string what_is_left(const std::filesystem::path& newest, const std::atomic<bool>* stop) try {
  load_checkpoint(newest, stop, ReplayRows::not_needed);
  return "; its networks can be read: a new training can start from what they have learnt (`ddpg train --from RUN`, "
         "option initial_run)";
} catch (const Interrupted&) {
  throw;
} catch (const Error&) {
  return "";
}

// The newest checkpoint that can be read; what could not be is reported. From the one before the first step the
// training begins anew: then an environment that does not offer its state comes to the same bits, too.
std::unique_ptr<Training> restored(const Options& options, const std::string& folder,
                                   const std::vector<Observer*>& observers, const std::atomic<bool>* stop,
                                   const Elsewhere& elsewhere) {
  const auto files = list_checkpoints(folder);
  std::string damaged;
  for (const auto& file : files) {
    std::optional<LoadedCheckpoint> loaded = load_if_sound(file, stop, damaged);
    if (!loaded) continue;
    LoadedCheckpoint& checkpoint = *loaded;
    check_same(options, checkpoint);
    auto training =
        made(options, observers, folder, stop, elsewhere, Training::Start::from_checkpoint, changes_of(checkpoint));
    const std::string damage = damage_found(
        [&] { checkpoint.texts["step"] == "0" ? training->begin_anew(checkpoint) : training->restore(checkpoint); });
    add_damage(damaged, damage);
    if (!damage.empty()) continue;
    if (!damaged.empty()) training->warn(fmt::format("{}; resuming from {}", damaged, shown(file.filename())));
    if (checkpoint.version != kVersion) training->warn(version_warning(checkpoint.version));
    return training;
  }
  if (!files.empty())
    throw Error(fmt::format("[resume] none of the checkpoints in {} can be used: {}{}", shown(folder), damaged,
                            what_is_left(files.front(), stop)));
  auto training = made(options, observers, folder, stop, elsewhere);
  training->begin_anew();
  training->warn("there is no checkpoint yet, so the run begins anew, to the same bits");
  return training;
}

}  // namespace

Policy policy_of_checkpoint(const std::filesystem::path& file) {
  LoadedCheckpoint checkpoint = load_checkpoint(file);
  Options options;
  apply_toml(options, checkpoint.options, shown(file));
  options = resolved(std::move(options));
  options.evaluation_episodes = 0;
  options.on_breakdown = OnBreakdown::stop;
  Training training(options, {}, "", nullptr, Training::Start::from_checkpoint, changes_of(checkpoint));
  if (checkpoint.texts["step"] != "0") training.restore(checkpoint);
  return training.current_policy();
}

TrainingResult train(const Options& options, const std::vector<Observer*>& observers, const std::atomic<bool>* stop,
                     const std::string& checkpoints, const Elsewhere& elsewhere) {
  return made(resolved(options), observers, checkpoints, stop, elsewhere)->run();
}

TrainingResult train(const Options& options, const std::vector<Observer*>& observers, const std::atomic<bool>* stop,
                     const std::string& checkpoints) {
  return train(options, observers, stop, checkpoints, {});
}

TrainingResult resume(const Options& options, const std::string& checkpoints, const std::vector<Observer*>& observers,
                      const std::atomic<bool>* stop, const Elsewhere& elsewhere) {
  if (checkpoints.empty())
    throw UsageError("[resume] the name of the folder of checkpoints is empty: which training is to be resumed?");
  return restored(resolved(options), checkpoints, observers, stop, elsewhere)->run();
}

TrainingResult resume(const Options& options, const std::string& checkpoints, const std::vector<Observer*>& observers,
                      const std::atomic<bool>* stop) {
  return resume(options, checkpoints, observers, stop, {});
}

}  // namespace ddpg
