// An environment around another one, to which it hands everything that it does not do itself.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ddpg/environment.h"

namespace ddpg {

// What of a wrapper a policy takes along to a robot. `nothing`: it changes nothing that a policy sees or does.
struct Carried {
  enum class Kind { nothing, time_left, last_actions, frame_stack, low_pass };

  Kind kind = Kind::nothing;
  int count = 0;     // time_left: the time limit in steps; last_actions, frame_stack: how many
  double share = 0;  // low_pass
};

class Wrapper : public Environment {
 public:
  explicit Wrapper(std::unique_ptr<Environment> inside) : inside_(std::move(inside)) {}

  const Specification& specification() const override { return inside_->specification(); }
  void reset(RandomStream& random, std::span<double> observation) override { inside_->reset(random, observation); }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    return inside_->step(action, observation);
  }
  void set_purpose(Purpose purpose) override { inside_->set_purpose(purpose); }
  void metrics(std::span<double> values) const override { inside_->metrics(values); }
  std::vector<double> save_state() const override { return inside_->save_state(); }
  void restore_state(std::span<const double> state) override { inside_->restore_state(state); }
  std::vector<std::string> cameras() const override { return inside_->cameras(); }
  // What it stands around.
  const Environment& inside() const { return *inside_; }
  Environment& inside() { return *inside_; }
  // None: it is the world's own, as a delay is, and so is all that stands within.
  virtual std::optional<Carried> carried() const { return {}; }

 protected:
  void draw_state(Picture& picture, const std::string& camera) const override { inside_->draw(picture, camera); }
  void replace(std::unique_ptr<Environment> other) { inside_ = std::move(other); }

 private:
  std::unique_ptr<Environment> inside_;
};

// The environment within all wrappers.
inline const Environment& innermost(const Environment& environment) {
  const auto* wrapper = dynamic_cast<const Wrapper*>(&environment);
  return wrapper == nullptr ? environment : innermost(wrapper->inside());
}

}  // namespace ddpg
