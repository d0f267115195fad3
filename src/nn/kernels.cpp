// Chooses among the sets of kernels. What they compute stands in kernels_reference.cpp.
#include "nn/kernels.h"

#include <cstdint>

#include "nn/kernels_targets.h"
// clang-format off
#include <hwy/highway.h>
#include <hwy/targets.h>
// clang-format on

namespace ddpg {

void fill_dense_kernels(Kernels& kernels);        // kernels_dense.cpp
void fill_row_kernels(Kernels& kernels);          // kernels_rows.cpp
void fill_loss_kernels(Kernels& kernels);         // kernels_losses.cpp
void fill_avg_l1_norm_kernels(Kernels& kernels);  // kernels_avg_l1_norm.cpp

namespace {

constexpr std::int64_t kFusing = HWY_AVX2 | HWY_AVX3 | HWY_NEON;

// The set compiled for one instruction set; for a moment Highway takes the processor to have nothing else.
Kernels kernels_for(std::int64_t target) {
  Kernels kernels{};
  hwy::SetSupportedTargetsForTest(target);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  fill_dense_kernels(kernels);
  fill_row_kernels(kernels);
  fill_loss_kernels(kernels);
  fill_avg_l1_norm_kernels(kernels);
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return kernels;
}

const std::vector<Kernels>& vector_kernels() {
  static const std::vector<Kernels> sets = [] {
    std::vector<Kernels> found;
    const std::int64_t supported = hwy::SupportedTargets() & kFusing;
    for (const std::int64_t target : {std::int64_t{HWY_NEON}, std::int64_t{HWY_AVX2}, std::int64_t{HWY_AVX3}})
      if (supported & target) found.push_back(kernels_for(target));
    return found;
  }();
  return sets;
}

}  // namespace

const Kernels& best_kernels() {
  return vector_kernels().empty() ? reference_kernels() : vector_kernels().back();
}

std::vector<const Kernels*> available_kernels() {
  std::vector<const Kernels*> sets{&reference_kernels()};
  for (const Kernels& kernels : vector_kernels()) sets.push_back(&kernels);
  return sets;
}

}  // namespace ddpg
