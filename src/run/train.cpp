// Training from the first step, and from a checkpoint. The life of a training: training.h.
#include "ddpg/train.h"

#include <fmt/format.h>

#include <memory>
#include <string>

#include "ddpg/error.h"
#include "ddpg/version.h"
#include "run/option_table.h"
#include "run/training.h"
#include "support/shown.h"

namespace ddpg {
namespace {

Options resolved(Options options) {
  validate(options);
  if (options.steps == 0) options.steps = find_environment(options.environment).suggested_steps;
  return options;
}

void check_same(const Options& options, const LoadedCheckpoint& checkpoint) {
  Options kept;
  apply_toml(kept, checkpoint.options, shown(checkpoint.file));
  const std::vector<Difference> found = differences(options, kept, is_fixed);
  if (found.empty()) return;
  throw UsageError(
      fmt::format("[resume] these options are not those of the checkpoint {}, and a training goes on with its own: {}; "
                  "only {} may change",
                  shown(checkpoint.file), difference_text(found, "in the checkpoint"), changeable_options()));
}

// The newest checkpoint that can be read; what could not be is told.
std::unique_ptr<Training> restored(const Options& options, const std::string& folder,
                                   const std::vector<Observer*>& observers) {
  const auto files = list_checkpoints(folder);
  std::string damaged;
  for (const auto& file : files) {
    auto training = std::make_unique<Training>(options, observers, folder);
    try {
      LoadedCheckpoint checkpoint = load_checkpoint(file);
      check_same(options, checkpoint);
      training->restore(checkpoint);
      if (!damaged.empty()) training->warn(fmt::format("{}; going on from {}", damaged, shown(file.filename())));
      if (checkpoint.version != kVersion)
        training->warn(
            fmt::format("the checkpoint was written by ddpg {}, this is {}: where CHANGELOG.md tells of "
                        "changed bits, the run goes on with other bits than it would have had",
                        checkpoint.version, kVersion));
      return training;
    } catch (const UsageError&) {
      throw;
    } catch (const Error& error) {
      damaged += (damaged.empty() ? "a checkpoint cannot be used: " : "; another: ") + std::string(error.what());
    }
  }
  if (files.empty()) {
    auto training = std::make_unique<Training>(options, observers, folder);
    training->warn("there is no checkpoint yet, so the run begins anew, to the same bits");
    return training;
  }
  throw Error(fmt::format("[resume] none of the checkpoints in {} can be used: {}", folder, damaged));
}

}  // namespace

TrainingResult train(const Options& options, const std::vector<Observer*>& observers, const std::atomic<bool>* stop,
                     const std::string& checkpoints) {
  return Training(resolved(options), observers, checkpoints).run(stop);
}

TrainingResult resume(const Options& options, const std::string& checkpoints, const std::vector<Observer*>& observers,
                      const std::atomic<bool>* stop) {
  return restored(resolved(options), checkpoints, observers)->run(stop);
}

}  // namespace ddpg
