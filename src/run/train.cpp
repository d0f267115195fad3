// Training from the first step, and from a checkpoint. The life of a training: training.h.
#include "ddpg/train.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "ddpg/error.h"
#include "ddpg/interrupted.h"
#include "ddpg/version.h"
#include "envs/source_files.h"
#include "options/option_table.h"
#include "run/beginning.h"
#include "run/training.h"
#include "support/shown.h"

namespace ddpg {
namespace {

Options resolved(Options options) {
  validate(options);
  options.env = settled(std::move(options.env));
  options = with_absolute_files(std::move(options));
  if (options.steps == 0) options.steps = find_environment(options.environment).suggested_steps;
  return options;
}

// "" where something is.
std::string why_nothing_is_learnt(const Options& options) {
  const std::int64_t first = std::max<std::int64_t>(options.learning_starts, options.batch_size - 1);
  if (options.steps - options.steps % options.update_interval > first) return "";
  return fmt::format(
      "nothing is learnt: the first update comes after step {} (learning_starts = {}, batch_size = {}, update_interval "
      "= {}), and the training ends at step {}",
      first, options.learning_starts, options.batch_size, options.update_interval, options.steps);
}

std::unique_ptr<Training> made(const Options& options, const std::vector<Observer*>& observers,
                               const std::string& checkpoints, const std::atomic<bool>* stop,
                               Training::Start start = Training::Start::from_options) {
  auto training = std::make_unique<Training>(options, observers, checkpoints, stop, start);
  if (const std::string why = why_nothing_is_learnt(options); !why.empty()) training->warn(why);
  return training;
}

void check_same(const Options& options, const LoadedCheckpoint& checkpoint) {
  Options kept;
  apply_toml(kept, checkpoint.options, shown(checkpoint.file));
  kept.env = settled(std::move(kept.env));
  kept = with_absolute_files(std::move(kept));
  const std::vector<Difference> found = differences(options, kept, is_fixed);
  if (found.empty()) return;
  throw UsageError(fmt::format(
      "[resume] these options are not those of the checkpoint {}, and a training is resumed with its own: {}; "
      "only {} may change",
      shown(checkpoint.file), difference_text(found, "in the checkpoint"), changeable_options()));
}

std::string version_warning(const std::string& version) {
  return fmt::format(
      "the checkpoint was written by ddpg {}, this is {}: where CHANGELOG.md names changed bits, the run continues "
      "with other bits than it would have had",
      version, kVersion);
}

// The newest checkpoint that can be read; what could not be is reported. From the one before the first step the
// training begins anew: then an environment that does not offer its state comes to the same bits, too.
std::unique_ptr<Training> restored(const Options& options, const std::string& folder,
                                   const std::vector<Observer*>& observers, const std::atomic<bool>* stop) {
  const auto files = list_checkpoints(folder);
  std::string damaged;
  for (const auto& file : files) {
    auto training = made(options, observers, folder, stop, Training::Start::from_checkpoint);
    try {
      LoadedCheckpoint checkpoint = load_checkpoint(file, stop);
      check_same(options, checkpoint);
      checkpoint.texts["step"] == "0" ? training->begin_anew(checkpoint) : training->restore(checkpoint);
      if (!damaged.empty()) training->warn(fmt::format("{}; resuming from {}", damaged, shown(file.filename())));
      if (checkpoint.version != kVersion) training->warn(version_warning(checkpoint.version));
      return training;
    } catch (const UsageError&) {
      throw;
    } catch (const Interrupted&) {
      throw;
    } catch (const Error& error) {
      damaged += (damaged.empty() ? "a checkpoint cannot be used: " : "; another: ") + std::string(error.what());
    }
  }
  if (!files.empty())
    throw Error(fmt::format("[resume] none of the checkpoints in {} can be used: {}", shown(folder), damaged));
  auto training = made(options, observers, folder, stop);
  training->begin_anew();
  training->warn("there is no checkpoint yet, so the run begins anew, to the same bits");
  return training;
}

}  // namespace

TrainingResult train(const Options& options, const std::vector<Observer*>& observers, const std::atomic<bool>* stop,
                     const std::string& checkpoints) {
  return made(resolved(options), observers, checkpoints, stop)->run();
}

TrainingResult resume(const Options& options, const std::string& checkpoints, const std::vector<Observer*>& observers,
                      const std::atomic<bool>* stop) {
  if (checkpoints.empty())
    throw UsageError("[resume] the name of the folder of checkpoints is empty: which training is to be resumed?");
  return restored(resolved(options), checkpoints, observers, stop)->run();
}

}  // namespace ddpg
