#include "run/kept_replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "ddpg/error.h"
#include "nn/action_bounds.h"
#include "run/task_record.h"
#include "support/paths.h"
#include "support/shown.h"
#include "support/stop.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

constexpr const char* kReading = "reading a run's transitions";

std::vector<fs::path> checkpoints_at(const fs::path& path) {
  if (what_is(path) == Standing::file) {
    if (is_replay_name(path.filename().native()))
      throw Error(
          fmt::format("[{}] a file of rows alone does not say in which units they are; name the run's folder, or the "
                      "checkpoint beside it",
                      shown(path)));
    return {path};
  }
  std::vector<fs::path> files = list_checkpoints(path / "checkpoints");
  if (files.empty()) files = list_checkpoints(path);
  if (files.empty())
    throw Error(
        fmt::format("[{}] expected a run with checkpoints, which `ddpg train` keeps in its folder checkpoints, "
                    "found none",
                    shown(path)));
  return files;
}

int copies_of(const LoadedCheckpoint& checkpoint) {
  for (const SnapshotPart& part : checkpoint.snapshot.parts())
    if (part.name == "algorithm.replay.previous" && part.shape.size() == 1 && part.shape[0] >= 1 &&
        part.shape[0] <= 1 << 16)
      return static_cast<int>(part.shape[0]);
  throw Error(fmt::format("[{}] it does not say how many environments were stepped", shown(checkpoint.file)));
}

Replay replay_of(LoadedCheckpoint& checkpoint, const Specification& specification, const std::atomic<bool>* stop) {
  Replay replay(specification.observation_size, specification.action_size(), options_of(checkpoint).replay_capacity,
                copies_of(checkpoint));
  restore_replay_rows(checkpoint, replay, stop);
  Snapshot& snapshot = checkpoint.snapshot;
  snapshot.inside("algorithm", [&] { snapshot.inside("replay", [&] { replay.exchange(snapshot); }); });
  return replay;
}

// From which the observations are counted (agent/normaliser.h).
std::vector<double> origin_of(LoadedCheckpoint& checkpoint, int observation_size) {
  std::vector<double> origin(static_cast<std::size_t>(observation_size), 0.0);
  Snapshot& snapshot = checkpoint.snapshot;
  snapshot.inside("algorithm", [&] {
    snapshot.inside("normaliser", [&] {
      if (snapshot.has("origin")) snapshot.array("origin", origin);
    });
  });
  return origin;
}

void check_sizes(const LoadedCheckpoint& checkpoint, const Specification& kept, const Specification& wanted) {
  if (kept.observation_size == wanted.observation_size && kept.action_size() == wanted.action_size()) return;
  throw Error(fmt::format("[{}] expected observations of {} numbers and actions of {}, found {} and {}, of {}",
                          shown(checkpoint.file), wanted.observation_size, wanted.action_size(), kept.observation_size,
                          kept.action_size(), shown(kept.name)));
}

}  // namespace

LoadedCheckpoint find_checkpoint(const std::string& path, std::string& damaged, const std::atomic<bool>* stop,
                                 ReplayRows rows) {
  for (const fs::path& file : checkpoints_at(path)) {
    std::optional<LoadedCheckpoint> checkpoint;
    const std::string damage = damage_found([&] { checkpoint = load_checkpoint(file, stop, rows); });
    if (damage.empty()) return std::move(*checkpoint);
    damaged += (damaged.empty() ? "" : "; ") + damage;
  }
  throw Error(fmt::format("[{}] no checkpoint can be used: {}", shown(path), damaged));
}

Options options_of(const LoadedCheckpoint& checkpoint) {
  return kept_options(checkpoint.options, shown(checkpoint.file));
}

Specification specification_of(const LoadedCheckpoint& checkpoint) {
  const auto kept = checkpoint.texts.find("task");
  if (kept == checkpoint.texts.end())
    throw Error(
        fmt::format("[{}] it is of an older ddpg and does not hold the task's sizes and bounds; `ddpg resume` "
                    "its run with --steps N, a step more than it has, and take the checkpoint that this keeps",
                    shown(checkpoint.file)));
  Specification specification = task_from_json(kept->second, shown(checkpoint.file)).specification;
  const std::size_t size = specification.action_low.size();
  if (size == 0 || specification.action_high.size() != size || specification.observation_size < 1)
    throw Error(fmt::format("[{}] its task cannot be; the file is damaged", shown(checkpoint.file)));
  return specification;
}

// Each episode from its first transition on: those of several environments lie among each other.
void visit_replay(LoadedCheckpoint& checkpoint, const VisitStored& visit, const std::atomic<bool>* stop) {
  const Replay replay = replay_of(checkpoint, specification_of(checkpoint), stop);
  std::vector<bool> seen(static_cast<std::size_t>(replay.size()));
  const auto is_new = [&](std::int64_t age) { return age >= 0 && !seen[static_cast<std::size_t>(age)]; };
  for (std::int64_t first = 0; first < replay.size(); first++) {
    throw_if_stopped(stop, kReading);
    for (std::int64_t age = first; is_new(age);) {
      seen[static_cast<std::size_t>(age)] = true;
      const std::int64_t next = replay.follower(age);
      visit(replay.at(age), age == first, !is_new(next));
      age = next;
    }
  }
}

DataSummary read_replay(LoadedCheckpoint& checkpoint, const Specification& specification, TakeTransition take,
                        const std::atomic<bool>* stop) {
  const Specification kept = specification_of(checkpoint);
  check_sizes(checkpoint, kept, specification);
  const ActionBounds bounds(kept.action_low, kept.action_high);
  const std::vector<double> origin = origin_of(checkpoint, kept.observation_size);
  const auto observe = [&](const std::vector<float>& from, std::vector<double>& to) {
    std::ranges::transform(from, origin, to.begin(), [](float x, double from_here) { return from_here + x; });
  };
  Episodes episodes(specification, true, std::move(take));
  const auto add = [&](const StoredTransition& stored, bool begins, bool ends) {
    Transition& row = episodes.row();
    observe(stored.observation, row.observation);
    observe(stored.next_observation, row.next_observation);
    for (std::size_t i = 0; i < row.action.size(); i++)
      row.action[i] = checkpoint.actions_in_units ? stored.action[i] : bounds.action_of(i, stored.action[i]);
    row.reward = static_cast<double>(stored.reward);
    row.terminated = stored.terminated;
    row.truncated = stored.truncated || (ends && !stored.terminated);  // what was under way is cut here
    episodes.add(begins);
  };
  visit_replay(checkpoint, add, stop);
  episodes.end();
  return episodes.summary();
}

}  // namespace ddpg
