#include "export/onnx_wrappers.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace ddpg {

using deploy::CarriedWrapper, deploy::WrapperKind;

OnnxWrappers::OnnxWrappers(const Policy::Content& content, OnnxGraph& graph, bool doubles)
    : content_(content), graph_(graph), doubles_(doubles) {}

bool OnnxWrappers::changes_action() const {
  return std::ranges::any_of(content_.wrappers,
                             [](const CarriedWrapper& wrapper) { return wrapper.kind == WrapperKind::low_pass; });
}

std::string OnnxWrappers::constant(const std::string& name, const Numbers& values) {
  const std::vector<int> size = {static_cast<int>(values.size())};
  if (doubles_) return graph_.constant(name, size, values);
  return graph_.constant(name, size, std::vector<float>(values.begin(), values.end()));
}

// By Gather, whose form no opset changes.
std::string OnnxWrappers::part(const std::string& of, int from, int count, const std::string& name) {
  std::vector<std::int64_t> places(static_cast<std::size_t>(count));
  std::iota(places.begin(), places.end(), from);
  const std::string where = graph_.constant(name + ".places", {count}, places);
  return graph_.node("Gather", {of, where}, name, {{"axis", std::int64_t{1}}});
}

std::string OnnxWrappers::joined(const std::vector<std::string>& values, const std::string& name) {
  return graph_.node("Concat", values, name, {{"axis", std::int64_t{1}}});
}

// By Where: a product with 0 would keep what is not finite.
std::string OnnxWrappers::chosen(const std::string& when_begun, const std::string& at_first, const std::string& name) {
  return graph_.node("Where", {begun_, when_begun, at_first}, name);
}

// [batch, 1]: whether the network's action holds a NaN. By the mean, which is NaN then, too; how ReduceMean
// takes its axes changes with the opset.
std::string OnnxWrappers::is_bad(const std::string& action) {
  const std::vector<float> share(static_cast<std::size_t>(actions()), 1.0f / static_cast<float>(actions()));
  const std::string shares = graph_.constant("action_shares", {actions(), 1}, share);
  return graph_.node("IsNaN", {graph_.node("MatMul", {action, shares}, "action_mean")}, "is_bad");
}

std::string OnnxWrappers::cast(const std::string& value, const std::string& name) {
  return doubles_ ? graph_.node("Cast", {value}, name, {{"to", std::int64_t{kOnnxDouble}}}) : value;
}

std::string OnnxWrappers::observe(std::string sensors) {
  one_ = constant("one", {1});
  begun_ = graph_.node("Cast", {part("state", 0, 1, "state_begun")}, "begun", {{"to", std::int64_t{kOnnxBool}}});
  size_ = content_.sensor_size();
  for (std::size_t i = 0; i < content_.wrappers.size(); i++) {
    sensors = observe(content_.wrappers[i], fmt::format("wrappers.{}", i), sensors);
  }
  graph_.input("state", state_size_, doubles_ ? kOnnxDouble : kOnnxFloat);
  return sensors;
}

std::string OnnxWrappers::observe(const CarriedWrapper& wrapper, const std::string& name, const std::string& x) {
  const int in = size_;
  size_ = size_behind(wrapper, in, actions());
  const int size = remembered_by(wrapper, size_, actions());
  const std::string memory = memory_.emplace_back(part("state", state_size_, size, name + ".memory"));
  state_size_ += size;
  switch (wrapper.kind) {
    case WrapperKind::time_left: {
      const std::string limit = constant(name + ".limit", {static_cast<double>(wrapper.count)});
      const std::string share = graph_.node("Div", {memory, limit}, name + ".share_played");
      return joined({x, graph_.node("Sub", {one_, share}, name + ".left")}, name + ".output");
    }
    case WrapperKind::last_actions:
      return joined({x, memory}, name + ".output");
    case WrapperKind::frame_stack: {
      const std::string older = part(memory, in, size_ - in, name + ".older");
      const std::string repeated =
          joined(std::vector<std::string>(static_cast<std::size_t>(wrapper.count) - 1, x), name + ".repeated");
      next_.resize(memory_.size());
      return next_.back() = joined({chosen(older, repeated, name + ".before"), x}, name + ".output");
    }
    case WrapperKind::low_pass:
      return x;
  }
  return x;
}

void OnnxWrappers::act(std::string action) {
  next_.resize(memory_.size());
  const std::string bad = is_bad(action);
  for (std::size_t i = content_.wrappers.size(); i-- > 0;)
    remember(content_.wrappers[i], fmt::format("wrappers.{}", i), action, static_cast<int>(i));
  if (changes_action()) graph_.node("Identity", {action}, "action");
  next_.insert(next_.begin(), graph_.node("Where", {begun_, one_, one_}, "begun_now"));  // 1, [batch, 1]
  graph_.node("Where", {bad, "state", joined(next_, "state_of_a_good_step")}, "next_state");
  graph_.output("next_state", state_size_, doubles_ ? kOnnxDouble : kOnnxFloat);
}

void OnnxWrappers::remember(const CarriedWrapper& wrapper, const std::string& name, std::string& action, int i) {
  const auto at = static_cast<std::size_t>(i);
  Numbers low(content_.action_low.begin(), content_.action_low.end());
  Numbers high(content_.action_high.begin(), content_.action_high.end());
  switch (wrapper.kind) {
    case WrapperKind::time_left:
      next_[at] = graph_.node("Add", {memory_[at], one_}, name + ".next");
      return;
    case WrapperKind::last_actions: {
      Numbers centre, half_range;
      for (std::size_t k = 0; k < low.size(); k++)
        centre.push_back((low[k] + high[k]) / 2), half_range.push_back((high[k] - low[k]) / 2);
      const std::string less = graph_.node("Sub", {cast(action, name + ".action"), constant(name + ".centre", centre)},
                                           name + ".action_centred");
      const std::string newest =
          graph_.node("Div", {less, constant(name + ".half_range", half_range)}, name + ".newest");
      const int older = (wrapper.count - 1) * actions();
      next_[at] = older == 0 ? newest : joined({newest, part(memory_[at], 0, older, name + ".older")}, name + ".next");
      return;
    }
    case WrapperKind::frame_stack:
      return;
    case WrapperKind::low_pass: {
      Numbers rest;
      for (std::size_t k = 0; k < low.size(); k++) rest.push_back(std::clamp(0.0, low[k], high[k]));
      const std::string before = chosen(memory_[at], constant(name + ".rest", rest), name + ".before");
      const std::string less = graph_.node("Sub", {cast(action, name + ".action"), before}, name + ".less_before");
      const std::string change =
          graph_.node("Mul", {less, constant(name + ".share", {wrapper.share})}, name + ".change");
      next_[at] = graph_.node("Add", {before, change}, name + ".next");
      std::string played = next_[at];
      if (doubles_) played = graph_.node("Cast", {played}, name + ".rounded", {{"to", std::int64_t{kOnnxFloat}}});
      const int size = actions();
      const std::string above = graph_.node(
          "Max", {played, graph_.constant(name + ".low", {size}, content_.action_low)}, name + ".above_low");
      action =
          graph_.node("Min", {above, graph_.constant(name + ".high", {size}, content_.action_high)}, name + ".played");
      return;
    }
  }
}

}  // namespace ddpg
