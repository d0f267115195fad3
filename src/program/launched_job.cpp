// Starting a job again: see launched_job.h.
#include "program/launched_job.h"

#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "ddpg/error.h"
#include "program/output.h"
#include "program/training.h"
#include "run/run_status.h"
#include "support/files.h"
#include "support/folder_lock.h"
#include "support/shown.h"

namespace ddpg::cli {

namespace {

constexpr int kNoEnd = -1;
constexpr int kDeaths = 3;     // without a newer checkpoint
constexpr int kPatience = 60;  // seconds, for what is left of a job to end

// Or until a signal comes.
void pause(double seconds) {
  const auto whole = static_cast<::time_t>(seconds);
  const ::timespec duration{whole, static_cast<long>((seconds - static_cast<double>(whole)) * 1e9)};
  ::nanosleep(&duration, nullptr);
}

std::string status_text(const std::filesystem::path& run) try {
  return read_file((run / "status.json").string());
} catch (const Error&) {
  return {};
}

RunStatus status_of(const std::filesystem::path& run) try { return read_status(run); } catch (const Error&) {
  return {};
}

std::string text_of(const ProcessEnd& end) {
  return end.signal != 0 ? fmt::format("was ended by signal {}", end.signal)
                         : fmt::format("ended with exit code {}", end.code);
}

// Who may start jobs in a container is root, which Open MPI refuses unless it is told twice.
std::vector<std::string> variables() {
  if (::geteuid() != 0) return {};
  return {"OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1", "PRTE_ALLOW_RUN_AS_ROOT=1",
          "PRTE_ALLOW_RUN_AS_ROOT_CONFIRM=1"};
}

}  // namespace

JobRestarts::JobRestarts(LaunchedJob job, const std::atomic<int>& asked)
    : job_(std::move(job)), asked_(asked), status_before_(status_text(job_.run)) {}

// Where nothing of it was begun there is nothing to go on with: it said why, and would say so again.
int JobRestarts::run() {
  for (const std::vector<std::string>* words = &job_.first;; words = &job_.resume) {
    const ProcessEnd end = run_once(*words);
    if (const int code = written_end(); code != kNoEnd) return code;
    if (asked_ > 0) return kInterrupted;
    if (end.code == kWrongUse) return kWrongUse;
    if (status_text(job_.run) == status_before_) {
      throw Error(fmt::format("[launch] {} {} before the training began", job_.starter.front(), text_of(end)));
    }
    count(fmt::format("{} {}", job_.starter.front(), text_of(end)));
    wait_until_free();
    if (asked_ > 0) return kInterrupted;
  }
}

int JobRestarts::written_end() const {
  if (status_text(job_.run) == status_before_) return kNoEnd;
  const std::string state = status_of(job_.run).state;
  return state == "finished" ? kDone : state == "interrupted" ? kInterrupted : kNoEnd;
}

// A wish to end is passed on as SIGUSR1, which `mpirun` and `srun` hand to every process and give it time for; SIGTERM
// would be followed by SIGKILL a second later. One that is repeated ends all at once, also a starter that hears
// nothing.
ProcessEnd JobRestarts::run_once(const std::vector<std::string>& words) const {
  std::vector<std::string> all = job_.starter;
  all.insert(all.end(), words.begin(), words.end());
  Process process(Spawn{all.front(), all, variables(), -1, STDOUT_FILENO, STDERR_FILENO});
  for (int passed = 0;; pause(0.1)) {
    if (const auto end = process.ended()) return *end;
    if (const int asked = std::min(asked_.load(), 3); asked > passed) {
      process.send(asked == 1 ? SIGUSR1 : asked == 2 ? SIGTERM : SIGKILL);
      passed = asked;
    }
  }
}

void JobRestarts::count(const std::string& end) {
  const RunStatus status = status_of(job_.run);
  const std::int64_t checkpoint = step_of_checkpoint(job_.run / "checkpoints");
  if (checkpoint > checkpoint_) died_ = 0;
  checkpoint_ = checkpoint;
  if (++died_ > kDeaths) {
    throw Error(fmt::format(
        "[launch] {}, and so it did {} times since the checkpoint of step {}: it is not started again. What it said "
        "stands above; once that is mended, {} goes on",
        end, died_, checkpoint, job_.advice));
  }
  print_message(fmt::format("launch: {}, after step {} of {}; it is started again from the checkpoint of step {}", end,
                            status.step, status.steps, checkpoint));
  pause(died_);
}

// Processes may outlive the one that started them, and write on for a moment.
void JobRestarts::wait_until_free() const {
  for (int waited = 0; is_locked(job_.run) && asked_ == 0; waited++) {
    if (waited >= kPatience)
      throw Error(fmt::format("[launch] a process of the job that died still writes to {}; end it, then {} goes on",
                              shown(job_.run), job_.advice));
    pause(1);
  }
}

}  // namespace ddpg::cli
