// What became of a call, in words: those of its code, and of a failure.
#include "deploy/codes.h"

#include <cstdio>

namespace ddpg::deploy {

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

void report(Status& status, const char* where, const Failure& failure) noexcept {
  status.code = failure.code;
  constexpr std::size_t kMost = 100;  // of a long path the end is shown
  const std::string_view whole = where;
  const bool cut = whole.size() > kMost;
  const char* const end = cut ? where + (whole.size() - kMost) : where;
  std::snprintf(status.message, sizeof status.message, "[%s%s%s%s] %s", cut ? "..." : "", end,
                failure.section[0] ? ", section " : "", failure.section, failure.text);
}

}  // namespace ddpg::deploy
