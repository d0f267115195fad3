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
#include "export/c_wrappers.h"
#include "export/identity.h"
#include "nn/action_bounds.h"
#include "nn/activations.h"
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
    const CWrappers wrappers = c_wrappers(content_);
    std::string out = c_comment(content_, header_, sizes_);
    part(out, fmt::format("#ifndef DDPG_EXPORT_@NAME@_H\n#define DDPG_EXPORT_@NAME@_H\n\n#define @NAME@_OBSERVATIONS "
                          "{}\n#define @NAME@_ACTIONS {}\n{}\n",
                          body().observation_size, body().output_size(), wrappers.defines));
    part(out, std::string(c_parts::kOpening) + numbers_);
    write_functions(out);
    part(out, act_);
    part(out, with_sizes(content_.normalise ? c_parts::kActNormalised : c_parts::kAct));
    part(out, wrappers.text);
    write_check(out);
    part(out, "\n#endif\n");
    return out;
  }

 private:
  const NetworkBody& body() const { return content_.body; }
  int steps() const { return static_cast<int>(body().steps.size()); }
  const Step& step(int i) const { return body().steps[static_cast<std::size_t>(i)]; }
  void part(std::string& out, std::string_view text) const { out += with_name(text, header_.name); }

  template <class Number>
  void array(const std::string& name, const std::vector<Number>& values) {
    numbers_ += c_array(name, values);
    sizes_.constants += values.size() * sizeof(Number);
  }

  const Tensor* find(const std::string& name) const { return find_tensor(content_.tensors, name); }
  const Tensor& get(const std::string& name) const { return *find(name); }

  void write_layer_norm(const std::string& tensors, const std::string& name) {
    array("norm_gain" + name, get(tensors + ".weight").values);
    array("norm_shift" + name, get(tensors + ".bias").values);
  }

  void write_batch_norm(const std::string& tensors, const std::string& name) {
    std::vector<float> scale;
    const std::vector<float>&gain = get(tensors + ".weight").values, &variance = get(tensors + ".running_var").values;
    for (std::size_t i = 0; i < gain.size(); i++)
      scale.push_back(gain[i] * (1.0f / std::sqrt(variance[i] + kNormEpsilon)));
    array("norm_scale" + name, scale);
    array("norm_mean" + name, get(tensors + ".running_mean").values);
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
    int layer = -1;
    for (int i = 0; i < steps(); i++) {
      const std::string tensors = layer < 0 ? "input_norm" : fmt::format("norms.{}", layer), name = norm_name(layer);
      switch (step(i).kind) {
        case StepKind::dense:
          layer++;
          numbers_ += fmt::format("\n// layer {}: {} -> {}\n", layer, body().width(i), body().width(i + 1));
          write_weights(get(fmt::format("layers.{}.weight", layer)), std::to_string(layer));
          if (step(i).bias) array(fmt::format("bias{}", layer), get(fmt::format("layers.{}.bias", layer)).values);
          break;
        case StepKind::layer_norm:
          if (layer < 0) numbers_ += "\n// layer normalisation of the observation\n";
          write_layer_norm(tensors, name);
          break;
        case StepKind::batch_norm:
          if (layer < 0) numbers_ += "\n// batch normalisation of the observation\n";
          write_batch_norm(tensors, name);
          break;
        case StepKind::activate:
        case StepKind::join:
        case StepKind::add:
        case StepKind::avg_l1_norm:
        case StepKind::recall:
        case StepKind::append:
          break;
      }
    }
  }

  static std::string norm_name(int layer) { return layer < 0 ? "_input" : std::to_string(layer); }

  void write_weights(const Tensor& weight, const std::string& index) {
    if (!header_.int8) return array("weight" + index, weight.values);
    const Int8Weights int8 = quantise(weight);
    array("weight" + index, int8.values);
    array("weight_scale" + index, int8.scales);
  }

  // The value at hand lies in `value_`: the observation, or one of two buffers in turn.
  void take_next_buffer(int size) {
    turn_ = !turn_;
    value_ = turn_ ? "b" : "a";
    int& most = turn_ ? b_ : a_;
    most = std::max(most, size);
  }
  // A value that is changed in its place must not be the caller's observation.
  void take_own_buffer(int size) {
    if (value_ != "observation") return;
    take_next_buffer(size);
    line(fmt::format("for (i = 0; i < {}; i++) {}[i] = observation[i];", size, value_));
  }
  void line(const std::string& text) { act_ += "  " + text + "\n"; }

  void write_step(int i) {
    const int in = body().width(i), out = body().width(i + 1);
    switch (step(i).kind) {
      case StepKind::dense:
        write_dense(++layer_, step(i).bias, in, out);
        break;
      case StepKind::layer_norm:
        take_own_buffer(in);
        line(fmt::format("@name@_layer_norm(@name@_norm_gain{0}, @name@_norm_shift{0}, {1}, {2});", norm_name(layer_),
                         value_, out));
        break;
      case StepKind::batch_norm: {
        const std::string from = value_;
        if (value_ == "observation") take_next_buffer(in);
        line(fmt::format(
            "@name@_batch_norm(@name@_norm_scale{0}, @name@_norm_mean{0}, @name@_norm_shift{0}, {1}, {2}, {3});",
            norm_name(layer_), from, value_, out));
        break;
      }
      case StepKind::activate:
        if (step(i).activation == Activation::linear) break;
        take_own_buffer(in);
        line(fmt::format("for (i = 0; i < {0}; i++) {1}[i] = @name@_{2}({1}[i]);", out, value_,
                         name_of(step(i).activation)));
        break;
      case StepKind::join:  // there is none in an actor
        break;
      case StepKind::add:
        line(fmt::format("for (i = 0; i < {0}; i++) {1}[i] = {1}[i] + {2}[i];", out, value_, kept_name(step(i).value)));
        break;
      case StepKind::avg_l1_norm:
        take_own_buffer(in);
        line(fmt::format("@name@_avg_l1_norm({}, {});", value_, out));
        break;
      case StepKind::recall:
        write_recall(kept_name(step(i).value), out);
        break;
      case StepKind::append:
        write_append(kept_name(step(i).value), in, out);
        break;
    }
    if (last_use_of(body().steps, i + 1) < 0) return;
    line(fmt::format("for (i = 0; i < {0}; i++) kept{1}[i] = {2}[i];", out, i + 1, value_));
    kept_ += fmt::format(", kept{}[{}]", i + 1, out);
    kept_size_ += out;
  }

  // An earlier value that is used again; the observation is still where the caller has it.
  static std::string kept_name(int value) { return value == 0 ? "observation" : fmt::format("kept{}", value); }

  void write_recall(const std::string& from, int size) {
    take_next_buffer(size);
    line(fmt::format("for (i = 0; i < {0}; i++) {1}[i] = {2}[i];", size, value_, from));
  }

  void write_append(const std::string& more, int in, int out) {
    const std::string from = value_;
    take_next_buffer(out);
    line(fmt::format("for (i = 0; i < {0}; i++) {1}[i] = {2}[i];", in, value_, from));
    line(fmt::format("for (i = 0; i < {0}; i++) {1}[{2} + i] = {3}[i];", out - in, value_, in, more));
  }

  void write_dense(int n, bool bias, int in, int out) {
    const std::string shift = bias ? fmt::format("@name@_bias{}", n) : "0", from = value_;
    take_next_buffer(out);
    line("");
    if (header_.int8) {
      line(fmt::format("@name@_dense(@name@_weight{0}, @name@_weight_scale{0}, {1}, {2}, {3}, {4}, {5});", n, shift,
                       from, value_, in, out));
    } else if (out == 1) {
      line(fmt::format("@name@_dense_one(@name@_weight{}, {}, {}, {}, {});", n, shift, from, value_, in));
    } else {
      line(fmt::format("@name@_dense(@name@_weight{}, {}, {}, {}, {}, {});", n, shift, from, value_, in, out));
    }
  }

  void write_act() {
    turn_ = true;  // the first buffer is a
    for (int i = 0; i < steps(); i++) write_step(i);
    const std::string lines = std::exchange(act_, "");
    const int normalised = content_.normalise ? body().observation_size : 0;
    sizes_.stack = static_cast<std::size_t>(a_ + b_ + kept_size_ + normalised) * sizeof(float);
    const std::string second = b_ > 0 ? fmt::format(", b[{}]", b_) : "";  // one dense step needs one buffer
    act_ = fmt::format(
        "\n// from observations as the network sees them\n"
        "static inline void @name@_network(const float *observation, float *action) {{\n"
        "  float a[{}]{}{};\n  int i;\n{}\n  @name@_scale({}, action);\n}}\n",
        a_, second, kept_, lines, value_);
  }

  std::string with_sizes(std::string_view text) const {
    return replaced(replaced(std::string(text), "@n@", std::to_string(body().observation_size)), "@m@",
                    std::to_string(body().output_size()));
  }

  // Whether some step is such.
  template <class Is>
  bool any(const Is& is) const {
    for (int i = 0; i < steps(); i++)
      if (is(step(i))) return true;
    return false;
  }
  bool has(StepKind kind) const {
    return any([&](const Step& s) { return s.kind == kind; });
  }

  void write_functions(std::string& out) const {
    using namespace c_parts;
    const bool one = !header_.int8 && any([](const Step& s) { return s.kind == StepKind::dense && s.out == 1; });
    const bool wide = any([&](const Step& s) { return s.kind == StepKind::dense && (s.out > 1 || header_.int8); });
    const auto uses = [&](const ActivationForm& form) {
      return any([&](const Step& s) { return s.kind == StepKind::activate && s.activation == form.activation; });
    };
    if (one || has(StepKind::layer_norm) || has(StepKind::avg_l1_norm)) part(out, kTree);
    if (one) part(out, kDenseOne);
    if (wide) part(out, header_.int8 ? kDenseInt8 : kDense);
    if (std::ranges::any_of(activation_forms(), [&](const auto& form) { return form.c_needs_exp && uses(form); }))
      part(out, kExpMinusOne);
    for (const ActivationForm& form : activation_forms())
      if (uses(form)) part(out, form.c_text);
    if (has(StepKind::layer_norm)) part(out, replaced(std::string(kLayerNorm), "@epsilon@", c_number(kNormEpsilon)));
    if (has(StepKind::batch_norm)) part(out, kBatchNorm);
    if (has(StepKind::avg_l1_norm)) part(out, replaced(std::string(kAvgL1Norm), "@epsilon@", c_number(kAvgL1Epsilon)));
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
  std::string numbers_, act_, kept_;
  std::string value_ = "observation";
  bool turn_ = false;
  int a_ = 0, b_ = 0, kept_size_ = 0, layer_ = -1;
};

}  // namespace

std::string c_header(const Policy::Content& content, const CHeader& header) {
  check_c_name(header.name);
  return HeaderWriter(content, header).text();
}

}  // namespace ddpg
