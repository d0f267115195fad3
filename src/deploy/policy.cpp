// The face of the policy library: loading, telling, acting, verifying. The arithmetic: actor.h; the bytes: reader.h.
#include "ddpg_policy/policy.h"

#include <cmath>
#include <memory>
#include <new>
#include <utility>

#include "deploy/actor.h"
#include "deploy/codes.h"
#include "deploy/file.h"
#include "deploy/reader.h"
#include "deploy/texts.h"
#include "deploy/wrapping.h"

namespace ddpg::deploy {
namespace {

constexpr double kVerified = 1e-6;  // largest difference of an action that verify() allows, as a share of its range

bool copy(const Floats& from, std::uint64_t count, Array<float>& to) noexcept {
  if (!make(to, count)) return false;
  for (std::uint64_t i = 0; i < count; i++) to[i] = from[i];
  return true;
}

}  // namespace

struct Policy::Impl {
  Actor actor;
  Wrapping wrapping;
  Origin origin;
  Array<char> origin_text;
  Texts observation_names, observation_units, action_names, action_units;
  int format_version = 0, time_limit = 0, checks = 0;
  double control_period = 0, largest_difference = 0;
  Array<float> check_observations, check_actions, action;  // action: [action_size]

  bool build(const PolicyView& view) noexcept;
  bool keep_origin(const PolicyView& view) noexcept;
  template <class Number>
  Code act(const Number* observations, std::size_t rows, float* actions) noexcept;
  template <class Number>
  Code play(std::span<const Number> sensors, std::span<float> played) noexcept;
  bool check(int pair, double& worst, int& where) noexcept;
};

bool Policy::Impl::keep_origin(const PolicyView& view) noexcept {
  const std::string_view given[] = {view.environment, view.preset, view.ddpg_version};
  std::string_view* const kept[] = {&origin.environment, &origin.preset, &origin.version};
  if (!make(origin_text, given[0].size() + given[1].size() + given[2].size() + 3)) return false;
  char* to = origin_text.get();
  for (int i = 0; i < 3; i++) {
    given[i].copy(to, given[i].size());
    to[given[i].size()] = '\0';
    *kept[i] = {to, given[i].size()};
    to += given[i].size() + 1;
  }
  origin.seed = view.seed, origin.step = view.step, origin.mean_return = view.mean_return;
  return true;
}

bool Policy::Impl::build(const PolicyView& view) noexcept {
  const auto observations = static_cast<std::uint64_t>(view.observation_size);
  const auto actions = static_cast<std::uint64_t>(view.action_size);
  format_version = view.version;
  time_limit = view.time_limit;
  control_period = view.control_period;
  checks = static_cast<int>(view.checks);
  return actor.build(view) && wrapping.build(view) && keep_origin(view) &&
         observation_names.build(view.observation_names) && observation_units.build(view.observation_units) &&
         action_names.build(view.action_names) && action_units.build(view.action_units) && make(action, actions) &&
         copy(view.check_observations, view.checks * observations, check_observations) &&
         copy(view.check_actions, view.checks * actions, check_actions);
}

template <class Number>
Code Policy::Impl::act(const Number* observations, std::size_t rows, float* actions) noexcept {
  const auto from = static_cast<std::size_t>(actor.observation_size());
  const auto to = static_cast<std::size_t>(actor.action_size());
  for (std::size_t row = 0; row < rows; row += kRows) {
    const int count = rows - row < kRows ? static_cast<int>(rows - row) : kRows;
    int good = 0;
    while (good < count && actor.load(good, observations + (row + static_cast<std::size_t>(good)) * from)) good++;
    if (good > 0) actor.run(good);
    for (int r = 0; r < good; r++) {
      if (!actor.finite(r)) return Code::not_finite;
      actor.action(r, actions + (row + static_cast<std::size_t>(r)) * to);
    }
    if (good < count) return Code::not_finite;
  }
  return Code::ok;
}

template <class Number>
Code Policy::Impl::play(std::span<const Number> sensors, std::span<float> played) noexcept {
  if (sensors.size() != static_cast<std::size_t>(wrapping.sensor_size()) ||
      played.size() != static_cast<std::size_t>(actor.action_size()))
    return Code::wrong_size;
  if (!wrapping.any()) return act(sensors.data(), 1, played.data());
  const Code code = act(wrapping.observe(sensors.data()), 1, played.data());
  if (code == Code::ok) wrapping.act(played.data());
  return code;
}

Policy::~Policy() {
  delete impl_;
}
Policy::Policy(Policy&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
Policy& Policy::operator=(Policy&& other) noexcept {
  std::swap(impl_, other.impl_);
  return *this;
}

Status Policy::load(const void* bytes, std::size_t size, const char* where) noexcept {
  Status status;
  Failure failure;
  PolicyView view;
  std::unique_ptr<Impl> made;
  if (!bytes) size = 0;
  if (!where) where = "policy";
  if (read_policy({static_cast<const char*>(bytes), size}, view, failure)) {
    made.reset(new (std::nothrow) Impl);
    if (!made || !made->build(view)) failure.set(Code::out_of_memory, "", "not enough memory for this policy");
  }
  if (failure.code != Code::ok) {
    report(status, where, failure);
    return status;
  }
  delete std::exchange(impl_, made.release());
  return status;
}

Status Policy::load(const char* path) noexcept {
  Status status;
  Failure failure;
  FileBytes file;
  if (!path) path = "";
  if (file.read(path, failure)) return load(file.bytes(), file.size(), path);
  report(status, path, failure);
  return status;
}

int Policy::observation_size() const noexcept {
  return impl_ ? impl_->actor.observation_size() : 0;
}
int Policy::action_size() const noexcept {
  return impl_ ? impl_->actor.action_size() : 0;
}
std::span<const float> Policy::action_low() const noexcept {
  return {impl_ ? impl_->actor.low() : nullptr, static_cast<std::size_t>(action_size())};
}
std::span<const float> Policy::action_high() const noexcept {
  return {impl_ ? impl_->actor.high() : nullptr, static_cast<std::size_t>(action_size())};
}
double Policy::control_period() const noexcept {
  return impl_ ? impl_->control_period : 0;
}
int Policy::time_limit() const noexcept {
  return impl_ ? impl_->time_limit : 0;
}
const Origin& Policy::origin() const noexcept {
  static constexpr Origin kNone;
  return impl_ ? impl_->origin : kNone;
}
int Policy::format_version() const noexcept {
  return impl_ ? impl_->format_version : 0;
}
std::string_view Policy::observation_name(int i) const noexcept {
  return impl_ ? impl_->observation_names[i] : "";
}
std::string_view Policy::observation_unit(int i) const noexcept {
  return impl_ ? impl_->observation_units[i] : "";
}
std::string_view Policy::action_name(int i) const noexcept {
  return impl_ ? impl_->action_names[i] : "";
}
std::string_view Policy::action_unit(int i) const noexcept {
  return impl_ ? impl_->action_units[i] : "";
}
int Policy::check_count() const noexcept {
  return impl_ ? impl_->checks : 0;
}
double Policy::largest_difference() const noexcept {
  return impl_ ? impl_->largest_difference : 0;
}
const char* Policy::kernels() const noexcept {
  return impl_ ? impl_->actor.kernels().name : best_kernels().name;
}

Code Policy::act(std::span<const float> observation, std::span<float> action) noexcept {
  if (!impl_) return Code::not_loaded;
  if (observation.size() != static_cast<std::size_t>(observation_size()) ||
      action.size() != static_cast<std::size_t>(action_size()))
    return Code::wrong_size;
  return impl_->act(observation.data(), 1, action.data());
}

Code Policy::act(std::span<const double> observation, std::span<float> action) noexcept {
  if (!impl_) return Code::not_loaded;
  if (observation.size() != static_cast<std::size_t>(observation_size()) ||
      action.size() != static_cast<std::size_t>(action_size()))
    return Code::wrong_size;
  return impl_->act(observation.data(), 1, action.data());
}

Code Policy::act_batch(std::span<const float> observations, std::span<float> actions) noexcept {
  if (!impl_) return Code::not_loaded;
  const auto from = static_cast<std::size_t>(observation_size()), to = static_cast<std::size_t>(action_size());
  const std::size_t rows = observations.size() / from;
  if (rows * from != observations.size() || actions.size() % to != 0 || actions.size() / to != rows)
    return Code::wrong_size;
  return impl_->act(observations.data(), rows, actions.data());
}

int Policy::sensor_size() const noexcept {
  return impl_ ? impl_->wrapping.sensor_size() : 0;
}
std::string_view Policy::sensor_name(int i) const noexcept {
  return i >= 0 && i < sensor_size() ? observation_name(impl_->wrapping.place_of(i)) : "";
}
std::string_view Policy::sensor_unit(int i) const noexcept {
  return i >= 0 && i < sensor_size() ? observation_unit(impl_->wrapping.place_of(i)) : "";
}
void Policy::reset() noexcept {
  if (impl_) impl_->wrapping.reset();
}
Code Policy::play(std::span<const float> sensors, std::span<float> action) noexcept {
  return impl_ ? impl_->play(sensors, action) : Code::not_loaded;
}
Code Policy::play(std::span<const double> sensors, std::span<float> action) noexcept {
  return impl_ ? impl_->play(sensors, action) : Code::not_loaded;
}

// Adds what this pair differs by; false when its action could not be computed.
bool Policy::Impl::check(int pair, double& worst, int& where) noexcept {
  const auto at = static_cast<std::size_t>(pair);
  const auto size = static_cast<std::size_t>(actor.action_size());
  if (act(check_observations.get() + at * static_cast<std::size_t>(actor.observation_size()), 1, action.get()) !=
      Code::ok)
    return false;
  worst = 0, where = 0;
  for (std::size_t i = 0; i < size; i++) {
    const double range = static_cast<double>(actor.high()[i]) - static_cast<double>(actor.low()[i]);
    const double difference =
        std::fabs(static_cast<double>(action[i]) - static_cast<double>(check_actions[at * size + i]));
    if (difference / range > worst) worst = difference / range, where = static_cast<int>(i);
  }
  if (worst > largest_difference) largest_difference = worst;
  return true;
}

Status Policy::verify() noexcept {
  Status status;
  Failure failure;
  if (!impl_) failure.set(Code::not_loaded, "", "there is no policy to verify; load one first");
  if (check_count() == 0)
    failure.set(Code::no_checks, "CHCK",
                "the file holds no check pairs (format version %d); save the policy with a newer ddpg",
                format_version());
  if (impl_) impl_->largest_difference = 0;
  for (int pair = 0; pair < check_count(); pair++) {
    double worst = 0;
    int i = 0;
    if (!impl_->check(pair, worst, i))
      failure.set(Code::differs, "CHCK", "check pair %d: expected an action, found numbers that are not finite", pair);
    else if (worst > kVerified)
      failure.set(Code::differs, "CHCK",
                  "check pair %d, action[%d]: differs by %g of its range, expected at most %g; the file and this ddpg "
                  "disagree: save the policy again from its run",
                  pair, i, worst, kVerified);
  }
  if (failure.code != Code::ok) report(status, "policy", failure);
  return status;
}

}  // namespace ddpg::deploy
