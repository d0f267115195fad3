// Our products beside those of OpenBLAS, oneDNN, libxsmm and Eigen: one thread, the shapes of a DDPG update, a Markdown
// table. Not part of any build: the script bench/compare_kernels compiles it, with DDPG_WITH_... for each library there
// is. How the libraries are called: compare_libraries.cpp.
#include "bench/compare_kernels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <exception>
#include <limits>
#include <stdexcept>
#include <utility>

#include "bench/measure.h"
#include "ddpg/random.h"
#include "nn/kernels.h"

namespace ddpg {
namespace {

struct Shape {
  Kind kind;
  int rows, outputs, inputs;
};

constexpr Shape kShapes[] = {{Kind::forward, 256, 256, 256},
                             {Kind::forward, 256, 256, 23},
                             {Kind::forward, 256, 6, 256},
                             {Kind::forward, 256, 1, 256},
                             {Kind::forward, 256, 256, 365},
                             {Kind::forward, 100, 64, 64},
                             {Kind::forward, 100, 64, 4},
                             {Kind::forward, 64, 300, 400},
                             {Kind::forward, 1024, 1024, 1024},
                             {Kind::forward, 32768, 1024, 1024},
                             {Kind::forward, 1, 256, 256},
                             {Kind::backward_input, 256, 256, 256},
                             {Kind::backward_input, 100, 64, 64},
                             {Kind::backward_input, 1024, 1024, 1024},
                             {Kind::backward_weights, 256, 256, 256},
                             {Kind::backward_weights, 100, 64, 64},
                             {Kind::backward_weights, 1024, 1024, 1024}};

AlignedFloats random_floats(RandomStream& random, int rows, int width) {
  AlignedFloats values(static_cast<std::size_t>(rows) * width);
  for (float& value : values) value = static_cast<float>(random.uniform(-1, 1));
  return values;
}

Product make_product(const Shape& s) {
  RandomStream random(1, "benchmark");
  Product p{s.kind, s.rows, s.outputs, s.inputs, {}, {}, {}, {}};
  if (s.kind == Kind::backward_input) std::swap(p.n, p.k);
  if (s.kind == Kind::backward_weights) p.m = s.inputs, p.k = s.rows;
  p.a = random_floats(random, p.m, p.k);  // as many in either order
  p.b = random_floats(random, p.k, p.n);
  p.bias = random_floats(random, 1, p.n);
  p.c = AlignedFloats(static_cast<std::size_t>(p.m) * p.n);
  return p;
}

// Our side: the only use of the kernels here. Activations lie in panels and weights packed, as the network keeps them.
class Ours {
 public:
  explicit Ours(const Product& p)
      : p_(p), bias_(padded(p.n)), weights_(packed_size(p.k, p.n)), gradient_(packed_size(p.m, p.n)) {
    a_ = p.kind == Kind::backward_weights ? PanelMatrix(p.k, p.m) : PanelMatrix(p.m, p.k);
    fill(a_.view(), p.a);
    std::copy(p.bias.begin(), p.bias.end(), bias_.begin());
    if (p.kind == Kind::backward_weights) {
      b_ = PanelMatrix(p.k, p.n);
      fill(b_.view(), p.b);
    } else {
      c_ = PanelMatrix(p.m, p.n);
      fill(packed(weights_, p.k), p.b);
      if (p.n == 1) std::copy(p.b.begin(), p.b.end(), weights_.begin());
    }
    if (p.kind == Kind::backward_input) {  // of ones: the derivative of relu is 1, and the product can be compared
      h_ = PanelMatrix(p.m, p.n);
      AlignedFloats ones(p.c.size());
      std::fill(ones.begin(), ones.end(), 1.0f);
      fill(h_.view(), ones);
    }
  }

  void run() {
    if (p_.kind == Kind::forward)
      kernels_.dense_forward(a_.view(), {}, weights_.data(), bias_.data(), Activation::relu, c_.view());
    else if (p_.kind == Kind::backward_input)
      kernels_.dense_backward_input(a_.view(), weights_.data(), Activation::relu, h_.view(), c_.view());
    else
      kernels_.dense_backward_weights(a_.view(), b_.view(), gradient_.data(), packed(gradient_, p_.m).stride);
  }

  float at(int row, int column) {
    return p_.kind == Kind::backward_weights ? packed(gradient_, p_.m).at(row, column) : c_.view().at(row, column);
  }

 private:
  static std::size_t packed_size(int rows, int width) { return static_cast<std::size_t>(rows) * padded(width); }
  Panels packed(AlignedFloats& floats, int rows) const {  // weights [n / 16][k][n % 16]
    return {floats.data(), rows, p_.n, static_cast<std::ptrdiff_t>(rows) * kPanel};
  }
  static void fill(Panels panels, const AlignedFloats& values) {
    for (int r = 0; r < panels.rows; r++)
      for (int c = 0; c < panels.width; c++) panels.at(r, c) = values[static_cast<std::size_t>(r) * panels.width + c];
  }

  const Kernels& kernels_ = best_kernels();
  const Product& p_;
  AlignedFloats bias_, weights_, gradient_;
  PanelMatrix a_, b_, c_, h_;
};

// The largest difference between the library's c and ours.
double difference(const Product& p, Ours& ours, bool fuses) {
  double most = 0;
  for (int i = 0; i < p.m; i++)
    for (int j = 0; j < p.n; j++) {
      float c = p.c[static_cast<std::size_t>(i) * p.n + j];
      if (p.kind == Kind::forward && !fuses) c = std::max(0.0f, c + p.bias[static_cast<std::size_t>(j)]);
      const double d = std::abs(c - ours.at(i, j));
      if (std::isnan(d)) return d;
      most = std::max(most, d);
    }
  return most;
}

struct Entry {  // one way of one library; ours is column 0
  std::size_t column;
  bool fuses;
  Way way;
  double best = 0;
};

std::vector<Entry> entries_for(Product& p, Ours& ours, const std::vector<Library>& libraries) {
  std::vector<Entry> entries{{0, true, [&] { ours.run(); }}};
  for (std::size_t l = 0; l < libraries.size(); l++)
    for (Way& way : libraries[l].ways(p)) entries.push_back({l + 1, libraries[l].fuses, std::move(way)});
  return entries;
}

struct Result {
  double ceiling = 0, difference = 0;
  std::vector<double> gflops;  // a column each
};

// Every way of every library in turns, several times over; the best of each library counts. A way that is clearly
// slower than another of the same library is tried once. The first turn compares the results with ours.
Result compare(const Shape& shape, const std::vector<Library>& libraries) {
  constexpr int kTurns = 8, kFewestTurns = 2;
  constexpr double kSeconds = 0.01, kLongest = 3, kTolerance = 1e-3, kClearly = 0.9;
  Product p = make_product(shape);
  Ours ours(p);
  std::vector<Entry> entries = entries_for(p, ours, libraries);
  Result result{0, 0, std::vector<double>(libraries.size() + 1)};
  const Stopwatch watch(true);
  for (int turn = 0; turn < kTurns && (turn < kFewestTurns || watch.seconds() < kLongest); turn++)
    for (Entry& e : entries) {
      double& best = result.gflops[e.column];
      if (turn > 0 && e.best < kClearly * best) continue;
      if (turn == 0) std::fill(p.c.begin(), p.c.end(), std::numeric_limits<float>::quiet_NaN());
      const MeasuredRate rate = measure_rate({.seconds = kSeconds, .ceiling = true, .rounds = 1}, e.way.work);
      e.best = std::max(e.best, rate.per_second * 2e-9 * p.m * p.n * p.k);
      best = std::max(best, e.best);
      result.ceiling = std::max(result.ceiling, rate.ceiling_gflops);
      if (turn > 0 || e.column == 0) continue;
      if (e.way.finish) e.way.finish();
      const double d = difference(p, ours, e.fuses);
      if (!(d < kTolerance))
        throw std::runtime_error(fmt::format("{} computes something else than we do: {} x {} x {}, difference {}",
                                             libraries[e.column - 1].name, shape.rows, shape.outputs, shape.inputs, d));
      result.difference = std::max(result.difference, d);
    }
  return result;
}

void print_row(const Shape& shape, const Result& result) {
  constexpr const char* kNames[] = {"forward", "gradient to inputs", "gradient to weights"};
  fmt::print("| {} | {} x {} x {} |", kNames[static_cast<int>(shape.kind)], shape.rows, shape.outputs, shape.inputs);
  for (const double gflops : result.gflops) fmt::print(" {:.1f} ({:.0f} %) |", gflops, 100 * gflops / result.ceiling);
  fmt::print(" {:.1f} |\n", result.ceiling);
  std::fflush(stdout);
}

void print_table() {
  std::vector<Library> libraries = all_libraries();
  const auto missing = std::stable_partition(libraries.begin(), libraries.end(), [](auto& l) { return l.ways; });
  std::string notes, versions = fmt::format("our kernels {}", best_kernels().name);
  for (auto l = missing; l != libraries.end(); l++)
    notes += fmt::format("\n{} did not run: package {} is missing (bench/compare_kernels --install).\n", l->name,
                         l->package);
  libraries.erase(missing, libraries.end());
  std::string head = "| product | M x N x K | ours |", rule = "|---|---|---|";
  for (const Library& library : libraries) {
    head += fmt::format(" {} |", library.name), rule += "---|";
    versions += fmt::format(", {} {}", library.name, library.version);
  }
  fmt::print("{} ceiling |\n{}---|\n", head, rule);
  double most = 0;
  for (const Shape& shape : kShapes) {
    const Result result = compare(shape, libraries);
    print_row(shape, result);
    most = std::max(most, result.difference);
  }
  fmt::print("\nGFLOP/s of one thread, in brackets the share of the multiply-add ceiling; {}.\n", versions);
  fmt::print("Largest difference between a library's result and ours: {:.1e}.\n{}", most, notes);
}

}  // namespace
}  // namespace ddpg

int main() {
  try {
    const ddpg::Stopwatch watch(true);
    ddpg::print_table();
    const double all = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
    if (all > 1.05 * watch.seconds() + 0.1) throw std::runtime_error("a library used more than one thread: no result");
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "compare_kernels: {}\n", error.what());
    return 1;
  }
}
