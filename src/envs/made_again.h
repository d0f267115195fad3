// Which copy of a task is being made, for factories whose copies are not alike, such as objects of another language;
// and what makes one of them again.
#pragma once

#include <utility>

#include "ddpg/environment.h"

namespace ddpg {

/// While one lives, what this thread makes is that copy: 0 plays the tests, those from 1 on are trained on.
class CopyNumber {
 public:
  static constexpr int kNobodySays = -1;

  explicit CopyNumber(int number) : before_(std::exchange(current_, number)) {}
  ~CopyNumber() { current_ = before_; }
  CopyNumber(const CopyNumber&) = delete;
  CopyNumber& operator=(const CopyNumber&) = delete;

  static int current() { return current_; }

 private:
  static inline thread_local int current_ = kNobodySays;
  int before_;
};

/// An environment that knows how another one is made in its place, at any time and on any thread. Of all others the
/// registered factory does so.
class MadeAgain {
 public:
  virtual ~MadeAgain() = default;
  virtual EnvironmentFactory maker() const = 0;
};

/// make_environment() of a task that need not be registered.
std::unique_ptr<Environment> make_environment(const EnvironmentEntry& entry, const EnvironmentSettings& settings);

}  // namespace ddpg
