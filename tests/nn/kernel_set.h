// A test that runs on each set of kernels of this processor, beside the reference.
#pragma once

#include <gtest/gtest.h>

#include <iterator>
#include <ostream>

#include "nn/kernels.h"
#include "nn/random_panels.h"

namespace ddpg {

// What a parameter is called in test names; found by gtest.
inline void PrintTo(const Kernels* kernels, std::ostream* out) {
  *out << kernels->name;
}

namespace testing {

inline constexpr Activation kActivations[] = {Activation::linear, Activation::relu, Activation::tanh, Activation::elu};

class KernelSet : public ::testing::TestWithParam<const Kernels*> {
 protected:
  // 1 to 70, every other time one where tiles and panels begin or end
  int size() {
    constexpr int kEdges[] = {1, 3, 6, 16, 17, 48, 64};
    return random.below(2) ? kEdges[random.below(std::size(kEdges))] : 1 + static_cast<int>(random.below(70));
  }
  Activation activation() { return kActivations[random.below(std::size(kActivations))]; }

  static constexpr int kCases = 150;
  const Kernels& fast = *GetParam();
  const Kernels& plain = reference_kernels();
  RandomStream random{1, "kernels"};
};

}  // namespace testing
}  // namespace ddpg
