// The last part of a backward pass: gradients of the dense layers' weights and biases.
#pragma once

#include "nn/passes.h"

namespace ddpg {

// Of all layers together, from the gradients to what they give, which are in the trace's slots, into `gradient`.
void weight_gradients(const Network& network, const Compute& compute, ConstPanels observation, ConstPanels action,
                      Trace& trace, float* gradient);

}  // namespace ddpg
