// How compare_kernels calls each library: plain row-major activations, and weights (b, but for the gradient to weights)
// in whichever layout the library likes, made outside the timing.
#include <algorithm>
#include <memory>
#include <unordered_map>

#include "bench/compare_kernels.h"

#ifdef DDPG_WITH_OPENBLAS
#include <cblas.h>
#endif
#ifdef DDPG_WITH_ONEDNN
#include <dnnl.hpp>
#endif
#ifdef DDPG_WITH_LIBXSMM
#include <libxsmm.h>
#endif
#ifdef DDPG_WITH_EIGEN
#include <eigen3/Eigen/Core>
#endif

namespace ddpg {
namespace {

// The panels of `width` columns of x [rows, columns], each row-major, one after the other; the last may be narrower.
[[maybe_unused]] std::shared_ptr<AlignedFloats> blocked(const AlignedFloats& x, int rows, int columns, int width) {
  auto blocks = std::make_shared<AlignedFloats>(x.size());
  float* to = blocks->begin();
  for (int first = 0; first < columns; first += width)
    for (int r = 0; r < rows; r++) {
      const float* row = x.data() + static_cast<std::ptrdiff_t>(r) * columns;
      to = std::copy(row + first, row + std::min(columns, first + width), to);
    }
  return blocks;
}

#ifdef DDPG_WITH_OPENBLAS
std::string openblas_version() {
  const std::string configuration = openblas_get_config();  // "OpenBLAS 0.3.21 ..."
  const std::size_t begin = configuration.find(' ') + 1;
  return configuration.substr(begin, configuration.find(' ', begin) - begin);
}

// Weights in both orders; for one row or one column the matrix-vector product.
std::vector<Way> openblas(Product& p) {
  if (p.n == 1)
    return {[&p] {
      cblas_sgemv(CblasRowMajor, CblasNoTrans, p.m, p.k, 1, p.a.data(), p.k, p.b.data(), 1, 0, p.c.data(), 1);
    }};
  const auto b = blocked(p.b, p.k, p.n, 1);  // [n, k]
  if (p.m == 1)
    return {
        [&p] { cblas_sgemv(CblasRowMajor, CblasTrans, p.k, p.n, 1, p.b.data(), p.n, p.a.data(), 1, 0, p.c.data(), 1); },
        [&p, b] {
          cblas_sgemv(CblasRowMajor, CblasNoTrans, p.n, p.k, 1, b->data(), p.k, p.a.data(), 1, 0, p.c.data(), 1);
        }};
  const auto multiply = [&p](CBLAS_TRANSPOSE order, const float* weights, int stride) {
    cblas_sgemm(CblasRowMajor, p.transposed() ? CblasTrans : CblasNoTrans, order, p.m, p.n, p.k, 1, p.a.data(),
                p.transposed() ? p.m : p.k, weights, stride, 0, p.c.data(), p.n);
  };
  std::vector<Way> ways{[&p, multiply] { multiply(CblasNoTrans, p.b.data(), p.n); }};
  if (!p.transposed()) ways.push_back([&p, multiply, b] { multiply(CblasTrans, b->data(), p.k); });
  return ways;
}
#endif

#ifdef DDPG_WITH_ONEDNN
using Memory = dnnl::memory;
using Tag = Memory::format_tag;
using Forward = dnnl::inner_product_forward;
using Gradient = dnnl::inner_product_backward_weights;
using Arguments = std::unordered_map<int, Memory>;

const dnnl::engine& engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

void execute(const dnnl::primitive& primitive, const Arguments& arguments) {
  static dnnl::stream stream(engine());
  primitive.execute(stream, arguments);
  stream.wait();
}

void reorder(const Memory& from, const Memory& to) {
  execute(dnnl::reorder(from, to), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
}

Memory::desc matrix(int rows, int columns, Tag tag) {
  return {{rows, columns}, Memory::data_type::f32, tag};
}

Memory over(const Memory::desc& desc, AlignedFloats& floats) {
  return {desc, engine(), floats.data()};
}

// The descriptions of inner products, which versions 2 and 3 write differently. Weights lie as oneDNN likes.
struct Described {
  Memory::desc x, weights, y;

  Forward::primitive_desc forward(const Memory::desc& bias, bool relu) const {
    dnnl::post_ops after;
    dnnl::primitive_attr attributes;
    constexpr auto kTraining = dnnl::prop_kind::forward_training;
#if DNNL_VERSION_MAJOR < 3
    if (relu) after.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
    attributes.set_post_ops(after);
    return {{kTraining, x, weights, bias, y}, attributes, engine()};
#else
    if (relu) after.append_eltwise(dnnl::algorithm::eltwise_relu, 0, 0);
    attributes.set_post_ops(after);
    return {engine(), kTraining, x, weights, bias, y, attributes};
#endif
  }

  Gradient::primitive_desc gradient() const {
#if DNNL_VERSION_MAJOR < 3
    return {{x, weights, y}, engine(), forward({}, false)};
#else
    return {engine(), x, weights, y, forward({}, false)};
#endif
  }
};

// Inner products; forward with bias and relu fused. The gradient to inputs is one forward with the weights' roles
// exchanged.
std::vector<Way> onednn(Product& p) {
  const int rows = p.transposed() ? p.k : p.m, inputs = p.transposed() ? p.m : p.k;
  const Described described{matrix(rows, inputs, Tag::ab), matrix(p.n, inputs, Tag::any), matrix(rows, p.n, Tag::ab)};
  const Memory::desc plain = matrix(p.n, inputs, Tag::ba);
  if (p.transposed()) {
    const Gradient::primitive_desc chosen = described.gradient();
    const Memory weights(chosen.diff_weights_desc(), engine()), c = over(plain, p.c);
    const Arguments arguments{{DNNL_ARG_SRC, over(described.x, p.a)},
                              {DNNL_ARG_DIFF_DST, over(described.y, p.b)},
                              {DNNL_ARG_DIFF_WEIGHTS, weights}};
    return {Way([work = Gradient(chosen), arguments] { execute(work, arguments); }, [=] { reorder(weights, c); })};
  }
  const bool fused = p.kind == Kind::forward;
  const Memory::desc bias = fused ? Memory::desc({p.n}, Memory::data_type::f32, Tag::a) : Memory::desc();
  const Forward::primitive_desc chosen = described.forward(bias, fused);
  const Memory weights(chosen.weights_desc(), engine());
  reorder(over(plain, p.b), weights);
  Arguments arguments{
      {DNNL_ARG_SRC, over(described.x, p.a)}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DST, over(described.y, p.c)}};
  if (fused) arguments.emplace(DNNL_ARG_BIAS, over(bias, p.bias));
  return {[work = Forward(chosen), arguments] { execute(work, arguments); }};
}
#endif

#ifdef DDPG_WITH_LIBXSMM
// Its generated kernels on blocks of columns of b, each packed, in two widths. For the gradient to weights both
// operands are packed outside the timing, as its own layers would keep them. It counts in columns: b comes first.
std::vector<Way> libxsmm(Product& p) {
  std::vector<Way> ways;
  for (const int wanted : {32, 64}) {
    const int width = std::min(wanted, p.n), height = std::min(p.transposed() ? 64 : 1024, p.m);
    const auto b = blocked(p.b, p.k, p.n, width);
    const auto a = p.transposed() ? blocked(p.a, p.k, p.m, height) : nullptr;
    const auto make = [&p](int columns, int rows) {
      const float one = 1, zero = 0;
      const int flags = p.transposed() ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE;
      const int a_stride = p.transposed() ? rows : p.k;
      return libxsmm_smmdispatch(columns, rows, p.k, &columns, &a_stride, &p.n, &one, &zero, &flags, nullptr);
    };
    // the kernels for whole and for last blocks
    const int last_width = p.n - (p.n - 1) / width * width, last_height = p.m - (p.m - 1) / height * height;
    const auto whole = make(width, height), low = make(width, last_height), narrow = make(last_width, height),
               corner = make(last_width, last_height);
    if (!whole || !low || !narrow || !corner) continue;
    ways.push_back([&p, a, b, width, height, whole, low, narrow, corner] {
      const float* rows = a ? a->data() : p.a.data();
      for (int i = 0; i < p.m; i += height)
        for (int j = 0; j < p.n; j += width) {
          const bool is_low = i + height > p.m, is_narrow = j + width > p.n;
          const auto kernel = is_narrow ? (is_low ? corner : narrow) : (is_low ? low : whole);
          kernel(b->data() + static_cast<std::ptrdiff_t>(j) * p.k, rows + static_cast<std::ptrdiff_t>(i) * p.k,
                 p.c.data() + static_cast<std::ptrdiff_t>(i) * p.n + j);
        }
    });
    if (width == p.n) break;
  }
  return ways;
}
#endif

#ifdef DDPG_WITH_EIGEN
// Weights [n, k], the better order by a little. It takes the matrix-vector product by itself.
std::vector<Way> eigen(Product& p) {
  using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<RowMajor> b(p.b.data(), p.k, p.n);
  Eigen::Map<RowMajor> c(p.c.data(), p.m, p.n);
  if (p.transposed()) {
    const Eigen::Map<RowMajor> x(p.a.data(), p.k, p.m);
    return {[=]() mutable { c.noalias() = x.transpose() * b; }};
  }
  const Eigen::Map<RowMajor> a(p.a.data(), p.m, p.k);
  return {[a, c, w = RowMajor(b.transpose())]() mutable { c.noalias() = a * w.transpose(); }};
}
#endif

}  // namespace

std::vector<Library> all_libraries() {
  std::vector<Library> libraries{{"OpenBLAS", "libopenblas-dev", false, "", nullptr},
                                 {"oneDNN", "libdnnl-dev", true, "", nullptr},
                                 {"libxsmm", "libxsmm-dev", false, "", nullptr},
                                 {"Eigen", "libeigen3-dev", false, "", nullptr}};
#ifdef DDPG_WITH_OPENBLAS
  libraries[0].version = openblas_version(), libraries[0].ways = openblas;
#endif
#ifdef DDPG_WITH_ONEDNN
  const dnnl_version_t& v = *dnnl_version();
  libraries[1].version = std::to_string(v.major) + "." + std::to_string(v.minor) + "." + std::to_string(v.patch);
  libraries[1].ways = onednn;
#endif
#ifdef DDPG_WITH_LIBXSMM
  libraries[2].version = LIBXSMM_VERSION, libraries[2].ways = libxsmm;
#endif
#ifdef DDPG_WITH_EIGEN
  libraries[3].version = std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) + "." +
                         std::to_string(EIGEN_MINOR_VERSION);
  libraries[3].ways = eigen;
#endif
  return libraries;
}

}  // namespace ddpg
