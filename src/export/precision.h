// Whether single precision can distinguish a policy's observations. A policy normalises in double precision, but an
// observation that is given as floats has already lost what a float cannot hold.
#pragma once

#include <string>

#include "policy/content.h"

namespace ddpg {

// The observation of whose deviation floats lose the largest share, when that is more than 1e-4; otherwise -1.
int lost_in_floats(const Policy::Content& content);

// "observation[3] (x) lies at 1e+08 with a deviation of 2, and floats there have steps of 8"
std::string loss_in_words(const Policy::Content& content, int observation);

}  // namespace ddpg
