// Run folders as a training leaves them, written by hand: quick to make, and with just the numbers that a test wants.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ddpg/options.h"
#include "record/csv.h"
#include "support/files.h"

namespace ddpg::testing {

class WrittenRuns {
 public:
  WrittenRuns() {
    std::string name = (std::filesystem::path(::testing::TempDir()) / "ddpg_runs_XXXXXX").string();
    root = ::mkdtemp(name.data());
  }
  ~WrittenRuns() { std::filesystem::remove_all(root); }
  WrittenRuns(const WrittenRuns&) = delete;

  // A run that was evaluated every 1,000 steps, with these returns.
  std::filesystem::path add(const std::string& name, std::uint64_t seed, const std::vector<double>& returns,
                            const std::function<void(Options&)>& change = {}, std::int64_t interval = 1'000) const {
    Options options = find_preset("default").options;
    options.environment = "Pendulum-v1";
    options.seed = seed;
    options.steps = 1'000 * 20;
    if (change) change(options);
    std::filesystem::create_directories(root / name);
    write(name + "/config.toml", to_toml(options));
    write(name + "/machine.json",
          R"({"version": "0.1.0", "processor": "a processor", "started": "2026-01-01T00:00:00Z"})");
    std::string table = csv_header() + "\n";
    for (std::size_t i = 0; i < returns.size(); i++)
      table += csv_row(row(interval * static_cast<int>(i), returns[i])) + "\n";
    write(name + "/progress.csv", table);
    return root / name;
  }

  void write(const std::string& file, const std::string& text) const {
    std::filesystem::create_directories((root / file).parent_path());
    write_file_atomically(root / file, text);
  }

  std::filesystem::path root;

 private:
  static Progress row(std::int64_t step, double total) {
    Progress progress;
    progress.step = step;
    progress.critic_loss = 0.5;
    progress.mean_q = -3;
    progress.seconds = static_cast<double>(step) / 100;
    progress.evaluation.episodes = 10;
    progress.evaluation.mean_return = total;
    progress.evaluation.predicted_q = -2;
    progress.evaluation.discounted_return = -3;
    return progress;
  }
};

}  // namespace ddpg::testing
