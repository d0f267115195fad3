#include "record/run_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "ddpg/error.h"
#include "support/files.h"
#include "support/folder_lock.h"
#include "support/json.h"
#include "support/shown.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestField = 2'000;  // bytes of a text in a JSON file
constexpr double kMostSteps = 1e15;           // as Options::steps

// An untrusted JSON object: each value is checked before it is used.
class Fields {
 public:
  Fields(std::string_view text, const std::string& where) : object_(parse_json(text, where)) {}

  bool is_object() const { return object_.is_object(); }

  std::string text(const char* key) const {
    const Json* const found = object_.find(key);
    return found == nullptr || found->text() == nullptr ? "" : found->text()->substr(0, kLongestField);
  }
  double number(const char* key, double otherwise) const {
    const Json* const found = object_.find(key);
    return found == nullptr || !found->is_number() ? otherwise : found->number();
  }
  std::int64_t steps(const char* key) const {
    const double count = number(key, 0);
    return count >= 0 && count <= kMostSteps ? static_cast<std::int64_t>(count) : 0;
  }

 private:
  Json object_;
};

class Reader {
 public:
  explicit Reader(const fs::path& folder) { run_.path = folder; }

  RunRecord read() {
    read_part("config.toml", [&](const fs::path& file) { read_config(file); });
    read_part("progress.csv", [&](const fs::path& file) { read_progress(file); });
    read_part("machine.json", [&](const fs::path& file) { read_machine(file); });
    read_part("summary.json", [&](const fs::path& file) { read_summary(file); });
    if (!read_part("status.json", [&](const fs::path& file) { read_status(file); })) state_without_status();
    return std::move(run_);
  }

 private:
  // Reads a file if it is there; what is wrong with it becomes a problem. Returns whether it was read.
  bool read_part(const char* file, const std::function<void(const fs::path&)>& read) {
    const fs::path path = run_.path / file;
    std::error_code error;
    if (!fs::exists(fs::symlink_status(path, error))) return false;
    try {
      const auto written = fs::last_write_time(path, error);
      if (!error) run_.updated = std::max(run_.updated, written);
      read(path);
      return true;
    } catch (const std::exception& problem) {
      run_.problems.emplace_back(problem.what());
      return false;
    }
  }

  Fields object(const fs::path& file) {
    const Fields json(read_file(file, kLongestText), shown(file));
    if (!json.is_object()) throw Error(fmt::format("[run folder] {}: expected a JSON object", shown(file)));
    return json;
  }

  void read_config(const fs::path& file) {
    Options options;
    apply_toml(options, read_file(file, kLongestText), shown(file));
    run_.steps_asked = options.steps;
    run_.options = std::move(options);
  }

  void read_progress(const fs::path& file) {
    std::string problem;
    run_.progress = ddpg::read_progress(file, problem);
    if (!problem.empty()) run_.problems.push_back(problem);
    run_.steps_done = static_cast<std::int64_t>(std::min(zero_if_none(run_.progress.last("step")), kMostSteps));
    run_.seconds = zero_if_none(run_.progress.last("seconds"));
    run_.last_return = run_.progress.last("evaluation_mean_return");
    for (const double value : run_.progress.column("evaluation_mean_return"))
      run_.best_return = std::fmax(run_.best_return, value);  // of a number and NaN the number
  }

  void read_machine(const fs::path& file) {
    const Fields json = object(file);
    run_.version = json.text("version");
    run_.processor = json.text("processor");
    run_.system = json.text("system");
    run_.compiler = json.text("compiler");
    run_.kernels = json.text("kernels");
    run_.started = json.text("started");
  }

  void read_summary(const fs::path& file) {
    const Fields json = object(file);
    run_.steps_done = std::max(run_.steps_done, json.steps("steps"));
    run_.seconds = json.number("seconds", run_.seconds);
    run_.last_return = json.number("mean_return", run_.last_return);
    run_.best_return = json.number("best_return", run_.best_return);
    run_.message = json.text("error");
    run_.criterion = json.text("criterion");
    outcome_ = json.text("outcome");
  }

  void read_status(const fs::path& file) {
    const Fields json = object(file);
    const std::string state = json.text("state");
    if (state == "running") {
      run_.state = is_locked(run_.path) ? RunState::running : RunState::interrupted;
    } else if (state == "finished") {
      run_.state = RunState::finished;
    } else if (state == "failed") {
      run_.state = RunState::failed;
    } else if (state == "interrupted") {
      run_.state = RunState::interrupted;
    } else {
      throw Error(fmt::format("[run folder] {}: state is none of running, finished, interrupted, failed", shown(file)));
    }
    if (const std::string message = json.text("message"); !message.empty()) run_.message = message;
    if (const std::string started = json.text("started"); !started.empty()) run_.started = started;
    run_.steps_done = std::max(run_.steps_done, json.steps("step"));
    if (json.steps("steps") > 0) run_.steps_asked = json.steps("steps");
  }

  // As older versions left it: a summary at the end, and the lock until then.
  void state_without_status() {
    if (outcome_ == "finished") {
      run_.state = RunState::finished;
    } else if (outcome_ == "failed") {
      run_.state = RunState::failed;
    } else if (outcome_.empty() && is_locked(run_.path)) {
      run_.state = RunState::running;
    } else {
      run_.state = RunState::interrupted;
    }
  }

  static double zero_if_none(double value) { return std::isfinite(value) ? value : 0; }

  RunRecord run_;
  std::string outcome_;  // of summary.json
};

}  // namespace

const char* name_of(RunState state) {
  switch (state) {
    case RunState::running:
      return "running";
    case RunState::finished:
      return "finished";
    case RunState::interrupted:
      return "interrupted";
    case RunState::failed:
      return "failed";
  }
  return "";
}

RunRecord read_run(const fs::path& folder) {
  return Reader(folder).read();
}

}  // namespace ddpg
