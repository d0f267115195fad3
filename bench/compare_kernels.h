// What compare_kernels.cpp asks of each library, and compare_libraries.cpp answers.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "nn/panels.h"

namespace ddpg {

enum class Kind { forward, backward_input, backward_weights };

// One matrix product of a dense layer, as a library gets it, row-major: c [m, n] = A [m, k] b [k, n].
//   forward            c = y [rows, outputs],   A = x [rows, inputs],   b = W' [inputs, outputs]; then bias and relu
//   backward_input     c = dx [rows, inputs],   A = dz [rows, outputs], b = W [outputs, inputs]
//   backward_weights   c = dW' [inputs, outputs], A = x', b = dz [rows, outputs]; a holds x, which is A transposed
struct Product {
  Kind kind;
  int m, n, k;
  AlignedFloats a, b, bias, c;

  bool transposed() const { return kind == Kind::backward_weights; }  // a holds [k, m]
};

using Work = std::function<void()>;

// A way to compute a product; used only while the product is there.
struct Way {
  template <class W>
  Way(W timed, Work then = nullptr) : work(std::move(timed)), finish(std::move(then)) {}
  Work work;    // what is timed
  Work finish;  // brings the result into c where work leaves it elsewhere
};

struct Library {
  const char* name;
  const char* package;
  bool fuses;  // bias and relu are part of the forward product
  std::string version;
  std::vector<Way> (*ways)(Product&);  // the ways to call it that are worth trying; null: not compiled in
};

std::vector<Library> all_libraries();

}  // namespace ddpg
