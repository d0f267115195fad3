// The wrappers that a policy carries (deploy/wrapping.h) as parts of an ONNX graph: what is remembered comes in as
// `state` [batch, size], all zeros where an episode begins, and goes out as `next_state`, to be given at the next step.
// A step whose actions are not numbers leaves no trace: `next_state` is then `state`. Of operators of opset 9 on, the
// first with Where and IsNaN.
#pragma once

#include <string>
#include <vector>

#include "export/onnx_graph.h"
#include "policy/content.h"

namespace ddpg {

class OnnxWrappers {
 public:
  // `doubles`: observation and state are double, else float.
  OnnxWrappers(const Policy::Content& content, OnnxGraph& graph, bool doubles);

  // Adds the input and what makes the network's observation of `sensors`; gives its name.
  std::string observe(std::string sensors);
  // Adds what makes `action`, the output, of the network's, and `next_state`.
  void act(std::string action);
  // Whether the network's must have another name than that.
  bool changes_action() const;

 private:
  using Numbers = std::vector<double>;

  std::string constant(const std::string& name, const Numbers& values);
  std::string part(const std::string& of, int from, int count, const std::string& name);
  std::string joined(const std::vector<std::string>& values, const std::string& name);
  std::string chosen(const std::string& when_begun, const std::string& at_first, const std::string& name);
  std::string cast(const std::string& value, const std::string& name);
  std::string observe(const deploy::CarriedWrapper& wrapper, const std::string& name, const std::string& x);
  std::string is_bad(const std::string& action);
  void remember(const deploy::CarriedWrapper& wrapper, const std::string& name, std::string& action, int i);
  int actions() const { return static_cast<int>(content_.action_low.size()); }

  const Policy::Content& content_;
  OnnxGraph& graph_;
  bool doubles_;
  int size_ = 0, state_size_ = 1;           // of the observation at hand, of the state
  std::string begun_, one_;                 // whether the episode has begun, [batch, 1]; 1
  std::vector<std::string> memory_, next_;  // of each wrapper
};

}  // namespace ddpg
