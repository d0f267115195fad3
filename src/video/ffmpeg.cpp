#include "video/ffmpeg.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "ddpg/error.h"

namespace ddpg {

Ffmpeg::Ffmpeg(const std::string& program, std::vector<std::string> arguments, std::string output,
               const std::atomic<bool>* stop)
    : output_(std::move(output)), program_(program, std::move(arguments), Program::Answers::no, stop) {
  if (program_.error() == 0) return;
  if (program_.error() == ENOENT) {
    throw Error(
        fmt::format("[video] the program {} was not found, and it writes the videos; install the Debian package "
                    "ffmpeg (as root: apt-get install ffmpeg)",
                    program));
  }
  throw Error(fmt::format("[video] cannot start the program {}: {}", program, std::strerror(program_.error())));
}

void Ffmpeg::write(std::span<const unsigned char> bytes) {
  if (!program_.write(bytes)) fail(program_.wait());
}

void Ffmpeg::finish() {
  if (const int status = program_.wait(); status != 0) fail(status);
}

void Ffmpeg::fail(int status) const {
  const std::string words = program_.last_words();
  throw Error(fmt::format("[video] ffmpeg {} while it wrote {}; no video was written. {}", Program::ending(status),
                          output_, words.empty() ? "It said nothing." : "Its last words:\n" + words));
}

}  // namespace ddpg
