// Which instruction sets there are, and which one is used. What they compute: kernels-inl.h.
#include "deploy/kernels.h"

#if defined(__FAST_MATH__)
#error \
    "ddpg::policy keeps NaN out and gives the bits of training, which -ffast-math does not allow: compile this file without"
#endif

#if defined(__clang__)
#define DDPG_UNROLL _Pragma("unroll")
#else
#define DDPG_UNROLL _Pragma("GCC unroll 64")
#endif

#if defined(__x86_64__) || defined(__i386__)
#define DDPG_X86
#include <immintrin.h>
#elif defined(__aarch64__) && defined(__ARM_NEON)
#define DDPG_NEON
#include <arm_neon.h>
#endif

namespace ddpg::deploy {

using Integers4 [[gnu::vector_size(16)]] = std::int32_t;
using Floats4 [[gnu::vector_size(16)]] = float;

#ifdef DDPG_X86
using Integers8 [[gnu::vector_size(32)]] = std::int32_t;
using Integers16 [[gnu::vector_size(64)]] = std::int32_t;
#endif

// One by one, by the C library where the processor cannot fuse.
[[maybe_unused]] static inline Floats4 fused(Floats4 a, Floats4 b, Floats4 c) noexcept {
  return Floats4{__builtin_fmaf(a[0], b[0], c[0]), __builtin_fmaf(a[1], b[1], c[1]), __builtin_fmaf(a[2], b[2], c[2]),
                 __builtin_fmaf(a[3], b[3], c[3])};
}

}  // namespace ddpg::deploy

#ifdef DDPG_X86

#define DDPG_SET avx512
#define DDPG_TARGET [[gnu::target("avx512f,fma")]]
#define DDPG_VECTOR __m512
#define DDPG_INTEGERS Integers16
#define DDPG_LANES 16
#define DDPG_FMA(a, b, c) _mm512_fmadd_ps(a, b, c)
#define DDPG_ONE_ROW 4
#define DDPG_FOUR_ROWS 4
#include "deploy/kernels-inl.h"

#define DDPG_SET avx2
#define DDPG_TARGET [[gnu::target("avx2,fma")]]
#define DDPG_VECTOR __m256
#define DDPG_INTEGERS Integers8
#define DDPG_LANES 8
#define DDPG_FMA(a, b, c) _mm256_fmadd_ps(a, b, c)
#define DDPG_ONE_ROW 4
#define DDPG_FOUR_ROWS 1
#include "deploy/kernels-inl.h"

#endif

#ifdef DDPG_NEON
#define DDPG_SET neon
#define DDPG_VECTOR float32x4_t
#define DDPG_FMA(a, b, c) vfmaq_f32(c, a, b)
#define DDPG_ONE_ROW 4
#define DDPG_FOUR_ROWS 1
#else
#define DDPG_SET plain
#define DDPG_VECTOR Floats4
#define DDPG_FMA(a, b, c) fused(a, b, c)
#define DDPG_ONE_ROW 1
#define DDPG_FOUR_ROWS 1
#endif
#define DDPG_TARGET
#define DDPG_INTEGERS Integers4
#define DDPG_LANES 4
#include "deploy/kernels-inl.h"

namespace ddpg::deploy {
namespace {

#ifdef DDPG_NEON
constexpr Kernels kBaseline{"neon",           neon::dense, neon::two_dense,  neon::batch_norm,
                            neon::layer_norm, neon::add,   neon::avg_l1_norm};
#else
constexpr Kernels kBaseline{"plain",           plain::dense, plain::two_dense,  plain::batch_norm,
                            plain::layer_norm, plain::add,   plain::avg_l1_norm};
#endif

#ifdef DDPG_X86
constexpr Kernels kAvx2{"avx2",           avx2::dense, avx2::two_dense,  avx2::batch_norm,
                        avx2::layer_norm, avx2::add,   avx2::avg_l1_norm};
constexpr Kernels kAvx512{"avx512",           avx512::dense, avx512::two_dense,  avx512::batch_norm,
                          avx512::layer_norm, avx512::add,   avx512::avg_l1_norm};

bool has_avx2() noexcept {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
bool has_avx512() noexcept {
  return has_avx2() && __builtin_cpu_supports("avx512f");
}
#endif

}  // namespace

#ifdef DDPG_X86
const Kernels* available_kernels(int i) noexcept {
  if (i == 0) return &kBaseline;
  if (i == 1 && has_avx2()) return &kAvx2;
  return i == 2 && has_avx512() ? &kAvx512 : nullptr;
}
#else
const Kernels* available_kernels(int i) noexcept {
  return i == 0 ? &kBaseline : nullptr;
}
#endif

const Kernels& best_kernels() noexcept {
  int last = 0;
  while (available_kernels(last + 1)) last++;
  return *available_kernels(last);
}

}  // namespace ddpg::deploy

#undef DDPG_UNROLL
#undef DDPG_X86
#undef DDPG_NEON
