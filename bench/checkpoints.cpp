#include "bench/checkpoints.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "bench/measure.h"
#include "bench/updates.h"
#include "run/checkpoints.h"
#include "support/machine.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;

// Gone with all that is in it, however the benchmark ends.
struct Place {
  fs::path path = fs::temp_directory_path() / ("ddpg-bench-" + std::to_string(::getpid()));
  ~Place() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  double megabytes() const {
    double bytes = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator(path))
      bytes += static_cast<double>(entry.file_size());
    return bytes / 1e6;
  }
};

double milliseconds(const Stopwatch& watch) {
  return 1e3 * watch.seconds();
}

}  // namespace

BenchmarkResult benchmark_checkpoint(const std::string& name, const BenchmarkOptions& bench) {
  constexpr std::int64_t kTransitions = 1'000'000;
  const Options options = sized({256, 256}, 256);
  Learner learner(options, box(17, 6), Compute{});
  Replay replay(17, 6, kTransitions);
  fill(replay, 17, 6, kTransitions);
  UpdateLoop update({"", 17, 6, options}, bench.threads);
  update();
  std::vector<double> alone;
  for (int i = 0; i < 50; i++) {
    const Stopwatch watch(false);
    update();
    alone.push_back(milliseconds(watch));
  }

  const Place place;
  CheckpointWriter writer(place.path, 1);
  const double resident = static_cast<double>(resident_memory());
  const Stopwatch whole(false);
  const Stopwatch pause(false);
  Snapshot state;
  learner.exchange(state);
  writer.write(kTransitions, std::move(state), {{"options", to_toml(options)}}, replay);
  const double paused = milliseconds(pause);
  double longest = 0, most_resident = 0;
  while (writer.busy()) {
    const Stopwatch watch(false);
    update();
    longest = std::max(longest, milliseconds(watch));
    most_resident = std::max(most_resident, static_cast<double>(resident_memory()));
  }
  const double seconds = whole.seconds();
  writer.finish();
  return {name,
          bench.threads,
          {{"pause_milliseconds", paused},
           {"update_milliseconds_alone", median(alone)},
           {"longest_update_milliseconds", longest},
           {"seconds", seconds},
           {"megabytes", place.megabytes()},
           {"more_resident_megabytes", std::max(0.0, most_resident - resident) / 1e6}}};
}

}  // namespace ddpg
