#include "nn/plan.h"

#include <cstddef>

namespace ddpg {
namespace {

class Planner {
 public:
  Planner(const NetworkBody& body, Fusing fusing) : body_(body), fuses_(fusing == Fusing::on) {
    values_.push_back({kObservationSlot, Activation::linear});
  }

  Plan plan() {
    const int steps = static_cast<int>(body_.steps.size());
    for (int i = 0; i < steps;) i = add_node(i);
    return std::move(plan_);
  }

 private:
  struct Value {
    int slot;
    Activation activation;   // that made it
    bool is_needed = false;  // by a derivative, AvgL1Norm's, or by a step that comes back to it
  };

  const Step& step(int i) const { return body_.steps[static_cast<std::size_t>(i)]; }
  const Value& value(int v) const { return values_[static_cast<std::size_t>(v)]; }
  bool is_added(int v) const { return last_use_of(body_.steps, v) >= 0; }

  int new_slot(int width) {
    plan_.slots.push_back({width});
    return static_cast<int>(plan_.slots.size()) - 1;
  }

  // Where a node writes that could write over value `v`: there, unless a later step adds `v` or needs it, as the
  // derivative of the activation that made it does.
  int slot_over(int v, int width) {
    const bool free = value(v).slot != kObservationSlot && !is_added(v) && value(v).activation == Activation::linear &&
                      !value(v).is_needed;
    return free ? value(v).slot : new_slot(width);
  }

  // Adds the node that begins with step i and returns the first step behind it.
  int add_node(int i) {
    const int v = i;  // what it reads
    if (step(i).kind == StepKind::recall) {
      values_.push_back({value(step(i).value).slot, value(step(i).value).activation, true});
      return i + 1;
    }
    Node node;
    node.in = value(v).slot;
    node.in_activation = value(v).activation;
    node.in_is_added = is_added(v);
    node.in_width = body_.width(v);
    if (step(i).kind == StepKind::join) node.joined = body_.action_size;
    if (step(i).kind == StepKind::join && i + 1 < static_cast<int>(body_.steps.size()) &&
        step(i + 1).kind == StepKind::dense && !is_added(i + 1)) {
      values_.push_back({});  // [x, action] never lies together
      i++;
    }
    node.kind = step(i).kind;
    node.step = i;
    node.out_width = body_.width(i + 1);
    switch (node.kind) {
      case StepKind::dense:
        node.index = layers_++;
        node.out = new_slot(node.out_width);
        break;
      case StepKind::layer_norm:
      case StepKind::batch_norm:
        node.index = norms_++;
        node.out = slot_over(v, node.out_width);
        break;
      case StepKind::activate:
        node.activation = step(i).activation;
        node.out = slot_over(v, node.out_width);
        break;
      case StepKind::join:
        node.out = new_slot(node.out_width);
        break;
      case StepKind::add:
        node.added = value(step(i).value).slot;
        node.out = slot_over(v, node.out_width);
        break;
      case StepKind::avg_l1_norm:
        node.out = slot_over(v, node.out_width);
        plan_.slots[static_cast<std::size_t>(node.out)].is_averaged = true;
        break;
      case StepKind::append:
        node.added = value(step(i).value).slot;
        node.out = new_slot(node.out_width);
        break;
      case StepKind::recall:
        break;
    }
    if (fuses_ && takes_activation(body_.steps, i)) {
      values_.push_back({});  // the value before the activation is nobody's
      node.activation = step(++i).activation;
    }
    values_.push_back({node.out, node.activation, node.kind == StepKind::avg_l1_norm});
    plan_.slots[static_cast<std::size_t>(node.out)].is_added |= is_added(i + 1);
    plan_.nodes.push_back(node);
    return i + 1;
  }

  const NetworkBody& body_;
  bool fuses_;
  Plan plan_;
  std::vector<Value> values_;
  int layers_ = 0, norms_ = 0;
};

}  // namespace

Plan make_plan(const NetworkBody& body, Fusing fusing) {
  return Planner(body, fusing).plan();
}

}  // namespace ddpg
