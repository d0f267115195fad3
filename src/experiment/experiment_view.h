// An experiment as a person watches it. It gives text to a function of its caller; on a terminal a block of lines
// rewritten in place, one for each seed, elsewhere a plain line whenever a seed has something to report.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/experiment.h"

namespace ddpg {

struct ExperimentViewOptions {
  std::function<void(std::string_view)> write;     // receives all text
  bool live = false;                               // `write` leads to a terminal
  std::function<int()> width = [] { return 80; };  // columns and lines of that terminal, asked at each drawing
  std::function<int()> height = [] { return 24; };
  int at_a_time = 0;             // trainings; 0: as many as the plan says
  std::string command = "ddpg";  // how this program is called, for the next command to type
};

class ExperimentView {
 public:
  ExperimentView(const ExperimentFolder& folder, ExperimentViewOptions options);

  void started(const std::vector<SeedProgress>& seeds);
  void changed(const std::vector<SeedProgress>& seeds);  // draws what differs from what was shown before
  void move_down() { drawn_.clear(); }  // something else was written below the block: the next goes below that
  void ended(const std::vector<SeedProgress>& seeds);

 private:
  int at_a_time() const { return options_.at_a_time > 0 ? options_.at_a_time : folder_.plan().jobs; }
  void draw(const std::vector<SeedProgress>& seeds);
  void report(const SeedProgress& seed, const SeedProgress& before);

  const ExperimentFolder& folder_;
  ExperimentViewOptions options_;
  std::vector<SeedProgress> reported_;
  std::string drawn_;  // the block that is on the terminal
};

}  // namespace ddpg
