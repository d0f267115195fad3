#include "record/tensorboard.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <utility>

#include "ddpg/error.h"
#include "record/event_file.h"
#include "support/paths.h"
#include "support/shown.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kNameStart = "events.out.tfevents.";

double system_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// This machine's name, without what does not belong into the name of a file.
std::string host_name() {
  char name[256] = "";
  ::gethostname(name, sizeof name - 1);
  std::string host = name;
  std::replace(host.begin(), host.end(), '/', '-');
  return host.empty() ? "localhost" : host;
}

// The time in a name such as events.out.tfevents.1700000000.host.42.0; 0 when there is none.
std::int64_t time_of(const fs::path& file) {
  const std::string name = file.filename().string();
  std::int64_t seconds = 0;
  std::from_chars(name.data() + kNameStart.size(), name.data() + name.size(), seconds);
  return seconds;
}

}  // namespace

std::vector<fs::path> event_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().filename().string().starts_with(kNameStart)) files.push_back(entry->path());
  }
  if (error) throw Error(fmt::format("[tensorboard] cannot read {}: {}", shown(folder), error.message()));
  std::sort(files.begin(), files.end());
  return files;
}

TensorBoardRecorder::TensorBoardRecorder(fs::path folder, TensorBoardOptions options)
    : folder_(std::move(folder)), options_(std::move(options)) {
  if (!options_.wall_time) options_.wall_time = system_time;
  if (options_.host.empty()) options_.host = host_name();
}

void TensorBoardRecorder::started(const RunStart& start) {
  metrics_ = metrics_of(start);
  first_step_ = start.rows == 0 ? start.step : start.last_row_step + 1;
  file_.reset();
  if (event_files(folder_).empty()) begin_file();  // by it a resumed training knows what it records
}

void TensorBoardRecorder::begin_file() {
  const std::vector<fs::path> earlier = event_files(folder_);
  // TensorBoard reads in the order of the names: this one must be the last, whatever the clock says
  auto seconds = static_cast<std::int64_t>(options_.wall_time());
  if (!earlier.empty()) seconds = std::max(seconds, time_of(earlier.back()) + 1);
  do {
    const std::string name = fmt::format("{}{:010}.{}.{}.0", kNameStart, seconds++, options_.host, ::getpid());
    file_.emplace("tensorboard", folder_ / name);
  } while (!file_->begin_new());
  const double now = options_.wall_time();
  file_->append(version_event(now) + start_event(now, first_step_));
}

void TensorBoardRecorder::progressed(const Progress& progress, const Policy&) {
  if (!file_) begin_file();
  std::vector<Scalar> scalars;
  for (const Metric& metric : metrics_) {
    if (metric.tag.empty()) continue;
    const double value = std::visit([](auto number) { return static_cast<double>(number); }, metric.value(progress));
    if (!std::isnan(value)) scalars.push_back({metric.tag, static_cast<float>(value)});
  }
  file_->append(scalars_event(options_.wall_time(), progress.step, scalars));
}

}  // namespace ddpg
