// One array of NumPy, format npy (numpy.lib.format, versions 1 to 3): a header, then rows of numbers. Nothing that a
// file says is trusted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/zip.h"

namespace ddpg {

struct NpyHeader {
  char kind = 'f';  // of a number: f float, i and u whole, b boolean
  int bytes = 4;    // of a number
  bool fortran = false;
  std::vector<std::uint64_t> shape;
};
// Of the text that begins with {'descr': ...}. Throws Error "what".
NpyHeader parse_npy_header(std::string_view text);

// The rows of an array, front to back.
class NpyRows {
 public:
  // The member's stream must outlive it. Throws Error naming file and member.
  explicit NpyRows(ZipStream& stream);

  std::uint64_t rows() const { return header_.shape[0]; }
  // Numbers in a row; 1 for an array of one dimension.
  std::uint64_t width() const { return header_.shape.size() == 2 ? header_.shape[1] : 1; }
  // The next row, of `width` numbers, which must be width().
  void read(double* to, std::size_t width);

 private:
  void check_size();
  double number(const char* bytes) const;

  ZipStream& stream_;
  NpyHeader header_;
  std::string read_;  // rows that were read together
  std::size_t taken_ = 0;
};

}  // namespace ddpg
