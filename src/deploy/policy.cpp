// The face of the policy library: loading, telling, acting, verifying. The arithmetic: actor.h; the bytes: reader.h.
#include "ddpg_policy/policy.h"

#include <cmath>
#include <cstdio>
#include <memory>
#include <new>
#include <utility>

#include "deploy/actor.h"
#include "deploy/file.h"
#include "deploy/reader.h"

namespace ddpg::deploy {
namespace {

constexpr double kVerified = 1e-6;  // largest difference of an action that verify() allows, as a share of its range

template <class T>
using Array = std::unique_ptr<T[]>;

template <class T>
bool make(Array<T>& array, std::uint64_t size) noexcept {
  array.reset(new (std::nothrow) T[static_cast<std::size_t>(size)]);
  return array != nullptr;
}

// Texts out of a file, each followed by a zero byte, for those who read to there.
struct Texts {
  Array<char> characters;
  Array<std::string_view> items;
  std::uint64_t count = 0;

  bool build(const TextList& list) noexcept {
    Failure ignored;
    Cursor in({reinterpret_cast<const char*>(list.bytes), static_cast<std::size_t>(list.size)}, "", ignored);
    if (list.count == 0) return true;
    // the length of each takes 8 bytes in the file, a zero byte one
    if (!make(characters, list.size) || !make(items, list.count)) return false;
    count = list.count;
    char* to = characters.get();
    for (std::uint64_t i = 0; i < count; i++) {
      const std::string_view text = in.text("");
      text.copy(to, text.size());
      to[text.size()] = '\0';
      items[i] = {to, text.size()};
      to += text.size() + 1;
    }
    return true;
  }
  std::string_view operator[](int i) const noexcept {
    return i >= 0 && static_cast<std::uint64_t>(i) < count ? items[static_cast<std::size_t>(i)] : std::string_view("");
  }
};

bool copy(const Floats& from, std::uint64_t count, Array<float>& to) noexcept {
  if (!make(to, count)) return false;
  for (std::uint64_t i = 0; i < count; i++) to[i] = from[i];
  return true;
}

void tell(Status& status, const char* where, const Failure& failure) noexcept {
  status.code = failure.code;
  constexpr std::size_t kMost = 100;  // of a long path the end is told
  const std::string_view whole = where;
  const bool cut = whole.size() > kMost;
  const char* const end = cut ? where + (whole.size() - kMost) : where;
  std::snprintf(status.message, sizeof status.message, "[%s%s%s%s] %s", cut ? "..." : "", end,
                failure.section[0] ? ", section " : "", failure.section, failure.text);
}

}  // namespace

struct Policy::Impl {
  Actor actor;
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
  return actor.build(view) && keep_origin(view) && observation_names.build(view.observation_names) &&
         observation_units.build(view.observation_units) && action_names.build(view.action_names) &&
         action_units.build(view.action_units) && make(action, actions) &&
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
    tell(status, where, failure);
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
  tell(status, path, failure);
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
      failure.set(Code::differs, "CHCK", "check pair %d, action[%d]: differs by %g of its range, expected at most %g",
                  pair, i, worst, kVerified);
  }
  if (failure.code != Code::ok) tell(status, "policy", failure);
  return status;
}

const char* text(Code code) noexcept {
  switch (code) {
    case Code::ok:
      return "done";
    case Code::cannot_read:
      return "the file cannot be read";
    case Code::not_a_policy:
      return "not a policy file";
    case Code::truncated:
      return "the file is truncated";
    case Code::damaged:
      return "the file is damaged";
    case Code::too_new:
      return "the file was written by a newer ddpg";
    case Code::invalid:
      return "the file does not hold a policy";
    case Code::out_of_memory:
      return "not enough memory";
    case Code::wrong_size:
      return "wrong number of observations or actions";
    case Code::not_finite:
      return "an observation or an action is not a finite number";
    case Code::no_checks:
      return "the file holds no check pairs";
    case Code::differs:
      return "an action differs from the one that the file expects";
    case Code::not_loaded:
      return "no policy is loaded";
  }
  return "unknown code";
}

}  // namespace ddpg::deploy
