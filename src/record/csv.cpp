#include "record/csv.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "ddpg/error.h"

namespace ddpg {

namespace {

std::string field(std::int64_t value) {
  return std::to_string(value);
}
std::string field(double value) {
  return std::isnan(value) ? "" : fmt::format("{}", value);
}

// The table, column by column: the one place that names them.
std::vector<std::pair<const char*, std::string>> columns(const Progress& progress) {
  const Evaluation& evaluation = progress.evaluation;
  return {
      {"step", field(progress.step)},
      {"episodes", field(progress.episodes)},
      {"updates", field(progress.updates)},
      {"critic_loss", field(progress.critic_loss)},
      {"actor_loss", field(progress.actor_loss)},
      {"mean_q", field(progress.mean_q)},
      {"mean_target", field(progress.mean_target)},
      {"critic_gradient_norm", field(progress.critic_gradient_norm)},
      {"actor_gradient_norm", field(progress.actor_gradient_norm)},
      {"saturated_share", field(progress.saturated_share)},
      {"exploration_sigma", field(progress.exploration_sigma)},
      {"training_return", field(progress.training_return)},
      {"evaluation_episodes", field(static_cast<std::int64_t>(evaluation.episodes))},
      {"evaluation_mean_return", field(evaluation.mean_return)},
      {"evaluation_std_return", field(evaluation.std_return)},
      {"evaluation_min_return", field(evaluation.min_return)},
      {"evaluation_max_return", field(evaluation.max_return)},
      {"evaluation_mean_length", field(evaluation.mean_length)},
      {"evaluation_predicted_q", field(evaluation.predicted_q)},
      {"evaluation_discounted_return", field(evaluation.discounted_return)},
      {"seconds", field(progress.seconds)},
      {"steps_per_second", field(progress.steps_per_second)},
      {"updates_per_second", field(progress.updates_per_second)},
  };
}

[[noreturn]] void fail(const std::filesystem::path& file, int error) {
  throw Error(fmt::format("[csv] cannot write {}: {}", file.string(), std::strerror(error)));
}

}  // namespace

std::string csv_header() {
  std::string line;
  for (const auto& [name, value] : columns({})) line.append(name).append(",");
  line.pop_back();
  return line;
}

std::string csv_row(const Progress& progress) {
  std::string line;
  for (const auto& [name, value] : columns(progress)) line += value + ",";
  line.pop_back();
  return line;
}

CsvRecorder::CsvRecorder(std::filesystem::path file) : file_(std::move(file)) {}

CsvRecorder::~CsvRecorder() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void CsvRecorder::started(const RunStart&) {
  descriptor_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail(file_, errno);
  append(csv_header());
}

void CsvRecorder::progressed(const Progress& progress, const Policy&) {
  append(csv_row(progress));
}

// One write for the whole line; when the disk takes only part of it, that part is cut off again, so that the table
// stays whole.
void CsvRecorder::append(const std::string& line) {
  const std::string text = line + "\n";
  const ::off_t before = ::lseek(descriptor_, 0, SEEK_CUR);
  std::size_t written = 0;
  while (written < text.size()) {
    const ::ssize_t taken = ::write(descriptor_, text.data() + written, text.size() - written);
    if (taken < 0 && errno == EINTR) continue;
    if (taken < 0) {
      const int error = errno;
      if (before >= 0 && ::ftruncate(descriptor_, before) == 0) ::lseek(descriptor_, before, SEEK_SET);
      fail(file_, error);
    }
    written += static_cast<std::size_t>(taken);
  }
}

}  // namespace ddpg
