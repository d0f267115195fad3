// Whether a policy's parts fit together: see check.h.
#include "policy/check.h"

#include <fmt/format.h>

#include <string>

#include "ddpg/error.h"
#include "deploy/view.h"
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

void check_length(std::size_t found, std::size_t expected, std::string_view what, std::string_view where,
                  std::string_view section) {
  if (found != expected) fail(where, section, fmt::format("{}: expected {} numbers, found {}", what, expected, found));
}

// Whether it is an actor's, within the limits.
void check_network(const NetworkBody& body, std::string_view where) {
  check_range(body.observation_size, kMostInputsOrOutputs, "observation size", where);
  if (body.action_size != 0)
    fail(where, kNetworkSection, "expected an actor, found a network with an action among its inputs");
  if (const char* fault = fault_of(body.steps, body.observation_size, 0)) fail(where, kNetworkSection, fault);
  check_range(body.output_size(), kMostInputsOrOutputs, "action size", where);
}

// Whether a tensor is of the form that the network asks for at its place.
void check_tensor(const Tensor& found, const TensorForm& expected, std::string_view where) {
  if (found.name != expected.name) {
    fail(where, kWeightsSection, fmt::format("expected tensor {}, found {}", expected.name, printable(found.name)));
  }
  if (found.shape != expected.shape) {
    fail(where, kWeightsSection,
         fmt::format("{}: expected shape [{}], found [{}]", expected.name, fmt::join(expected.shape, ", "),
                     fmt::join(found.shape, ", ")));
  }
  check_length(found.values.size(), static_cast<std::size_t>(expected.elements()), found.name, where, kWeightsSection);
}

void check_tensors(const Policy::Content& content, std::string_view where) {
  const std::vector<TensorForm> forms = expected_tensors(content.body);
  if (content.tensors.size() != forms.size()) {
    fail(where, kWeightsSection, fmt::format("expected {} tensors, found {}", forms.size(), content.tensors.size()));
  }
  for (std::size_t i = 0; i < forms.size(); i++) check_tensor(content.tensors[i], forms[i], where);
}

void check_wrappers(const Policy::Content& content, std::string_view where) {
  if (content.wrappers.size() > deploy::kMostWrappers)
    fail(where, kWrappersSection,
         fmt::format("wrappers: expected at most {}, found {}", deploy::kMostWrappers, content.wrappers.size()));
  for (const deploy::CarriedWrapper& wrapper : content.wrappers)
    if (const char* fault = deploy::fault_of(wrapper)) fail(where, kWrappersSection, fault);
  if (content.sensor_size() < 1)
    fail(where, kWrappersSection,
         fmt::format("expected wrappers that make {} numbers of an observation with fewer, found others",
                     content.body.observation_size));
}

}  // namespace

void check_structure(const Policy::Content& content, std::string_view where) {
  check_network(content.body, where);
  const auto observations = static_cast<std::size_t>(content.body.observation_size);
  const auto actions = static_cast<std::size_t>(content.body.output_size());
  check_length(content.action_low.size(), actions, "lower action bounds", where, kBoundsSection);
  check_length(content.action_high.size(), actions, "upper action bounds", where, kBoundsSection);
  const std::size_t normalised = content.normalise ? observations : 0;
  check_length(content.mean.size(), normalised, "mean", where, kNormaliserSection);
  check_length(content.deviation.size(), normalised, "deviation", where, kNormaliserSection);
  check_tensors(content, where);
  check_wrappers(content, where);
  check_length(content.check_actions.size() % actions, 0, "actions of check pairs, beyond whole pairs", where,
               kChecksSection);
  check_length(content.check_observations.size(), content.checks() * observations, "observations of check pairs", where,
               kChecksSection);
}

}  // namespace ddpg
