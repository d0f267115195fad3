// Sixteen floats as one value, whatever registers the processor has: the alphabet that the vector kernels are written
// in. Included once for each instruction set by the files kernels_*.cpp (Highway's foreach_target), hence the toggling
// guard.
#if defined(DDPG_NN_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef DDPG_NN_LANES_INL_H_
#undef DDPG_NN_LANES_INL_H_
#else
#define DDPG_NN_LANES_INL_H_
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "nn/kernels.h"

// Does this instruction set fuse multiply and add? Only those that do are compiled: the bits depend on it.
#undef DDPG_TARGET_FUSES
#define DDPG_TARGET_FUSES (HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON)

#if DDPG_TARGET_FUSES
HWY_BEFORE_NAMESPACE();
namespace ddpg {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<float, kPanel>;
using Vector = hn::Vec<Tag>;
inline constexpr int kLanes = static_cast<int>(hn::MaxLanes(Tag()));
inline constexpr int kVectors = kPanel / kLanes;

// One panel row: 1 register of AVX-512, 2 of AVX2, 4 of NEON.
struct Lanes {
  Vector v[kVectors];
  HWY_INLINE Lanes() {}  // spelled out: GCC makes an implicit one without the instruction set
};

#define DDPG_EACH_VECTOR HWY_UNROLL_ALL for (int i = 0; i < kVectors; i++)
#if defined(__clang__)
#define HWY_UNROLL_ALL _Pragma("unroll")
#define HWY_UNROLL_SOME _Pragma("unroll 4")
#else
#define HWY_UNROLL_ALL _Pragma("GCC unroll 32")
#define HWY_UNROLL_SOME _Pragma("GCC unroll 4")
#endif

HWY_INLINE Lanes load(const float* p) {
  Lanes x;
  DDPG_EACH_VECTOR x.v[i] = hn::LoadU(Tag(), p + i * kLanes);
  return x;
}
HWY_INLINE void store(const Lanes& x, float* p) {
  DDPG_EACH_VECTOR hn::StoreU(x.v[i], Tag(), p + i * kLanes);
}
HWY_INLINE Lanes fill(float value) {
  Lanes x;
  DDPG_EACH_VECTOR x.v[i] = hn::Set(Tag(), value);
  return x;
}
HWY_INLINE Lanes add(const Lanes& a, const Lanes& b) {
  Lanes x;
  DDPG_EACH_VECTOR x.v[i] = hn::Add(a.v[i], b.v[i]);
  return x;
}
HWY_INLINE Lanes sub(const Lanes& a, const Lanes& b) {
  Lanes x;
  DDPG_EACH_VECTOR x.v[i] = hn::Sub(a.v[i], b.v[i]);
  return x;
}
HWY_INLINE Lanes mul(const Lanes& a, const Lanes& b) {
  Lanes x;
  DDPG_EACH_VECTOR x.v[i] = hn::Mul(a.v[i], b.v[i]);
  return x;
}
HWY_INLINE Lanes div(const Lanes& a, const Lanes& b) {
  Lanes x;
  DDPG_EACH_VECTOR x.v[i] = hn::Div(a.v[i], b.v[i]);
  return x;
}
HWY_INLINE Lanes square_root(const Lanes& a) {
  Lanes x;
  DDPG_EACH_VECTOR x.v[i] = hn::Sqrt(a.v[i]);
  return x;
}
// a * b + c, rounded once
HWY_INLINE Lanes fma(const Lanes& a, const Lanes& b, const Lanes& c) {
  Lanes x;
  DDPG_EACH_VECTOR x.v[i] = hn::MulAdd(a.v[i], b.v[i], c.v[i]);
  return x;
}
// -a * b + c, rounded once
HWY_INLINE Lanes negative_fma(const Lanes& a, const Lanes& b, const Lanes& c) {
  Lanes x;
  DDPG_EACH_VECTOR x.v[i] = hn::NegMulAdd(a.v[i], b.v[i], c.v[i]);
  return x;
}
// 0 where |x| < limit, otherwise x
HWY_INLINE Lanes zero_below(const Lanes& limit, const Lanes& x) {
  Lanes y;
  DDPG_EACH_VECTOR y.v[i] = hn::IfThenZeroElse(hn::Lt(hn::Abs(x.v[i]), limit.v[i]), x.v[i]);
  return y;
}
// x in the first `count` lanes, otherwise y
HWY_INLINE Lanes first(int count, const Lanes& x, const Lanes& y) {
  Lanes z;
  DDPG_EACH_VECTOR {
    const int here = count - i * kLanes;
    z.v[i] = hn::IfThenElse(hn::FirstN(Tag(), static_cast<size_t>(here < 0        ? 0
                                                                  : here > kLanes ? kLanes
                                                                                  : here)),
                            x.v[i], y.v[i]);
  }
  return z;
}

// The tree: i + (i + 8), i + (i + 4), i + (i + 2), 0 + 1.
HWY_INLINE float tree_sum(const Lanes& x) {
  alignas(64) float s[kPanel];
  store(x, s);
  for (int i = 0; i < 8; i++) s[i] += s[i + 8];
  for (int i = 0; i < 4; i++) s[i] += s[i + 4];
  return (s[0] + s[2]) + (s[1] + s[3]);
}

// Sum of f(panel, lanes so far) along a row; lanes beyond the width do not count.
template <class F>
HWY_INLINE float row_sum(int width, const F& f) {
  Lanes sum = fill(0);
  int p = 0;
  for (; (p + 1) * kPanel <= width; p++) sum = f(p, sum);
  if (width % kPanel) sum = first(width % kPanel, f(p, sum), sum);
  return tree_sum(sum);
}

// e^x as power * (1 + rest), of which it returns the rest, term by term as in reference_math.h.
HWY_INLINE Vector exp_parts(Vector x, Vector& power) {
  const Tag d;
  const hn::RebindToSigned<Tag> di;
  const auto rounder = hn::Set(d, 12582912.0f);
  const auto n = hn::Sub(hn::MulAdd(x, hn::Set(d, 1.44269504f), rounder), rounder);
  const auto r = hn::MulAdd(n, hn::Set(d, 1.90465421e-9f), hn::MulAdd(n, hn::Set(d, -0.693147182f), x));
  auto p = hn::MulAdd(r, hn::Set(d, 1.0f / 5040), hn::Set(d, 1.0f / 720));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0f / 120));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0f / 24));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0f / 6));
  p = hn::MulAdd(p, r, hn::Set(d, 0.5f));
  p = hn::MulAdd(hn::Mul(p, r), r, r);
  power = hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(hn::ConvertTo(di, n), hn::Set(di, 127))));
  return p;
}

HWY_INLINE Vector exp_minus_one(Vector x) {
  Vector power;
  const Vector rest = exp_parts(x, power);
  return hn::MulAdd(power, rest, hn::Sub(power, hn::Set(Tag(), 1.0f)));
}

// e^x for x <= 0
HWY_INLINE Lanes exponential(Lanes x) {
  const auto least = hn::Set(Tag(), kLeastExponent);
  DDPG_EACH_VECTOR {
    Vector power;
    const Vector rest = exp_parts(hn::IfThenElse(hn::Lt(x.v[i], least), least, x.v[i]), power);
    x.v[i] = hn::MulAdd(power, rest, power);
  }
  return x;
}

HWY_INLINE Vector tanh_of(Vector x) {
  const Tag d;
  auto magnitude = hn::Abs(x);
  magnitude = hn::IfThenElse(hn::Gt(magnitude, hn::Set(d, 10.0f)), hn::Set(d, 10.0f), magnitude);
  const auto t = exp_minus_one(hn::Add(magnitude, magnitude));
  return hn::CopySign(hn::Div(t, hn::Add(t, hn::Set(d, 2.0f))), x);
}

template <Activation kActivation>
HWY_INLINE Vector activate(Vector z) {
  const Tag d;
  if constexpr (kActivation == Activation::relu) {
    return hn::IfThenZeroElse(hn::Lt(z, hn::Zero(d)), z);
  } else if constexpr (kActivation == Activation::tanh) {
    return tanh_of(z);
  } else if constexpr (kActivation == Activation::elu) {
    const auto low = hn::Set(d, -30.0f);
    const auto e = exp_minus_one(hn::IfThenElse(hn::Lt(z, low), low, z));
    return hn::IfThenElse(hn::Lt(z, hn::Zero(d)), e, z);
  } else {
    static_assert(kActivation == Activation::linear, "an activation without a case");
    return z;
  }
}
template <Activation kActivation>
HWY_INLINE Lanes activate(Lanes z) {
  DDPG_EACH_VECTOR z.v[i] = activate<kActivation>(z.v[i]);
  return z;
}

// gradient * f'(z), from h = f(z).
template <Activation kActivation>
HWY_INLINE Vector times_derivative(Vector gradient, Vector h) {
  const Tag d;
  if constexpr (kActivation == Activation::relu) {
    return hn::IfThenElseZero(hn::Gt(h, hn::Zero(d)), gradient);
  } else if constexpr (kActivation == Activation::tanh) {
    return hn::Mul(gradient, hn::NegMulAdd(h, h, hn::Set(d, 1.0f)));
  } else if constexpr (kActivation == Activation::elu) {
    return hn::IfThenElse(hn::Lt(h, hn::Zero(d)), hn::MulAdd(gradient, h, gradient), gradient);
  } else {
    static_assert(kActivation == Activation::linear, "an activation without a case");
    return gradient;
  }
}
template <Activation kActivation>
HWY_INLINE Lanes times_derivative(Lanes gradient, const Lanes& h) {
  DDPG_EACH_VECTOR gradient.v[i] = times_derivative<kActivation>(gradient.v[i], h.v[i]);
  return gradient;
}

// Calls body with the activation as a compile-time constant, so that the choice stands outside the loops.
template <class Body>
HWY_INLINE void with_activation(Activation activation, const Body& body) {
  switch (activation) {
    case Activation::linear:
      return body.template operator()<Activation::linear>();
    case Activation::relu:
      return body.template operator()<Activation::relu>();
    case Activation::tanh:
      return body.template operator()<Activation::tanh>();
    case Activation::elu:
      return body.template operator()<Activation::elu>();
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ddpg
HWY_AFTER_NAMESPACE();
#endif

#endif
