// Which instruction sets the vector kernels are compiled for: AVX2, AVX-512 and NEON (see DDPG_TARGET_FUSES in
// lanes-inl.h). Highway insists on its baseline (scalar code on x86), which stays empty; processors that have nothing
// else run `reference`.
#pragma once

#include <hwy/detect_targets.h>

#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
