#include "data/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>
#include <string>

#include "ddpg/error.h"

namespace ddpg {

struct Inflater::Stream {
  z_stream z{};
};

Inflater::Inflater() : stream_(std::make_unique<Stream>()) {
  if (::inflateInit2(&stream_->z, -MAX_WBITS) != Z_OK) throw std::bad_alloc();  // minus: without zlib's own header
}

Inflater::~Inflater() {
  ::inflateEnd(&stream_->z);
}

Inflater::Piece Inflater::inflate(std::string_view compressed, char* room, std::size_t size) {
  constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
  z_stream& z = stream_->z;
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));  // which zlib only reads
  z.avail_in = static_cast<uInt>(std::min(compressed.size(), kMost));
  z.next_out = reinterpret_cast<Bytef*>(room);
  z.avail_out = static_cast<uInt>(std::min(size, kMost));
  const uInt before = z.avail_in, room_before = z.avail_out;
  const int code = ::inflate(&z, Z_NO_FLUSH);
  if (code == Z_MEM_ERROR) throw std::bad_alloc();
  if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
    throw Error(std::string("its compressed data are damaged") + (z.msg ? std::string(": ") + z.msg : ""));
  return {before - z.avail_in, room_before - z.avail_out, code == Z_STREAM_END};
}

bool can_inflate() {
  return true;
}

}  // namespace ddpg
