// A policy as a C99 header: everything in one file, constants and plain loops, for processors with no operating system.
//
// The loops do what the kernels do (nn/kernels_reference.cpp), sum for sum, so that where the processor fuses multiply
// and add, or computes with doubles, the actions are those of the trained policy to the bit. Not here: how the C code
// reads (c_parts.h).
#pragma once

#include <string>
#include <string_view>

#include "ddpg/export.h"
#include "policy/content.h"

namespace ddpg {

// A C identifier made of a file's stem: "my-policy" gives my_policy.
std::string c_name(std::string_view stem);
// Throws UsageError where `name` is no C identifier that a header can begin its names with.
void check_c_name(const std::string& name);

struct CHeader {
  std::string name;  // what its names begin with
  bool int8 = false;
  ActionDifference int8_difference;
  PolicyPairs pairs;  // for the check function
};

std::string c_header(const Policy::Content& content, const CHeader& header);

// What a header says of itself in its second line, for reading it again. Throws Error where `text` is no such header.
struct CHeaderMark {
  std::string name;
  bool int8 = false;
  int observations = 0, actions = 0;
  int sensors = 0;  // 0 of a policy that carries no wrappers
};
CHeaderMark read_c_header_mark(std::string_view text, const std::string& where);

// The weights as 8-bit integers, row by row, each row times its scale: |w - scale q| <= scale / 2.
struct Int8Weights {
  std::vector<signed char> values;  // [out, in]
  std::vector<float> scales;        // [out]
};
Int8Weights quantise(const Tensor& weight);
// The policy that the 8-bit weights make.
Policy::Content with_int8_weights(Policy::Content content);

}  // namespace ddpg
