// The program ffmpeg as a sink for bytes. It is started without a shell, reads from us and writes its own file. Not
// here: what its arguments mean.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "support/program.h"

namespace ddpg {

class Ffmpeg {
 public:
  // Starts `program`. `output` names what is written, for errors. Throws Error where there is no such program.
  // When `*stop` becomes true, write() and finish() throw Interrupted.
  Ffmpeg(const std::string& program, std::vector<std::string> arguments, std::string output,
         const std::atomic<bool>* stop);

  // Throws Error with ffmpeg's last words when it has ended.
  void write(std::span<const unsigned char> bytes);
  // Ends its input and waits for it. Throws Error likewise when it failed.
  void finish();

 private:
  [[noreturn]] void fail(int status) const;

  std::string output_;
  Program program_;  // killed where it has not finished
};

}  // namespace ddpg
