// Any bytes as the file of a checkpoint: they are refused with an Error, or a training is put back from them and goes
// on.
#include <utility>

#include "checkpoint_samples.h"
#include "ddpg/train.h"
#include "run/checkpoints.h"
#include "run/training.h"
#include "scratch_folder.h"

namespace ddpg {
namespace {

// The sampled training's last checkpoint; its replay files lie beside it.
const LoadedCheckpoint& sampled_checkpoint() {
  static const LoadedCheckpoint checkpoint = [] {
    Options options = testing::sampled_options();
    options.steps = 40;
    train(options, {}, nullptr, testing::scratch_folder());
    return load_checkpoint(list_checkpoints(testing::scratch_folder()).front());
  }();
  return checkpoint;
}

// What is put back must be able to go on.
void try_snapshot(LoadedCheckpoint& checkpoint) try {
  Training(testing::sampled_options(), {}, "").restore(checkpoint);
  Algorithm algorithm = testing::sampled_algorithm();
  restore_replay_rows(checkpoint, algorithm.replay());
  checkpoint.snapshot.inside("algorithm", [&] { algorithm.exchange(checkpoint.snapshot); });
  for (int i = 0; i < 4; i++) algorithm.step(2);
  Progress progress;
  algorithm.measure(progress);
  Snapshot again;
  algorithm.exchange(again);
} catch (const Error&) {
}

void try_bytes(std::string_view bytes) {
  LoadedCheckpoint checkpoint;
  try {
    CheckpointFile parsed = parse_checkpoint_file(bytes, "x");
    checkpoint.file = sampled_checkpoint().file;
    checkpoint.replay_files = sampled_checkpoint().replay_files;
    checkpoint.snapshot = Snapshot(std::move(parsed.parts), "x");
  } catch (const Error&) {
    return;
  }
  try_snapshot(checkpoint);
  try {
    checkpoint = load_checkpoint(testing::scratch_file("checkpoint-000000000041.safetensors", bytes));
    Options kept;
    apply_toml(kept, checkpoint.options, "x");
  } catch (const Error&) {
    return;
  }
  try_snapshot(checkpoint);
}

}  // namespace
}  // namespace ddpg

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return ddpg::testing::as_given_and_repaired(data, size, ddpg::try_bytes);
}
