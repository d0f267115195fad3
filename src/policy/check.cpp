// What holds of every policy: see check.h.
#include "policy/check.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "ddpg/error.h"
#include "support/bytes.h"

namespace ddpg {
namespace {

[[noreturn]] void fail(std::string_view where, std::string_view section, const std::string& message) {
  throw Error(fmt::format("[{}, section {}] {}", where, section, message));
}

void check_range(std::int64_t value, std::int64_t most, std::string_view what, std::string_view where) {
  if (value < 1 || value > most) {
    fail(where, kNetworkSection, fmt::format("{}: expected 1 to {}, found {}", what, most, value));
  }
}

template <class Number>
void check_finite(const std::vector<Number>& values, std::string_view what, std::string_view where,
                  std::string_view section) {
  for (std::size_t i = 0; i < values.size(); i++) {
    if (!std::isfinite(values[i])) {
      fail(where, section, fmt::format("{}[{}]: expected a finite number, found {}", what, i, values[i]));
    }
  }
}

void check_length(std::size_t found, std::int64_t expected, std::string_view what, std::string_view where,
                  std::string_view section) {
  if (found != static_cast<std::size_t>(expected)) {
    fail(where, section, fmt::format("{}: expected {} numbers, found {}", what, expected, found));
  }
}

void check_bounds(const Policy::Content& content, std::string_view where) {
  const std::vector<float>&low = content.action_low, &high = content.action_high;
  check_length(low.size(), content.shape.output_size, "lower action bounds", where, kBoundsSection);
  check_length(high.size(), content.shape.output_size, "upper action bounds", where, kBoundsSection);
  check_finite(low, "lower action bound", where, kBoundsSection);
  check_finite(high, "upper action bound", where, kBoundsSection);
  for (std::size_t i = 0; i < low.size(); i++) {
    if (low[i] >= high[i]) {
      fail(where, kBoundsSection,
           fmt::format("action bounds[{}]: expected lower < upper, found {} and {}", i, low[i], high[i]));
    }
  }
}

void check_normaliser(const Policy::Content& content, std::string_view where) {
  const int size = content.normalise ? content.shape.observation_size : 0;
  check_length(content.mean.size(), size, "mean", where, kNormaliserSection);
  check_length(content.deviation.size(), size, "deviation", where, kNormaliserSection);
  check_finite(content.mean, "mean", where, kNormaliserSection);
  check_finite(content.deviation, "deviation", where, kNormaliserSection);
  for (std::size_t i = 0; i < content.deviation.size(); i++) {
    if (content.deviation[i] <= 0) {
      fail(where, kNormaliserSection, fmt::format("deviation[{}]: expected > 0, found {}", i, content.deviation[i]));
    }
  }
  const bool allowed = content.normalise ? content.clip > 0 : content.clip >= 0;
  if (!std::isfinite(content.clip) || !allowed) {
    fail(where, kNormaliserSection,
         fmt::format("clip: expected a finite number {} 0, found {}", content.normalise ? ">" : ">=", content.clip));
  }
}

void check_values(const Tensor& tensor, const TensorForm& form, std::string_view where) {
  check_length(tensor.values.size(), form.elements(), tensor.name, where, kWeightsSection);
  check_finite(tensor.values, tensor.name, where, kWeightsSection);
  if (!tensor.name.ends_with(".running_var")) return;
  for (std::size_t i = 0; i < tensor.values.size(); i++) {
    if (tensor.values[i] < 0) {
      fail(where, kWeightsSection,
           fmt::format("{}[{}]: expected a variance >= 0, found {}", tensor.name, i, tensor.values[i]));
    }
  }
}

void check_tensors(const Policy::Content& content, std::string_view where) {
  const std::vector<TensorForm> forms = expected_tensors(content.shape);
  if (content.tensors.size() != forms.size()) {
    fail(where, kWeightsSection, fmt::format("expected {} tensors, found {}", forms.size(), content.tensors.size()));
  }
  for (std::size_t i = 0; i < forms.size(); i++) {
    check_form({content.tensors[i].name, content.tensors[i].shape}, forms[i], where);
    check_values(content.tensors[i], forms[i], where);
  }
}

}  // namespace

void check_network(const NetworkShape& shape, std::string_view where) {
  check_range(shape.observation_size, kMostInputsOrOutputs, "observation size", where);
  check_range(shape.output_size, kMostInputsOrOutputs, "action size", where);
  check_range(static_cast<std::int64_t>(shape.hidden.size()), kMostHiddenLayers, "number of hidden layers", where);
  for (int width : shape.hidden) check_range(width, kWidestHiddenLayer, "width of a hidden layer", where);
  if (shape.batch_norm && shape.layer_norm) {
    fail(where, kNetworkSection, "expected batch normalisation or layer normalisation or none, found both");
  }
  if (shape.action_size != 0 || shape.action_layer != 0) {
    fail(where, kNetworkSection, "expected an actor, found a network with an action among its inputs");
  }
  if (shape.output_activation != Activation::tanh) {
    fail(where, kNetworkSection, "output activation: expected tanh, found another");
  }
}

void check_form(const TensorForm& found, const TensorForm& expected, std::string_view where) {
  if (found.name != expected.name) {
    fail(where, kWeightsSection, fmt::format("expected tensor {}, found {}", expected.name, printable(found.name)));
  }
  if (found.shape != expected.shape) {
    fail(where, kWeightsSection,
         fmt::format("{}: expected shape [{}], found [{}]", expected.name, fmt::join(expected.shape, ", "),
                     fmt::join(found.shape, ", ")));
  }
}

void check_content(const Policy::Content& content, std::string_view where) {
  check_network(content.shape, where);
  check_bounds(content, where);
  check_normaliser(content, where);
  check_tensors(content, where);
  if (content.provenance.step < 0) {
    fail(where, kProvenanceSection, fmt::format("step: expected >= 0, found {}", content.provenance.step));
  }
}

}  // namespace ddpg
