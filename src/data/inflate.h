// The decompression of DEFLATE (RFC 1951), by the library zlib. Where ddpg was built without it, no_zlib.cpp stands in
// its place.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace ddpg {

class Inflater {
 public:
  // Throws Error, saying what to do, where ddpg was built without zlib.
  Inflater();
  ~Inflater();

  struct Piece {
    std::size_t taken = 0, made = 0;  // bytes of the input, and of `room`
    bool ended = false;               // the stream is through
  };
  // Makes what it can of `compressed`, at most `size` bytes. Throws Error where it is no such stream.
  Piece inflate(std::string_view compressed, char* room, std::size_t size);

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

// Whether ddpg was built with zlib.
bool can_inflate();

}  // namespace ddpg
