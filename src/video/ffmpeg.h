// The program ffmpeg as a sink for bytes. It is started without a shell, reads from us and writes its own file. Not
// here: what its arguments mean.
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <vector>

namespace ddpg {

class Ffmpeg {
 public:
  // Starts `program`. `output` names what is written, for errors. Throws Error where there is no such program.
  Ffmpeg(const std::string& program, std::vector<std::string> arguments, std::string output);
  ~Ffmpeg();  // kills it where it has not finished
  Ffmpeg(const Ffmpeg&) = delete;

  // Throws Error with ffmpeg's last words when it has ended.
  void write(std::span<const unsigned char> bytes);
  // Tells the end and waits for it. Throws Error likewise when it failed.
  void finish();

 private:
  [[noreturn]] void fail(int status) const;
  std::string last_words() const;
  int wait();

  std::string output_;
  ::pid_t process_ = -1;
  int input_ = -1;  // our end of the socket that it reads
  int words_ = -1;  // what it says, a file in memory
};

}  // namespace ddpg
