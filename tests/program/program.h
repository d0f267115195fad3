// Runs the built program as a user does: in a folder of its own, with arguments, looking at exit code, output and
// files.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "places.h"

namespace ddpg::testing {

struct Finished {
  int code = -1;   // exit code, or -1
  int signal = 0;  // that killed it, or 0
  std::string out, err;

  nlohmann::json json() const;  // of the last line of `out`
};

// A folder that exists as long as this object, in which the program runs.
class Workplace {
 public:
  explicit Workplace(std::string program = program_file());
  ~Workplace();
  Workplace(const Workplace&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
  // A training small enough for a test, with further arguments.
  Finished train(const std::vector<std::string>& more = {});
  Finished run(const std::vector<std::string>& arguments);

  // For a program that is watched while it runs.
  // `leads_group`: of a process group, as a shell at a terminal makes one for each command.
  ::pid_t begin(const std::vector<std::string>& arguments, bool leads_group = false);
  Finished wait(::pid_t process);
  std::string errors_so_far() const;

 private:
  std::string program_;
  std::filesystem::path folder_;
};

// Options of that small training.
std::vector<std::string> small_training(const std::vector<std::string>& more = {});
// Where its run lies when no folder was named, but for "-seed0".
inline const std::string kSmallRun = "runs/Pendulum-v1/default-batch_size=8-replay_capacity=1000-warmup_steps=100+3";
// Whether `condition` became true within a minute.
bool eventually(const std::function<bool()>& condition);
std::string text_of(const std::filesystem::path& file);
bool has_row(const std::filesystem::path& run, const std::string& step);  // its progress.csv, of that step
// progress.csv without the last three columns, which depend on the clock.
std::string without_clock(const std::string& table);
void write_text(const std::filesystem::path& file, const std::string& text);

}  // namespace ddpg::testing
