// The policy at work: a face over src/deploy/actor.h, so that what plays a training's test episodes is what a robot
// runs. It holds its content and not the bytes of a file, because a training that diverged has a policy too, which no
// file may hold. Its bytes: format.h.
#include <fmt/format.h>

#include <new>
#include <vector>

#include "ddpg/error.h"
#include "ddpg_policy/policy.h"
#include "deploy/actor.h"
#include "policy/check.h"
#include "policy/content.h"
#include "policy/convert.h"
#include "policy/format.h"
#include "policy/not_finite.h"
#include "support/divergence.h"
#include "support/files.h"
#include "support/shown.h"

namespace ddpg {

struct Policy::Impl {
  explicit Impl(Content given) : content(std::move(given)) {
    check_structure(content, "policy");
    if (!actor.build(view_of(content))) throw std::bad_alloc();
  }

  // What stands between a caller and an object that was moved from.
  static Impl& of(const std::unique_ptr<Impl>& impl) {
    if (impl) return *impl;
    throw UsageError("[policy] it was moved from; use the object that it was moved to");
  }

  void act(const double* observation, float* action) {
    const bool taken = actor.load(0, observation);
    if (taken) actor.run(1);
    if (!taken || !actor.finite(0)) fail(observation);
    actor.action(0, action);
  }

  [[noreturn]] void fail(const double* observation) const {
    for (int i = 0; i < actor.observation_size(); i++) {
      if (finite_as_float(observation[i])) continue;
      throw NotFinite(
          fmt::format("[policy] observation[{}] is {}, expected a finite number (of 32 bits)", i, observation[i]));
    }
    throw NotFinite("[policy] the action for this observation is not a finite number: it, or a weight, is too large");
  }

  Content content;
  deploy::Actor actor;
};

Policy::Policy(Content content) : impl_(std::make_unique<Impl>(std::move(content))) {}
Policy::Policy(const Policy& other) : Policy(Impl::of(other.impl_).content) {}
Policy::Policy(Policy&&) noexcept = default;
Policy& Policy::operator=(const Policy& other) {
  return *this = Policy(other);
}
Policy& Policy::operator=(Policy&&) noexcept = default;
Policy::~Policy() = default;

int Policy::observation_size() const {
  return Impl::of(impl_).content.body.observation_size;
}
int Policy::action_size() const {
  return static_cast<int>(Impl::of(impl_).content.action_low.size());
}
std::span<const float> Policy::action_low() const {
  return Impl::of(impl_).content.action_low;
}
std::span<const float> Policy::action_high() const {
  return Impl::of(impl_).content.action_high;
}
const Provenance& Policy::provenance() const {
  return Impl::of(impl_).content.provenance;
}
const Policy::Content& Policy::content() const {
  return Impl::of(impl_).content;
}

void Policy::act(std::span<const double> observation, std::span<float> action) {
  Impl& self = Impl::of(impl_);
  if (observation.size() != static_cast<std::size_t>(observation_size()) ||
      action.size() != static_cast<std::size_t>(action_size()))
    throw UsageError("[policy] expected " + std::to_string(observation_size()) + " observations and " +
                     std::to_string(action_size()) + " actions, found " + std::to_string(observation.size()) + " and " +
                     std::to_string(action.size()));
  self.act(observation.data(), action.data());
}

Specification Policy::specification() const {
  const Content& content = Impl::of(impl_).content;
  return {content.provenance.environment,
          observation_size(),
          content.action_low,
          content.action_high,
          content.time_limit,
          content.control_period,
          content.observation_names,
          content.observation_units,
          content.action_names,
          content.action_units};
}

// As a robot does it, with the file's bytes.
double Policy::verify() const {
  const std::string bytes = encode_policy(content());
  deploy::Policy robot;
  deploy::Status status = robot.load(bytes.data(), bytes.size());
  if (status) status = robot.verify();
  if (!status && status.code != deploy::Code::no_checks) throw Error(status.message);
  return robot.largest_difference();
}

Policy Policy::load(const std::string& path) {
  return Policy(decode_policy(read_file(path), shown(path)));
}

void Policy::save(const std::string& path) const {
  write_file_atomically(path, encode_policy(content(), path));
}

}  // namespace ddpg
