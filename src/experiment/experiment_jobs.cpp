#include "experiment/experiment_jobs.h"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "ddpg/error.h"
#include "support/files.h"
#include "support/folder_lock.h"
#include "support/shown.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

// Exit codes of a training (docs/command-line.md): it failed on its way, it was stopped and has saved everything.
constexpr int kFailedCode = 1, kInterruptedCode = 130;
constexpr auto kBetweenReadings = std::chrono::milliseconds(500);
constexpr std::size_t kPoints = 8;

// A tenth of a second, or until a signal comes.
void pause() {
  const ::timespec duration{0, 100'000'000};
  ::nanosleep(&duration, nullptr);
}

// A process killed while it wrote its first file has left a folder that is no run yet. What lies in it is removed, so
// that the training can take it.
void clear_what_is_no_run(const fs::path& run) {
  std::error_code error;
  if (fs::exists(run / "config.toml", error) || !fs::is_directory(run, error)) return;
  remove_temporaries(run);
}

}  // namespace

ExperimentJobs::ExperimentJobs(const ExperimentFolder& folder, JobOptions options, std::unique_ptr<Trainings> trainings)
    : folder_(folder), options_(std::move(options)), trainings_(std::move(trainings)) {
  if (!trainings_) trainings_ = std::make_unique<TrainingsHere>(options_.program, folder.plan().jobs);
  for (std::uint64_t i = 0; i < folder.plan().runs(); i++) {
    seeds_.push_back(folder.look_at(folder.plan().run(i)));
    SeedProgress& seed = seeds_.back();
    if (seed.state == SeedState::finished) continue;
    seed.state = SeedState::waiting;
    seed.error.clear();
  }
}

void ExperimentJobs::run(const std::atomic<bool>& stop, const std::function<void()>& watch) {
  bool asked = false;
  for (;;) {
    if (stop && !std::exchange(asked, true)) trainings_->stop();
    if (!stop) start_waiting();
    look_at_jobs();
    watch();
    const bool waits = std::any_of(seeds_.begin(), seeds_.end(),
                                   [](const SeedProgress& seed) { return seed.state == SeedState::waiting; });
    if (jobs_.empty() && (stop || !waits)) break;
    pause();
  }
  for (SeedProgress& seed : seeds_) {
    if (seed.state != SeedState::waiting) continue;
    seed.state = SeedState::interrupted;
    seed.error.clear();
  }
}

void ExperimentJobs::start_waiting() {
  for (std::size_t i = 0; i < seeds_.size(); i++) {
    if (jobs_.size() >= static_cast<std::size_t>(trainings_->places())) return;
    SeedProgress& seed = seeds_[i];
    if (seed.state != SeedState::waiting || !is_ready(seed)) continue;
    clear_what_is_no_run(folder_.run(seed.key()));
    try {
      folder_.check_options();
      trainings_->begin(i, command(seed), folder_.log(seed.key()));
      jobs_.push_back({i, {{Clock::now(), seed.step}}});
      seed.state = SeedState::running;
      seed.error.clear();
    } catch (const Error& error) {
      seed.state = SeedState::failed;
      seed.error = error.what();
    }
  }
}

// A training whose experiment was killed may still be saving.
bool ExperimentJobs::is_ready(SeedProgress& seed) {
  if (!is_locked(folder_.run(seed.key()))) return true;
  if (Clock::now() - waiting_since_ > std::chrono::duration<double>(options_.seconds_for_lock)) {
    seed.state = SeedState::failed;
    seed.error = fmt::format("another training is writing to {}", shown(folder_.run(seed.key())));
  }
  return false;
}

std::vector<std::string> ExperimentJobs::command(const SeedProgress& seed) const {
  const ExperimentPlan& plan = folder_.plan();
  const std::string run = folder_.run(seed.key()).string();
  std::vector<std::string> words = {options_.name};
  words.insert(words.end(), options_.first.begin(), options_.first.end());
  std::error_code unknown;
  if (fs::exists(folder_.run(seed.key()) / "config.toml", unknown)) {
    words.insert(words.end(), {"resume", run, "--steps", std::to_string(plan.options.steps), "--threads",
                               std::to_string(plan.options.threads)});
    return words;
  }
  words.insert(words.end(), {"train", "--config", folder_.options_file().string()});
  if (!plan.trials.empty())
    for (const std::string& text : plan.trials[seed.trial]) words.insert(words.end(), {"--set", text});
  words.insert(words.end(), {"--seed", std::to_string(seed.seed), "--run", run});
  for (const std::string& record : plan.records) words.push_back("--" + record);
  return words;
}

void ExperimentJobs::look_at_jobs() {
  const bool reads = Clock::now() - last_read_ >= kBetweenReadings;
  if (reads) last_read_ = Clock::now();
  while (const std::optional<TrainingEnd> end = trainings_->ended()) {
    std::erase_if(jobs_, [&](const Job& job) { return job.seed == end->run; });
    take_result(*end);
  }
  if (reads)
    for (Job& job : jobs_) read_progress(job);
}

void ExperimentJobs::read_progress(Job& job) {
  SeedProgress& seed = seeds_[job.seed];
  const std::int64_t before = job.points.back().second;
  const SeedProgress now = folder_.look_at(seed.key());
  seed.step = now.step;
  seed.last_return = now.last_return;
  seed.best_return = now.best_return;
  if (seed.step < before) job.points.clear();  // it resumed from an earlier checkpoint
  if (seed.step == before) return;
  job.points.emplace_back(Clock::now(), seed.step);
  if (job.points.size() > kPoints) job.points.pop_front();
  const double seconds = std::chrono::duration<double>(job.points.back().first - job.points.front().first).count();
  const auto steps = static_cast<double>(job.points.back().second - job.points.front().second);
  if (seconds > 0) seed.steps_per_second = steps / seconds;
}

void ExperimentJobs::take_result(const TrainingEnd& end) {
  SeedProgress& seed = seeds_[end.run];
  seed = folder_.look_at(seed.key());
  const std::string foreign = foreign_text(seed.key());
  if ((end.end.code == 0 || end.again) && seed.state == SeedState::finished && foreign.empty()) return;
  if (end.end.code == kInterruptedCode) {
    seed.state = SeedState::interrupted;
    return;
  }
  if (end.again) {
    seed.state = SeedState::waiting;
    seed.error = end.error;
    waiting_since_ = Clock::now();  // it may still be saving
    return;
  }
  seed.state = SeedState::failed;
  seed.error = !foreign.empty() ? foreign : !end.error.empty() ? end.error : error_of(seed, end.end);
}

std::string ExperimentJobs::foreign_text(const RunKey& key) const try {
  return folder_.foreign(key);
} catch (const Error& error) {
  return error.what();
}

std::string ExperimentJobs::error_of(const SeedProgress& seed, const ProcessEnd& end) const {
  if (end.signal != 0)
    return fmt::format("killed by signal {} ({}); `ddpg resume {}` continues it", end.signal, ::strsignal(end.signal),
                       typed(folder_.path()));
  if (end.code == kFailedCode && !seed.error.empty()) return seed.error;  // with another code it is of an earlier end
  const std::string log = shown(folder_.log(seed.key()));
  std::error_code unknown;
  if (fs::file_size(folder_.log(seed.key()), unknown) == 0 || unknown)
    return fmt::format("ended with exit code {}, no result, and nothing in {}; is the disk full?", end.code, log);
  return fmt::format("ended with exit code {} and no result; see {}", end.code, log);
}

}  // namespace ddpg
