// The copies of a task on the threads, and how their errors come back. What one copy does: environment_copy.h.
#include "ddpg/vector_environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "ddpg/error.h"
#include "envs/environment_copy.h"
#include "envs/stepped_together.h"
#include "support/specification.h"
#include "support/stop.h"
#include "support/thread_pool.h"

namespace ddpg {
namespace {

constexpr int kMostThreads = 256;  // as Options::threads

bool of_one_task(const Specification& a, const Specification& b) {
  return a.name == b.name && a.observation_size == b.observation_size && a.action_low == b.action_low &&
         a.action_high == b.action_high && a.metric_names == b.metric_names && a.goals.size == b.goals.size &&
         a.goals.achieved == b.goals.achieved && a.goals.desired == b.goals.desired;
}

void check_copies(const VectorEnvironment::Copies& copies) {
  if (copies.empty()) throw UsageError("[vector environment] expected at least one copy, found none");
  for (std::size_t i = 0; i < copies.size(); i++) {
    if (!copies[i]) throw UsageError(fmt::format("[vector environment] copy {} is null", i));
    const Specification &first = copies[0]->specification(), &own = copies[i]->specification();
    check_specification(own.name, own);
    if (!of_one_task(first, own)) {
      throw UsageError(
          fmt::format("[vector environment] copy {} is {} and copy 0 is {}, or their sizes, bounds, "
                      "goals or metrics differ; all must be copies of one task",
                      i, own.name, first.name));
    }
    if (is_stepped_together(*copies[i]) && dynamic_cast<const SteppedTogether*>(copies[i].get()) == nullptr)
      throw UsageError(
          fmt::format("[vector environment] the copies of {} are stepped together by one simulator, which a wrapper or "
                      "a time limit around one of them cannot reach: leave env.wrap.* and env.max_episode_steps out, "
                      "and wrap the simulator itself",
                      own.name));
  }
}

}  // namespace

struct VectorEnvironment::Impl {
  using Copy = EnvironmentCopy;
  using Episode = Copy::Episode;

  // What the threads call for a block of copies. Lies here and not on a stack, so that it outlives every step.
  struct Block {
    Impl* self;
    void operator()(int number) const {
      const std::size_t begin = static_cast<std::size_t>(number) * self->block_size;
      for (std::size_t i = begin; i < std::min(begin + self->block_size, self->stepping); i++) self->step_copy(i);
    }
  };

  Impl(Copies given, std::uint64_t seed, Autoreset mode, int threads) : autoreset(mode), pool(threads) {
    check_copies(given);
    action_size = static_cast<std::size_t>(given[0]->specification().action_size());
    copies.reserve(given.size());
    together = dynamic_cast<SteppedTogether*>(given[0].get());
    if (together != nullptr) autoreset = together->autoreset();
    for (std::size_t i = 0; i < given.size(); i++) copies.emplace_back(std::move(given[i]), seed, i);
  }

  // What stands between a caller and an object that was moved from.
  static Impl& of(const std::unique_ptr<Impl>& impl) {
    if (impl) return *impl;
    throw UsageError("[vector environment] it was moved from; use the object that it was moved to");
  }

  Copy& at(int copy) {
    if (copy >= 0 && static_cast<std::size_t>(copy) < copies.size()) return copies[static_cast<std::size_t>(copy)];
    throw UsageError(
        fmt::format("[vector environment] copy {}: expected a number from 0 to {}", copy, copies.size() - 1));
  }

  // What a thread must not throw is kept for the caller.
  void step_copy(std::size_t i) {
    try {
      copies[i].step(actions.subspan(i * action_size, action_size), autoreset);
    } catch (...) {
      copies[i].error = std::current_exception();
    }
  }

  void reset_copy(std::size_t i) {
    Copy& copy = copies[i];
    copy.result = {};
    copy.played = false;
    copy.error = nullptr;
    try {
      copy.begin_episode();
    } catch (...) {
      rethrow(std::current_exception(), i);
    }
  }

  void prepare(std::span<const float> given) {
    actions = given;
    stepping = given.size() / action_size;
    if (given.size() % action_size != 0 || stepping > copies.size()) {
      throw UsageError(
          fmt::format("[vector environment] expected the actions of at most {} copies, {} numbers each, "
                      "found {} numbers",
                      copies.size(), action_size, given.size()));
    }
    for (std::size_t i = 0; i < stepping; i++) {
      copies[i].error = nullptr;
      const Episode episode = copies[i].episode;
      if (episode == Episode::playing || (episode == Episode::over && autoreset == Autoreset::next_step)) continue;
      throw UsageError(fmt::format("[vector environment] copy {} {}: call reset({}) before the next step", i,
                                   episode == Episode::over ? "has ended its episode" : "has not begun an episode", i));
    }
    // a few blocks for each thread, so that a slow copy holds up nobody for long
    block_size = std::max<std::size_t>(1, stepping / static_cast<std::size_t>(4 * pool.threads()));
    blocks = static_cast<int>((stepping + block_size - 1) / block_size);
    if (together != nullptr) together->play(given);
  }

  void raise_errors() const {
    for (std::size_t i = 0; i < stepping; i++)
      if (copies[i].error) rethrow(copies[i].error, i);
  }

  [[noreturn]] void rethrow(const std::exception_ptr& error, std::size_t i) const {
    if (copies.size() == 1) std::rethrow_exception(error);
    const auto text = [&](const char* what) {
      return fmt::format("[environment {}] copy {} (of 0 to {}): {}", copies[0].environment->specification().name, i,
                         copies.size() - 1, what);
    };
    try {
      std::rethrow_exception(error);
    } catch (const UsageError& thrown) {
      std::throw_with_nested(UsageError(text(thrown.what())));
    } catch (const std::exception& thrown) {
      std::throw_with_nested(Error(text(thrown.what())));
    } catch (...) {
      std::throw_with_nested(Error(text("it threw something that is no std::exception")));
    }
  }

  Autoreset autoreset;
  ThreadPool pool;
  std::size_t action_size = 0;
  std::vector<Copy> copies;
  SteppedTogether* together = nullptr;  // the first copy, where one simulator steps them all
  const Block block{this};

  // the step under way
  std::span<const float> actions;
  std::size_t stepping = 0, block_size = 1;
  int blocks = 0;
};

VectorEnvironment::VectorEnvironment(Copies copies, std::uint64_t seed, Autoreset autoreset, int threads) {
  if (threads < 1 || threads > kMostThreads)
    throw UsageError(fmt::format("[vector environment] threads = {}, expected 1 to {}", threads, kMostThreads));
  impl_ = std::make_unique<Impl>(std::move(copies), seed, autoreset, threads);
}

VectorEnvironment::~VectorEnvironment() = default;
VectorEnvironment::VectorEnvironment(VectorEnvironment&&) noexcept = default;
VectorEnvironment& VectorEnvironment::operator=(VectorEnvironment&&) noexcept = default;

int VectorEnvironment::copies() const {
  return static_cast<int>(Impl::of(impl_).copies.size());
}

Autoreset VectorEnvironment::autoreset() const {
  return Impl::of(impl_).autoreset;
}

const Specification& VectorEnvironment::specification() const {
  return Impl::of(impl_).copies[0].environment->specification();
}

void VectorEnvironment::reset(const std::atomic<bool>* stop) {
  Impl& self = Impl::of(impl_);
  for (std::size_t i = 0; i < self.copies.size(); i++) {
    throw_if_stopped(stop, "the first episodes");
    self.reset_copy(i);
  }
}

void VectorEnvironment::reset(int copy) {
  Impl::of(impl_).at(copy);
  impl_->reset_copy(static_cast<std::size_t>(copy));
}

void VectorEnvironment::step(std::span<const float> actions) {
  Impl& self = Impl::of(impl_);
  self.prepare(actions);
  self.pool.run(self.blocks, self.block);
  self.raise_errors();
}

void VectorEnvironment::step(std::span<const float> actions, const std::function<void()>& meanwhile) {
  if (!meanwhile) throw UsageError("[vector environment] expected a function to be called meanwhile, found none");
  Impl& self = Impl::of(impl_);
  self.prepare(actions);
  std::exception_ptr failed;
  self.pool.start(self.blocks, self.block);
  try {
    meanwhile();
  } catch (...) {
    failed = std::current_exception();
  }
  self.pool.finish();
  if (failed) std::rethrow_exception(failed);
  self.raise_errors();
}

StepResult VectorEnvironment::result(int copy) const {
  return Impl::of(impl_).at(copy).result;
}

bool VectorEnvironment::played(int copy) const {
  return Impl::of(impl_).at(copy).played;
}

std::span<const double> VectorEnvironment::next_observation(int copy) const {
  const Impl::Copy& found = Impl::of(impl_).at(copy);
  if (impl_->autoreset == Autoreset::same_step && found.ended()) return found.last;
  return found.observation.numbers();
}

std::span<const double> VectorEnvironment::observation(int copy) const {
  return Impl::of(impl_).at(copy).observation.numbers();
}

std::span<const double> VectorEnvironment::metrics(int copy) const {
  return Impl::of(impl_).at(copy).metrics;
}

bool VectorEnvironment::awaits_reset(int copy) const {
  return Impl::of(impl_).at(copy).episode == Impl::Episode::over;
}

std::vector<double> VectorEnvironment::save_state(int copy) const {
  return Impl::of(impl_).at(copy).save_state();
}

bool VectorEnvironment::restore_state(int copy, std::span<const double> state) {
  return Impl::of(impl_).at(copy).restore_state(state);
}

Environment& VectorEnvironment::environment(int copy) {
  return *Impl::of(impl_).at(copy).environment;
}

RandomStream& VectorEnvironment::random(int copy) {
  return Impl::of(impl_).at(copy).random;
}

}  // namespace ddpg
