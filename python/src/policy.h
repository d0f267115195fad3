// A policy as Python holds it: calls from several threads come one after the other.
#pragma once

#include <nanobind/stl/unique_ptr.h>

#include <memory>
#include <mutex>

#include "ddpg/policy.h"
#include "ddpg_policy/policy.h"

namespace ddpg::python {

struct SharedPolicy {
  explicit SharedPolicy(Policy given) : policy(std::move(given)) {}
  Policy policy;
  deploy::Policy robot{};  // plays with the wrappers that the policy carries; loaded when it is asked for
  std::mutex mutex{};
};

}  // namespace ddpg::python
