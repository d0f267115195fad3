#include "run/run_status.h"

#include <fmt/chrono.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>
#include <limits>

#include "ddpg/error.h"
#include "ddpg/version.h"
#include "support/files.h"
#include "support/json.h"
#include "support/paths.h"
#include "support/shown.h"
#include "support/snapshot.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

std::string host_name() {
  char name[256] = "";
  ::gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

bool writer_lives(const RunStatus& status) {
  if (status.state != "running" || status.host != host_name() || status.process <= 0) return false;
  return ::kill(static_cast<::pid_t>(status.process), 0) == 0 || errno == EPERM;
}

Json status_json(const char* state, std::int64_t step, std::int64_t steps, const std::string& started,
                 const std::string& message) {
  return {{"state", state},      {"step", step},       {"steps", steps},       {"pid", ::getpid()},
          {"host", host_name()}, {"started", started}, {"updated", utc_now()}, {"message", message}};
}

const char* outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::finished:
      return "finished";
    case Outcome::interrupted:
      return "interrupted";
    case Outcome::failed:
      return "failed";
  }
  return "";
}

RunStatus read_status(const fs::path& run) {
  const fs::path file = run / "status.json";
  const std::string where = shown(file);
  RunStatus status;
  if (!is_there(file)) return status;
  const Json json = parse_json(read_file(file, kLongestText), where);
  status.state = text_member(json, "state", where);
  const auto count = [&](const char* key, std::int64_t most) {
    return whole_number(member(json, key, where), most, fmt::format("[{}] {}", where, key));
  };
  status.step = count("step", Snapshot::kMostCount);
  status.steps = count("steps", Snapshot::kMostCount);
  status.process = count("pid", std::numeric_limits<::pid_t>::max());
  status.host = text_member(json, "host", where);
  return status;
}

Json summary_json(const Options& options, const Summary& summary) {
  Json json = {{"environment", options.environment},
               {"preset", options.preset},
               {"seed", options.seed},
               {"steps", summary.steps},
               {"updates", summary.updates},
               {"episodes", summary.after.episodes},
               {"mean_return", summary.after.mean_return},
               {"std_return", summary.after.std_return},
               {"initial_mean_return", summary.before.mean_return},
               {"seconds", summary.seconds},
               {"steps_per_second", summary.steps_per_second},
               {"best_return", summary.best_return},
               {"outcome", outcome_name(summary.outcome)},
               {"version", kVersion}};
  if (!summary.criterion.empty()) json["criterion"] = summary.criterion;
  if (!summary.error.empty()) json["error"] = summary.error;
  return json;
}

}  // namespace ddpg
