// Steps on a thread of their own: see step_timeout.h.
#include "envs/step_timeout.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "ddpg/error.h"
#include "envs/observation_room.h"
#include "support/divergence.h"

namespace ddpg {

// What the thread works on lies here and not with the caller, who may be gone when a step comes back after all.
struct StepTimeout::Worker {
  enum class Task { none, reset, step, end };

  std::unique_ptr<Environment> environment;
  std::mutex mutex;
  std::condition_variable changed;
  Task task = Task::none;
  RandomStream random{0};
  std::vector<float> action;
  ObservationRoom observation;
  StepResult result;
  std::exception_ptr error;

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock, [&] { return task != Task::none; });
      if (task == Task::end) return;
      const bool resets = task == Task::reset;
      lock.unlock();
      try {
        if (resets)
          environment->reset(random, observation.cleared());
        else
          result = environment->step(action, observation.cleared());
        observation.check(*environment);
      } catch (...) {
        error = std::current_exception();
      }
      lock.lock();
      if (task == Task::end) return;
      task = Task::none;
      changed.notify_all();
    }
  }

  // Returns what it was at.
  Task give(Task given) {
    Task before;
    {
      const std::lock_guard lock(mutex);
      before = std::exchange(task, given);
    }
    changed.notify_all();
    return before;
  }
};

StepTimeout::StepTimeout(std::unique_ptr<Environment> environment, double seconds)
    : specification_(environment->specification()), worker_(std::make_shared<Worker>()), seconds_(seconds) {
  worker_->environment = std::move(environment);
  worker_->action.resize(static_cast<std::size_t>(specification_.action_size()));
  worker_->observation = ObservationRoom(specification_.observation_size);
  try {
    thread_ = std::thread([worker = worker_] { worker->work(); });
  } catch (const std::system_error& error) {
    throw Error("[step_timeout] could not start the thread that steps " + specification_.name + ": " +
                error.code().message() + "; step_timeout = 0 and fewer environments need fewer threads");
  }
}

// Where nothing is under way, also where what hung has come back by now, the environment is destroyed here and now.
// What still hangs takes it along.
StepTimeout::~StepTimeout() {
  const bool rests = worker_->give(Worker::Task::end) == Worker::Task::none;
  rests ? thread_.join() : thread_.detach();
}

// In short pieces, each of which counts for no more than itself: while the process is stopped (SIGSTOP, a laptop that
// sleeps) the clock runs on and the environment does not.
void StepTimeout::wait() {
  Worker& worker = *worker_;
  std::unique_lock lock(worker.mutex);
  const double piece = std::clamp(seconds_ / 50, 0.001, 0.1);
  const auto is_back = [&] { return worker.task == Worker::Task::none; };
  for (double waited = 0; !is_back() && waited < seconds_; waited += piece)
    worker.changed.wait_for(lock, std::chrono::duration<double>(piece), is_back);
  hung_ = !is_back();
  if (hung_) {
    const std::string what = step_ == 0 ? "the start of an episode" : fmt::format("step {} of the episode", step_);
    throw TimedOut(fmt::format("[environment {}] {} did not come back within {} s (step_timeout)", specification_.name,
                               what, seconds_));
  }
  if (worker.error) std::rethrow_exception(std::exchange(worker.error, nullptr));
}

Environment& StepTimeout::inside() const {
  if (!hung_) return *worker_->environment;
  throw Error(fmt::format("[environment {}] it hangs since a step that did not come back", specification_.name));
}

void StepTimeout::reset(RandomStream& random, std::span<double> observation) {
  inside();
  worker_->random = random;
  step_ = 0;
  worker_->give(Worker::Task::reset);
  wait();
  random = worker_->random;
  std::ranges::copy(worker_->observation.numbers(), observation.begin());
}

StepResult StepTimeout::step(std::span<const float> action, std::span<double> observation) {
  inside();
  std::copy(action.begin(), action.end(), worker_->action.begin());
  step_++;
  worker_->give(Worker::Task::step);
  wait();
  std::ranges::copy(worker_->observation.numbers(), observation.begin());
  return worker_->result;
}

void StepTimeout::set_purpose(Purpose purpose) {
  inside().set_purpose(purpose);
}

void StepTimeout::metrics(std::span<double> values) const {
  inside().metrics(values);
}

std::vector<double> StepTimeout::save_state() const {
  return inside().save_state();
}

void StepTimeout::restore_state(std::span<const double> state) {
  inside().restore_state(state);
}

std::vector<std::string> StepTimeout::cameras() const {
  return inside().cameras();
}

void StepTimeout::draw_state(Picture& picture, const std::string& camera) const {
  inside().draw(picture, camera);
}

}  // namespace ddpg
