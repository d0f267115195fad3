// Another program at work: started without a shell, written to, read from, waited for. Where something goes wrong it
// is the caller who says so, in words of its own.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <span>
#include <string>
#include <vector>

namespace ddpg {

class Program {
 public:
  enum class Answers { no, yes };  // whether its standard output can be read; otherwise it is thrown away

  // Starts it; its name is a path, or found as a shell would find it. Whether that went well: error(). When `*stop`
  // becomes true, write(), read() and wait() throw Interrupted.
  Program(const std::string& name, std::vector<std::string> arguments, Answers answers,
          const std::atomic<bool>* stop = nullptr);
  ~Program();  // kills it where it is still at work, with the programs that it started
  Program(const Program&) = delete;

  int error() const { return error_; }  // number of the error that kept it from starting, or 0; ENOENT: not found

  bool write(std::span<const unsigned char> bytes);  // to its standard input; false where it is gone
  bool read(std::span<unsigned char> bytes);         // as many of its standard output; false where it ends before
  // Ends its input and waits for it. Its status as waitpid() gives it; 0 where there is nothing to wait for.
  int wait();

  std::string last_words() const;         // the last lines that it said on standard error
  static std::string ending(int status);  // "ended with exit code 1", "was ended by signal 9 (Killed)"

 private:
  void wait_for(short events) const;

  std::string what_;  // is interrupted by a stop
  const std::atomic<bool>* stop_;
  ::pid_t process_ = -1;
  int stream_ = -1;  // our end of the socket that is its standard input, and output where it answers
  int words_ = -1;   // what it says, a file in memory
  int error_ = 0;
};

}  // namespace ddpg
