// The policy library in C: see ddpg_policy.h.
#include <cmath>
#include <cstdio>
#include <limits>
#include <new>

#include <ddpg_policy.h>
#include "deploy/reader.h"

#ifndef DDPG_POLICY_VERSION
#error "define DDPG_POLICY_VERSION: the version of ddpg as text (src/deploy/CMakeLists.txt does)"
#endif

struct ddpg_policy {
  ddpg::deploy::Policy policy;
};

namespace {

using ddpg::deploy::Code;
using ddpg::deploy::Policy;
using ddpg::deploy::Status;

static_assert(static_cast<int>(Code::ok) == DDPG_POLICY_OK);
static_assert(static_cast<int>(Code::too_new) == DDPG_POLICY_TOO_NEW);
static_assert(static_cast<int>(Code::wrong_size) == DDPG_POLICY_WRONG_SIZE);
static_assert(static_cast<int>(Code::not_loaded) == DDPG_POLICY_NOT_LOADED);

int32_t give(const Status& status, char* message, uint64_t size) noexcept {
  if (message && size > 0) std::snprintf(message, static_cast<std::size_t>(size), "%s", status.message);
  return static_cast<int32_t>(status.code);
}

template <class Load>
int32_t load(ddpg_policy** policy, char* message, uint64_t size, const Load& load_into) noexcept {
  if (!policy) return DDPG_POLICY_WRONG_SIZE;
  *policy = nullptr;
  Status status;
  auto* const made = new (std::nothrow) ddpg_policy;
  if (made)
    status = load_into(made->policy);
  else
    status.code = Code::out_of_memory;
  if (status)
    *policy = made;
  else
    delete made;
  return give(status, message, size);
}

constinit const Policy kNone;

const Policy& of(const ddpg_policy* policy) noexcept {
  return policy ? policy->policy : kNone;
}

// Whether a pointer and a size can be looked at.
bool usable(const void* data, int32_t size) noexcept {
  return size >= 0 && (data || size == 0);
}

// Gives `call` both as spans, where they can be looked at.
template <class Number, class Call>
int32_t with_spans(ddpg_policy* policy, const Number* observation, int32_t observation_size, float* action,
                   int32_t action_size, const Call& call) noexcept {
  if (!policy) return DDPG_POLICY_NOT_LOADED;
  if (!usable(observation, observation_size) || !usable(action, action_size)) return DDPG_POLICY_WRONG_SIZE;
  return static_cast<int32_t>(call(policy->policy, std::span(observation, static_cast<std::size_t>(observation_size)),
                                   std::span(action, static_cast<std::size_t>(action_size))));
}

constexpr auto kAct = [](Policy& policy, auto observation, auto action) noexcept {
  return policy.act(observation, action);
};
constexpr auto kPlay = [](Policy& policy, auto sensors, auto action) noexcept { return policy.play(sensors, action); };

float bound(std::span<const float> bounds, int32_t i) noexcept {
  return i >= 0 && static_cast<std::size_t>(i) < bounds.size() ? bounds[static_cast<std::size_t>(i)] : 0.0f;
}

// Of a policy that is none the origin's texts are views of nothing.
const char* or_empty(std::string_view text) noexcept {
  return text.data() ? text.data() : "";
}

}  // namespace

int32_t ddpg_policy_load(const char* path, ddpg_policy** policy, char* message, uint64_t message_size) {
  return load(policy, message, message_size, [&](Policy& into) { return into.load(path ? path : ""); });
}
int32_t ddpg_policy_load_memory(const void* bytes, uint64_t size, ddpg_policy** policy, char* message,
                                uint64_t message_size) {
  const std::size_t usable_size = bytes && size <= std::numeric_limits<std::size_t>::max() ? size : 0;
  return load(policy, message, message_size, [&](Policy& into) { return into.load(bytes, usable_size); });
}
void ddpg_policy_free(ddpg_policy* policy) {
  delete policy;
}

const char* ddpg_policy_text(int32_t code) {
  return ddpg::deploy::text(static_cast<Code>(code));
}
const char* ddpg_policy_version(void) {
  return DDPG_POLICY_VERSION;
}
int32_t ddpg_policy_newest_format(void) {
  return static_cast<int32_t>(ddpg::deploy::kFormatVersion);
}

int32_t ddpg_policy_observation_size(const ddpg_policy* policy) {
  return of(policy).observation_size();
}
int32_t ddpg_policy_action_size(const ddpg_policy* policy) {
  return of(policy).action_size();
}
float ddpg_policy_action_low(const ddpg_policy* policy, int32_t i) {
  return bound(of(policy).action_low(), i);
}
float ddpg_policy_action_high(const ddpg_policy* policy, int32_t i) {
  return bound(of(policy).action_high(), i);
}
double ddpg_policy_control_period(const ddpg_policy* policy) {
  return of(policy).control_period();
}
int32_t ddpg_policy_time_limit(const ddpg_policy* policy) {
  return of(policy).time_limit();
}
const char* ddpg_policy_observation_name(const ddpg_policy* policy, int32_t i) {
  return of(policy).observation_name(i).data();
}
const char* ddpg_policy_observation_unit(const ddpg_policy* policy, int32_t i) {
  return of(policy).observation_unit(i).data();
}
const char* ddpg_policy_action_name(const ddpg_policy* policy, int32_t i) {
  return of(policy).action_name(i).data();
}
const char* ddpg_policy_action_unit(const ddpg_policy* policy, int32_t i) {
  return of(policy).action_unit(i).data();
}
const char* ddpg_policy_environment(const ddpg_policy* policy) {
  return or_empty(of(policy).origin().environment);
}
const char* ddpg_policy_preset(const ddpg_policy* policy) {
  return or_empty(of(policy).origin().preset);
}
const char* ddpg_policy_trained_by(const ddpg_policy* policy) {
  return or_empty(of(policy).origin().version);
}
uint64_t ddpg_policy_seed(const ddpg_policy* policy) {
  return of(policy).origin().seed;
}
int64_t ddpg_policy_step(const ddpg_policy* policy) {
  return of(policy).origin().step;
}
double ddpg_policy_mean_return(const ddpg_policy* policy) {
  return policy ? of(policy).origin().mean_return : std::numeric_limits<double>::quiet_NaN();
}

int32_t ddpg_policy_act(ddpg_policy* policy, const float* observation, int32_t observation_size, float* action,
                        int32_t action_size) {
  return with_spans(policy, observation, observation_size, action, action_size, kAct);
}
int32_t ddpg_policy_act_double(ddpg_policy* policy, const double* observation, int32_t observation_size, float* action,
                               int32_t action_size) {
  return with_spans(policy, observation, observation_size, action, action_size, kAct);
}
int32_t ddpg_policy_act_batch(ddpg_policy* policy, const float* observations, int32_t observation_size, float* actions,
                              int32_t action_size, int64_t rows) {
  if (!policy) return DDPG_POLICY_NOT_LOADED;
  const Policy& p = policy->policy;
  if (observation_size != p.observation_size() || action_size != p.action_size() || rows < 0 ||
      (rows > 0 && (!observations || !actions)))
    return DDPG_POLICY_WRONG_SIZE;
  const auto count = static_cast<std::size_t>(rows);
  return static_cast<int32_t>(
      policy->policy.act_batch({observations, count * static_cast<std::size_t>(observation_size)},
                               {actions, count * static_cast<std::size_t>(action_size)}));
}

int32_t ddpg_policy_sensor_size(const ddpg_policy* policy) {
  return of(policy).sensor_size();
}
const char* ddpg_policy_sensor_name(const ddpg_policy* policy, int32_t i) {
  return of(policy).sensor_name(i).data();
}
const char* ddpg_policy_sensor_unit(const ddpg_policy* policy, int32_t i) {
  return of(policy).sensor_unit(i).data();
}
void ddpg_policy_reset(ddpg_policy* policy) {
  if (policy) policy->policy.reset();
}
int32_t ddpg_policy_play(ddpg_policy* policy, const float* sensors, int32_t sensor_size, float* action,
                         int32_t action_size) {
  return with_spans(policy, sensors, sensor_size, action, action_size, kPlay);
}
int32_t ddpg_policy_play_double(ddpg_policy* policy, const double* sensors, int32_t sensor_size, float* action,
                                int32_t action_size) {
  return with_spans(policy, sensors, sensor_size, action, action_size, kPlay);
}

int32_t ddpg_policy_verify(ddpg_policy* policy, double* largest, char* message, uint64_t message_size) {
  Policy none;
  Policy& p = policy ? policy->policy : none;
  const Status status = p.verify();
  if (largest) *largest = p.largest_difference();
  return give(status, message, message_size);
}
