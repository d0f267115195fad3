// Any bytes as a file with rows of the replay buffer: they are refused with an Error, or their rows are put back.
#include "checkpoint_samples.h"
#include "run/checkpoints.h"
#include "scratch_folder.h"

namespace ddpg {
namespace {

constexpr ReplayRange kRange = {6, 20};  // of the file in the corpus

void try_bytes(std::string_view bytes) {
  const std::string name = "replay.safetensors";
  testing::scratch_file(name, bytes);
  try {
    const CheckpointFile parsed = parse_checkpoint_file(bytes, "x");
    LoadedCheckpoint checkpoint;
    checkpoint.file = testing::scratch_folder() / "checkpoint";
    checkpoint.replay_files = {{name, kRange, parsed.checksum}};
    const Options options = testing::sampled_options();
    Replay replay(3, 1, options.replay_capacity, options.environments);
    restore_replay_rows(checkpoint, replay);
  } catch (const Error&) {
  }
}

}  // namespace
}  // namespace ddpg

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return ddpg::testing::as_given_and_repaired(data, size, ddpg::try_bytes);
}
