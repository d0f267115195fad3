// Weights of a dense layer before it has learnt anything, [out, in] row by row. Drawn in double; the same on every
// machine. Not here: which layer gets which (network.cpp).
#pragma once

#include <vector>

#include "ddpg/random.h"

namespace ddpg {

// Rows, or where there are fewer of them columns, of length 1 and at right angles: so it neither stretches nor shrinks
// what comes through (Saxe et al. 2014, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
// networks"). Each such matrix is as likely as any other.
std::vector<float> orthogonal_weights(int out, int in, RandomStream& random);

// Normal with variance 2 / in, so that what relu halves keeps its size (He et al. 2015, "Delving deep into
// rectifiers"). Cut at two standard deviations and stretched to that variance again, as JAX and TensorFlow do.
std::vector<float> he_weights(int out, int in, RandomStream& random);

}  // namespace ddpg
