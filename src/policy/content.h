// What a policy consists of, as plain data: what its file holds.
#pragma once

#include <vector>

#include "ddpg/policy.h"
#include "nn/network.h"

namespace ddpg {

struct Policy::Content {
  NetworkShape shape;           // an actor: action_size 0, output_size = number of action dimensions, tanh output
  std::vector<Tensor> tensors;  // exactly those of `shape`
  std::vector<float> action_low, action_high;
  bool normalise = false;         // observations by the statistics below
  std::vector<double> mean;       // [observation_size], only when `normalise`
  std::vector<double> deviation;  // standard deviations > 0
  double clip = 0;                // normalised observations are cut to +- this
  Provenance provenance;
};

}  // namespace ddpg
