// Puts a C header together: the parts that the policy's network needs, and its numbers. See c_header.h.
#include "export/c_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "ddpg/error.h"
#include "export/c_comment.h"
#include "export/c_parts.h"
#include "export/c_text.h"
#include "export/identity.h"
#include "nn/action_bounds.h"
#include "nn/kernels.h"
#include "nn/tensors.h"

namespace ddpg {
namespace {

// What is written, and what is needed of it.
class HeaderWriter {
 public:
  HeaderWriter(const Policy::Content& content, const CHeader& header) : content_(content), header_(header) {}

  std::string text() {
    write_numbers();
    write_act();
    std::string out = c_comment(content_, header_, sizes_);
    part(out, fmt::format("#ifndef DDPG_EXPORT_@NAME@_H\n#define DDPG_EXPORT_@NAME@_H\n\n"));
    part(out, fmt::format("#define @NAME@_OBSERVATIONS {}\n#define @NAME@_ACTIONS {}\n\n", shape().observation_size,
                          shape().output_size));
    part(out, c_parts::kOpening);
    part(out, numbers_);
    write_functions(out);
    part(out, act_);
    write_check(out);
    part(out, "\n#endif\n");
    return out;
  }

 private:
  const NetworkShape& shape() const { return content_.shape; }
  void part(std::string& out, std::string_view text) const { out += with_name(text, header_.name); }

  template <class Number>
  void array(const std::string& name, const std::vector<Number>& values) {
    numbers_ += c_array(name, values);
    sizes_.constants += values.size() * sizeof(Number);
  }

  const Tensor* find(const std::string& name) const { return find_tensor(content_.tensors, name); }
  const Tensor& get(const std::string& name) const { return *find(name); }

  int layers() const { return static_cast<int>(shape().hidden.size()) + 1; }
  int width(int layer) const {  // of its output; of layer -1: the observation
    if (layer < 0) return shape().observation_size;
    return layer + 1 < layers() ? shape().hidden[static_cast<std::size_t>(layer)] : shape().output_size;
  }

  void write_norm(const std::string& tensors, const std::string& name) {
    const std::vector<float>& gain = get(tensors + ".weight").values;
    if (shape().layer_norm) {
      array("norm_gain" + name, gain);
    } else {
      std::vector<float> scale;
      const std::vector<float>& variance = get(tensors + ".running_var").values;
      for (std::size_t i = 0; i < gain.size(); i++)
        scale.push_back(gain[i] * (1.0f / std::sqrt(variance[i] + kNormEpsilon)));
      array("norm_scale" + name, scale);
      array("norm_mean" + name, get(tensors + ".running_mean").values);
    }
    array("norm_shift" + name, get(tensors + ".bias").values);
  }

  void write_numbers() {
    const ActionBounds bounds(content_.action_low, content_.action_high);
    numbers_ += "\n// action bounds\n";
    array("action_low", bounds.low);
    array("action_high", bounds.high);
    array("centre", bounds.centre);
    array("half_range", bounds.half_range);
    if (content_.normalise) {
      numbers_ += "\n// statistics of the observations\n";
      array("mean", content_.mean);
      array("deviation", content_.deviation);
    }
    if (shape().batch_norm) {
      numbers_ += "\n// batch normalisation of the observation\n";
      write_norm("input_norm", "_input");
    }
    for (int n = 0; n < layers(); n++) {
      const std::string index = std::to_string(n);
      numbers_ += fmt::format("\n// layer {}: {} -> {}\n", n, width(n - 1), width(n));
      write_weights(get("layers." + index + ".weight"), index);
      if (const Tensor* bias = find("layers." + index + ".bias")) array("bias" + index, bias->values);
      if (has_norm(shape(), n)) write_norm("norms." + index, index);
    }
  }

  void write_weights(const Tensor& weight, const std::string& index) {
    if (!header_.int8) return array("weight" + index, weight.values);
    const Int8Weights int8 = quantise(weight);
    array("weight" + index, int8.values);
    array("weight_scale" + index, int8.scales);
  }

  // The buffers in turn: what is read, and what is written next.
  char now() const { return turn_ ? 'b' : 'a'; }
  char next() const { return turn_ ? 'a' : 'b'; }
  void took(int size) {
    int& most = turn_ ? b_ : a_;
    most = std::max(most, size);
  }
  void line(const std::string& text) { act_ += "  " + text + "\n"; }

  void activate(Activation activation, int n) {
    if (activation == Activation::linear) return;
    used_[static_cast<int>(activation)] = true;
    line(fmt::format("for (i = 0; i < {}; i++) {}[i] = @name@_{}({}[i]);", n, now(), name_of(activation), now()));
  }

  void write_layer(int n, const std::string& input) {
    const int in = width(n - 1), out = width(n);
    const bool bias = find(fmt::format("layers.{}.bias", n)) != nullptr;
    const std::string shift = bias ? fmt::format("@name@_bias{}", n) : "0";
    turn_ = !turn_;
    took(out);
    line("");
    if (header_.int8) {
      line(fmt::format("@name@_dense(@name@_weight{0}, @name@_weight_scale{0}, {1}, {2}, {3}, {4}, {5});", n, shift,
                       input, now(), in, out));
    } else if (out == 1) {
      line(fmt::format("@name@_dense_one(@name@_weight{}, {}, {}, {}, {});", n, shift, input, now(), in));
    } else {
      line(fmt::format("@name@_dense(@name@_weight{}, {}, {}, {}, {}, {});", n, shift, input, now(), in, out));
    }
    if (has_norm(shape(), n) && shape().layer_norm)
      line(fmt::format("@name@_layer_norm(@name@_norm_gain{0}, @name@_norm_shift{0}, {1}, {2});", n, now(), out));
    if (has_norm(shape(), n) && shape().batch_norm) write_batch_norm(std::to_string(n), std::string(1, now()), out);
    activate(n + 1 < layers() ? shape().activation : shape().output_activation, out);
  }

  void write_batch_norm(const std::string& index, const std::string& from, int n) {
    line(fmt::format(
        "@name@_batch_norm(@name@_norm_scale{0}, @name@_norm_mean{0}, @name@_norm_shift{0}, {1}, {2}, {3});", index,
        from, now(), n));
  }

  void write_act() {
    std::string input = "observation";
    if (content_.normalise) {
      line("@name@_normalise(observation, a);");
      input = "a";
      took(width(-1));
    }
    if (shape().batch_norm) {
      write_batch_norm("_input", input, width(-1));
      input = "a";
      took(width(-1));
    }
    for (int n = 0; n < layers(); n++, input = now()) write_layer(n, input);
    const std::string body = std::exchange(act_, "");
    sizes_.stack = static_cast<std::size_t>(std::max(a_, 1) + b_) * sizeof(float);
    act_ = fmt::format(
        "\n// action = mu(observation)\n"
        "static inline void @name@_act(const float observation[{}], float action[{}]) {{\n"
        "  float a[{}], b[{}];\n  int i;\n{}\n  @name@_scale({}, action);\n}}\n",
        shape().observation_size, shape().output_size, std::max(a_, 1), b_, body, now());
  }

  bool uses(Activation activation) const { return used_[static_cast<int>(activation)]; }
  bool has_one() const {
    for (int n = 0; n < layers(); n++)
      if (width(n) == 1) return !header_.int8;
    return false;
  }

  bool has_wide() const {
    for (int n = 0; n < layers(); n++)
      if (width(n) > 1 || header_.int8) return true;
    return false;
  }

  void write_functions(std::string& out) const {
    using namespace c_parts;
    if (has_one() || shape().layer_norm) part(out, kTree);
    if (has_one()) part(out, kDenseOne);
    if (has_wide()) part(out, header_.int8 ? kDenseInt8 : kDense);
    if (uses(Activation::tanh) || uses(Activation::elu)) part(out, kExpMinusOne);
    if (uses(Activation::tanh)) part(out, kTanh);
    if (uses(Activation::relu)) part(out, kRelu);
    if (uses(Activation::elu)) part(out, kElu);
    if (shape().layer_norm) part(out, replaced(std::string(kLayerNorm), "@epsilon@", c_number(kNormEpsilon)));
    if (shape().batch_norm) part(out, kBatchNorm);
    if (content_.normalise) part(out, replaced(std::string(kNormaliser), "@clip@", c_number(content_.clip)));
    part(out, kScale);
  }

  void write_check(std::string& out) const {
    const PolicyPairs& pairs = header_.pairs;
    if (pairs.rows == 0) return;
    // 8-bit weights: what they cost where it was measured, and a little more for another order of rounding
    const double limit = header_.int8 ? header_.int8_difference.largest_share * 1.01 + 1e-5 : kLimit;
    part(out, fmt::format("\n#ifdef @NAME@_WITH_CHECK\n#define @NAME@_CHECKS {}\n#define @NAME@_CHECK_LIMIT {}\n",
                          pairs.rows, c_number(static_cast<float>(limit))));
    part(out, c_array("check_observation", pairs.observations));
    part(out, c_array("check_action", pairs.actions));
    part(out, c_parts::kCheck);
    part(out, "#endif\n");
  }

  static constexpr double kLimit = 1e-6;  // of the action's range

  const Policy::Content& content_;
  const CHeader& header_;
  CSizes sizes_;
  std::string numbers_, act_;
  bool used_[4] = {};
  bool turn_ = false;
  int a_ = 0, b_ = 0;
};

}  // namespace

std::string c_header(const Policy::Content& content, const CHeader& header) {
  check_c_name(header.name);
  return HeaderWriter(content, header).text();
}

}  // namespace ddpg
