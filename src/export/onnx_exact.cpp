// Every value in this graph is a double that is a float: a step computes in double precision, in which a product of
// floats is exact, and rounds to float by casting there and back. A multiply-add is so rounded twice, which gives
// another float than rounding once where the sum lies within 2^-53 of itself of the middle of two floats and not on it.
// What is computed is what src/nn and src/deploy do: dense layers as chains of multiply-adds, sums over a row in 16
// lanes and then by a tree, tanh and exp as there.
#include "export/onnx_exact.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "export/onnx_graph.h"
#include "nn/action_bounds.h"
#include "nn/kernels.h"
#include "nn/panels.h"
#include "nn/tensors.h"

namespace ddpg {
namespace {

using Name = std::string;  // of a value in the graph

constexpr int kLanes = kPanel;  // of a sum over a row
constexpr std::int64_t kFloat = static_cast<std::int64_t>(OnnxType::float32);
constexpr std::int64_t kDouble = static_cast<std::int64_t>(OnnxType::float64);
// 2^n for what exp_minus_one() gets: x in [-30, 20]
constexpr int kLowestPower = -44, kHighestPower = 29;

Name rounded(OnnxGraph& graph, const Name& x, const Name& to) {
  return graph.node("Cast", {graph.node("Cast", {x}, to + ".float", {{"to", kFloat}})}, to, {{"to", kDouble}});
}

class ExactGraph {
 public:
  explicit ExactGraph(const Policy::Content& content) : content_(content) {}

  ProtoMessage message() {
    graph_.input("observation", OnnxType::float32, shape().observation_size);
    batch_ =
        graph_.node("Shape", {"observation"}, "batch_size", {{"start", std::int64_t{0}}, {"end", std::int64_t{1}}});
    zero_ = graph_.constant("zero", {}, std::array{0.0});
    multiply_add_ = multiply_add_body();
    Name x = graph_.node("Cast", {"observation"}, "observation_double", {{"to", kDouble}});
    if (content_.normalise) x = normalised(x);
    if (shape().batch_norm) x = batch_norm("input_norm", x);
    for (int n = 0; n < layers(); n++) x = layer(n, x);
    graph_.node("Cast", {scaled(x)}, "action", {{"to", kFloat}});
    graph_.output("action", OnnxType::float32, shape().output_size);
    return graph_.message("ddpg_policy");
  }

 private:
  const NetworkShape& shape() const { return content_.shape; }
  int layers() const { return static_cast<int>(shape().hidden.size()) + 1; }
  const Tensor& get(const std::string& name) const { return *find_tensor(content_.tensors, name); }

  // --- values ---

  Name next() { return fmt::format("{}.step{}", part_, ++steps_); }
  Name number(double value) { return graph_.constant(next(), {}, std::array{value}); }
  Name wide(const Name& floats) { return graph_.node("Cast", {floats}, next(), {{"to", kDouble}}); }
  Name vector(std::span<const float> values) {  // [size]
    return wide(graph_.constant(next(), {static_cast<int>(values.size())}, values));
  }
  Name vector(std::span<const double> values) {
    return graph_.constant(next(), {static_cast<int>(values.size())}, values);
  }
  Name integers(const std::vector<std::int64_t>& values) { return graph_.constant(next(), values); }

  // --- steps; those named after an operation of single precision round as it does ---

  Name node(const char* operation, const std::vector<Name>& inputs, const std::vector<OnnxAttribute>& attributes = {}) {
    return graph_.node(operation, inputs, next(), attributes);
  }
  Name round(const Name& x) { return rounded(graph_, x, next()); }
  Name add(const Name& a, const Name& b) { return round(node("Add", {a, b})); }
  Name subtract(const Name& a, const Name& b) { return round(node("Sub", {a, b})); }
  Name multiply(const Name& a, const Name& b) { return round(node("Mul", {a, b})); }
  Name divide(const Name& a, const Name& b) { return round(node("Div", {a, b})); }
  Name multiply_add(const Name& a, const Name& b, const Name& c) {
    return round(node("Add", {node("Mul", {a, b}), c}));
  }
  // where a < b: x, elsewhere y; Min and Max leave open what becomes of a NaN
  Name where_less(const Name& a, const Name& b, const Name& x, const Name& y) {
    return node("Where", {node("Less", {a, b}), x, y});
  }
  Name clip(const Name& x, const Name& low, const Name& high) {
    return where_less(x, low, low, where_less(high, x, high, x));
  }

  // --- sums ---

  // One step of a sum: sum' = a * b + sum, rounded once.
  static ProtoMessage multiply_add_body() {
    OnnxGraph body;
    for (const char* name : {"sum", "a", "b"}) body.input(name, OnnxType::float64);
    body.output(rounded(body, body.node("Add", {body.node("Mul", {"a", "b"}, "product"), "sum"}, "exact_sum"), "next"),
                OnnxType::float64);
    return body.message("multiply_add");
  }
  // Over all steps k: sum = a_k * b_k + sum. a: [steps, ...] along its axis `a_axis`, b likewise; sum: [batch, ...].
  Name scan(const Name& sum, const Name& a, std::int64_t a_axis, const Name& b, std::int64_t b_axis) {
    return node("Scan", {sum, a, b},
                {{"body", multiply_add_},
                 {"num_scan_inputs", std::int64_t{2}},
                 {"scan_input_axes", std::vector<std::int64_t>{a_axis, b_axis}}});
  }
  Name for_each_row(const Name& value, std::int64_t size) {  // [size] or [] to [batch, size]
    return node("Expand", {value, node("Concat", {batch_, integers({size})}, {{"axis", std::int64_t{0}}})});
  }
  // x [batch, width] to [batch, steps, 16], with zeros for what is missing.
  Name in_lanes(Name x, int width) {
    const int missing = (kLanes - width % kLanes) % kLanes;
    if (missing > 0) x = node("Pad", {x, integers({0, 0, 0, missing}), zero_});
    return node("Reshape", {x, integers({0, (width + kLanes - 1) / kLanes, kLanes})});
  }
  // The sum of 16 lanes [batch, 16]: i + (i + 8), i + (i + 4), i + (i + 2), 0 + 1. To [batch, 1].
  Name tree_sum(Name lanes) {
    for (std::int64_t half = kLanes / 2; half >= 1; half /= 2) {
      const Name pairs = node("Reshape", {lanes, integers({0, 2, half})});
      lanes = round(node("ReduceSum", {pairs, integers({1})}, {{"keepdims", std::int64_t{0}}}));
    }
    return lanes;
  }

  // --- what a policy consists of ---

  Name normalised(const Name& x) {
    part_ = "observation";
    const Name scaled = node("Div", {node("Sub", {x, vector(content_.mean)}), vector(content_.deviation)});
    return round(clip(scaled, number(-content_.clip), number(content_.clip)));
  }

  Name batch_norm(const std::string& name, const Name& x) {
    part_ = name;
    const std::vector<float>&gain = get(name + ".weight").values, &variance = get(name + ".running_var").values;
    std::vector<float> scale;
    for (std::size_t i = 0; i < gain.size(); i++)
      scale.push_back(gain[i] * (1.0f / std::sqrt(variance[i] + kNormEpsilon)));
    const Name centred = subtract(x, vector(get(name + ".running_mean").values));
    return multiply_add(vector(scale), centred, vector(get(name + ".bias").values));
  }

  Name layer_norm(const std::string& name, const Name& x, int width) {
    part_ = name;
    const Name none = for_each_row(zero_, kLanes), size = number(width);
    const Name ones = vector(std::vector<double>(static_cast<std::size_t>((width + kLanes - 1) / kLanes), 1.0));
    const Name mean = divide(tree_sum(scan(none, in_lanes(x, width), 1, ones, 0)), size);
    const Name centred = subtract(x, mean), lanes = in_lanes(centred, width);
    const Name variance = divide(tree_sum(scan(none, lanes, 1, lanes, 1)), size);
    const Name deviation = round(node("Sqrt", {add(variance, number(static_cast<double>(kNormEpsilon)))}));
    const Name scaled = multiply(centred, divide(number(1), deviation));
    return multiply_add(vector(get(name + ".weight").values), scaled, vector(get(name + ".bias").values));
  }

  // y [batch, out] = x [batch, in] W + b: from the bias on, one input after another, all outputs at once.
  Name dense(const Tensor& weight, const Name& bias, const Name& x) {
    const int out = weight.shape[0], in = weight.shape[1];
    const auto outputs = static_cast<std::size_t>(out), inputs = static_cast<std::size_t>(in);
    std::vector<float> by_input(weight.values.size());  // [in, out]
    for (std::size_t n = 0; n < outputs; n++)
      for (std::size_t k = 0; k < inputs; k++) by_input[k * outputs + n] = weight.values[n * inputs + k];
    const Name weights = wide(graph_.constant(weight.name, {in, out}, by_input));
    const Name columns = node("Unsqueeze", {x, integers({2})});  // [batch, in, 1]
    return scan(for_each_row(bias, out), columns, 1, weights, 0);
  }
  // A layer with one output: in 16 lanes, the bias at the end.
  Name dense_one(const Tensor& weight, const Name& bias, const Name& x) {
    const int in = weight.shape[1];
    const Name weights = wide(graph_.constant(weight.name, {1, in}, weight.values));
    const Name by_lanes = node("Reshape", {in_lanes(weights, in), integers({-1, kLanes})});
    return add(tree_sum(scan(for_each_row(zero_, kLanes), in_lanes(x, in), 1, by_lanes, 0)), bias);
  }

  Name layer(int n, Name x) {
    const std::string name = fmt::format("layers.{}", n), norm = fmt::format("norms.{}", n);
    part_ = name;
    const Tensor &weight = get(name + ".weight"), *bias = find_tensor(content_.tensors, name + ".bias");
    const Name start = bias != nullptr ? wide(graph_.constant(bias->name, bias->shape, bias->values)) : zero_;
    x = weight.shape[0] == 1 ? dense_one(weight, start, x) : dense(weight, start, x);
    if (has_norm(shape(), n) && shape().batch_norm) x = batch_norm(norm, x);
    if (has_norm(shape(), n) && shape().layer_norm) x = layer_norm(norm, x, weight.shape[0]);
    part_ = name + ".activation";
    return activated(n + 1 < layers() ? shape().activation : shape().output_activation, x);
  }

  Name activated(Activation activation, const Name& x) {
    if (activation == Activation::relu) return where_less(x, zero_, zero_, x);
    if (activation == Activation::tanh) return tanh(x);
    if (activation == Activation::linear) return x;
    // both branches of a Where are computed: what the other one gets stays within the table of powers
    const Name low = number(-30), negative = where_less(zero_, x, zero_, x);
    return where_less(x, zero_, exp_minus_one(where_less(negative, low, low, negative)), x);
  }

  // e^x - 1 for x in [-30, 20]: with x = n ln 2 + r it is 2^n (e^r - 1) + (2^n - 1), and a polynomial for e^r - 1.
  Name exp_minus_one(const Name& x) {
    const auto single = [&](float value) { return number(static_cast<double>(value)); };
    const Name rounder = single(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer
    const Name n = subtract(multiply_add(x, single(1.44269504f), rounder), rounder);
    const Name r = multiply_add(n, single(1.90465421e-9f), multiply_add(n, single(-0.693147182f), x));
    Name p = multiply_add(r, single(1.0f / 5040), single(1.0f / 720));
    for (const float coefficient : {1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f}) p = multiply_add(p, r, single(coefficient));
    p = multiply_add(multiply(p, r), r, r);
    const Name power = power_of_two(n);
    return multiply_add(power, p, subtract(power, number(1)));
  }
  // 2^n, from a table; of a NaN 1, as p is one then.
  Name power_of_two(const Name& n) {
    std::vector<double> powers;
    for (int i = kLowestPower; i <= kHighestPower; i++) powers.push_back(std::ldexp(1.0, i));
    const Name shifted = node("Sub", {node("Where", {node("IsNaN", {n}), zero_, n}), number(kLowestPower)});
    const Name row = node("Cast", {shifted}, {{"to", static_cast<std::int64_t>(OnnxType::int64)}});
    return node("Gather", {vector(powers), row});
  }

  Name tanh(const Name& x) {
    const Name size = node("Abs", {x}), most = number(10);
    const Name magnitude = where_less(most, size, most, size);
    const Name t = exp_minus_one(add(magnitude, magnitude));
    const Name found = divide(t, add(t, number(2)));
    return where_less(x, zero_, node("Neg", {found}), found);
  }

  Name scaled(const Name& x) {
    part_ = "action";
    const ActionBounds bounds(content_.action_low, content_.action_high);
    return clip(multiply_add(vector(bounds.half_range), x, vector(bounds.centre)), vector(bounds.low),
                vector(bounds.high));
  }

  const Policy::Content& content_;
  OnnxGraph graph_;
  ProtoMessage multiply_add_;
  Name batch_, zero_;
  std::string part_ = "policy";
  int steps_ = 0;
};

}  // namespace

ProtoMessage exact_onnx_graph(const Policy::Content& content) {
  return ExactGraph(content).message();
}

}  // namespace ddpg
