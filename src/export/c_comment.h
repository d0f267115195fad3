// The comment of a C header before the code: see c_comment.cpp.
#pragma once

#include <cstddef>
#include <string>

#include "export/c_header.h"

namespace ddpg {

struct CSizes {
  std::size_t constants = 0;  // bytes
  std::size_t stack = 0;      // bytes of the buffers of its act function
};

std::string c_comment(const Policy::Content& content, const CHeader& header, const CSizes& sizes);

}  // namespace ddpg
