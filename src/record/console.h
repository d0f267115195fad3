// A training as a person watches it: what begins, how it goes, how it ended. It gives text to a function of its caller;
// on a terminal one live line rewritten in place, elsewhere plain lines without control characters.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "ddpg/observer.h"
#include "record/live_line.h"

namespace ddpg {

struct ConsoleOptions {
  std::function<void(std::string_view)> write;     // receives all text
  bool live = false;                               // `write` leads to a terminal
  std::function<int()> width = [] { return 80; };  // columns of that terminal, asked at each drawing
  std::function<double()> seconds;                 // a clock; the system's steady one when empty
  std::filesystem::path run;                       // folder of the run, named at the start and at the end
  std::string command = "ddpg";                    // how this program is called, for the next command to type
};

class Console : public Observer {
 public:
  explicit Console(ConsoleOptions options);
  ~Console() override;  // ends a live line that an error left open
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  void started(const RunStart& start) override;
  void stepped(std::int64_t step) override;
  void progressed(const Progress& progress, const Policy& policy) override;
  void ended(const Summary& summary, const Policy& policy) override;
  void warn(const std::string& warning);

 private:
  void draw();
  void write_row(const Progress& progress);
  void finish_line();

  ConsoleOptions options_;
  bool has_evaluations_ = false;
  LiveState state_;
  Rate rate_;
  double last_drawn_ = kNotMeasured;
  bool line_open_ = false;
};

}  // namespace ddpg
