// A network's numbers in a snapshot: each tensor by its public name and in its public layout (network.h), so that other
// programs can read them too.
#pragma once

#include <string_view>

#include "nn/network.h"
#include "support/snapshot.h"

namespace ddpg {

// Parameters and running statistics.
void exchange_weights(Snapshot& snapshot, std::string_view name, const Network& network, Weights& weights);
// What there is one of for each parameter: gradients, moments.
void exchange_parameters(Snapshot& snapshot, std::string_view name, const Network& network, AlignedFloats& floats);

}  // namespace ddpg
