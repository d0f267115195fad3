// What a policy consists of, as plain data: what its file holds.
#pragma once

#include <string>
#include <vector>

#include "ddpg/policy.h"
#include "deploy/view.h"
#include "nn/network.h"

namespace ddpg {

struct Policy::Content {
  NetworkBody body;             // an actor: action_size 0, output_size() = number of action dimensions, tanh at the end
  std::vector<Tensor> tensors;  // exactly those of `body`
  std::vector<float> action_low, action_high;
  bool normalise = false;         // observations by the statistics below
  std::vector<double> mean;       // [observation_size], only when `normalise`
  std::vector<double> deviation;  // standard deviations > 0
  double clip = 0;                // normalised observations are cut to +- this
  Provenance provenance;
  // what the environment's specification holds beside sizes and bounds
  int time_limit = 0;
  double control_period = 0;
  std::vector<std::string> observation_names, observation_units, action_names, action_units;
  // what stood between the task and who acted, from the world outwards, and is done with the policy wherever it plays
  std::vector<deploy::CarriedWrapper> wrappers;
  // check pairs: what the trained actor did with real observations
  std::vector<float> check_observations;  // [checks, observation_size]
  std::vector<float> check_actions;       // [checks, action_size]

  int sensor_size() const {
    return deploy::sensor_size_of(wrappers, body.observation_size, static_cast<int>(action_low.size()));
  }
  std::size_t checks() const { return check_actions.size() / action_low.size(); }
};

}  // namespace ddpg
