// An agent as one file, everything in it, so that a loaded one continues to the same bits: a safetensors file with
// checksums, as those of checkpoints (checkpoint_file.h). Nothing that a file says is trusted.
//   metadata         format "ddpg agent", version, ddpg (that wrote it), options as TOML
//   specification.*  what the world looks like
//   agent.*          as docs/checkpoints.md says of an algorithm, and where each actor's episode stands
//   rows.*           the replay buffer's settled rows
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <new>
#include <span>
#include <utility>

#include "agent/agent_impl.h"
#include "agent/memory.h"
#include "ddpg/error.h"
#include "ddpg/version.h"
#include "run/checkpoint_file.h"
#include "run/file_rows.h"

namespace ddpg {
namespace {

constexpr const char* kFormat = "ddpg agent";
constexpr const char* kFileVersion = "1";
constexpr const char* kRows = "rows.";

void exchange_texts(Snapshot& snapshot, const std::string& name, std::vector<std::string>& texts) {
  int count = static_cast<int>(texts.size());
  snapshot.value(name, count);
  if (snapshot.restores()) {
    if (count < 0 || static_cast<std::size_t>(count) > snapshot.parts().size())  // each of them is one
      throw Error(fmt::format("[{}] {} texts; the file is damaged", name, count));
    texts.resize(static_cast<std::size_t>(count));
  }
  for (std::size_t i = 0; i < texts.size(); i++) snapshot.text(fmt::format("{}.{}", name, i), texts[i]);
}

void exchange_specification(Snapshot& snapshot, Specification& specification, int& actors) {
  snapshot.text("name", specification.name);
  snapshot.value("observation_size", specification.observation_size);
  snapshot.list("action_low", specification.action_low);
  snapshot.list("action_high", specification.action_high);
  snapshot.value("time_limit", specification.time_limit);
  snapshot.value("control_period", specification.control_period);
  exchange_texts(snapshot, "observation_names", specification.observation_names);
  exchange_texts(snapshot, "observation_units", specification.observation_units);
  exchange_texts(snapshot, "action_names", specification.action_names);
  exchange_texts(snapshot, "action_units", specification.action_units);
  snapshot.value("actors", actors);
}

void restore_rows(const CheckpointFile& file, Snapshot& state, Replay& replay) {
  ReplayRange range;
  state.inside("agent.replay", [&] {
    state.value("begin", range.begin);
    state.value("settled", range.end);
  });
  if (range.begin < 0 || range.end < range.begin || range.size() > replay.capacity())
    throw Error(fmt::format("[{}] its replay buffer cannot be; the file is damaged", file.where));
  take_rows(file, replay, range, kRows);
}

void check_format(const CheckpointFile& file) {
  if (file.text("format") != kFormat)
    throw Error(fmt::format("[{}] expected a {}, found a {}", file.where, kFormat, file.text("format")));
  if (file.text("version") != kFileVersion)
    throw Error(
        fmt::format("[{}] expected version {} of the format, found {}: it was written by ddpg {}; load it with "
                    "that one",
                    file.where, kFileVersion, file.text("version"), file.text("ddpg")));
}

// Before memory is taken for them: the weights are all in the file.
void check_networks(const CheckpointFile& file, const Options& options, const Specification& specification) {
  std::size_t found = 0;
  for (const SnapshotPart& part : file.parts) found += part.bytes.size();
  const std::size_t needed = sizeof(float) * parameter_count(options, specification);
  if (found < needed)
    throw Error(
        fmt::format("[{}] the networks of its options have {} bytes of weights, and it has {} in all; the file "
                    "is damaged",
                    file.where, needed, found));
}

}  // namespace

void Agent::save(const std::string& path) const {
  Snapshot state;
  Specification specification = this->specification();
  int actors = this->actors();
  state.inside("specification", [&] { exchange_specification(state, specification, actors); });
  state.inside("agent", [&] { impl_->exchange(state); });
  CheckpointFileWriter file;
  file.metadata("format", kFormat);
  file.metadata("version", kFileVersion);
  file.metadata("ddpg", kVersion);
  file.metadata("options", to_toml(options()));
  for (const SnapshotPart& part : state.parts())
    file.add(part.name, part.dtype, part.shape, [&part](const auto& sink) { sink(part.bytes); });
  const Replay& replay = impl_->core.replay();
  add_rows(file, replay, replay.settled(), kRows);
  file.write(path);
}

Agent Agent::load(const std::string& path, const Goals& goals) try {
  const CheckpointFile file = read_checkpoint_file(path);
  check_format(file);
  const Options options = kept_options(file.text("options"), file.where);
  Snapshot state(file.parts, path);
  Specification specification;
  int actors = 0;
  state.inside("specification", [&] { exchange_specification(state, specification, actors); });
  specification.goals = goals;
  if (options.replay.hindsight > 0 && goals.size == 0)
    throw UsageError(
        fmt::format("[{}] its replay.hindsight = {} judges goals, and a file holds no function: give Agent::load "
                    "the goals of its world",
                    path, options.replay.hindsight));
  const std::vector<std::string> wrong = agent_violations(options, specification, actors);
  if (!wrong.empty()) throw Error(fmt::format("[{}] {}", path, fmt::join(wrong, "\n  ")));
  check_networks(file, options, specification);
  auto impl = std::make_unique<Impl>(options, specification, actors);
  restore_rows(file, state, impl->core.replay());
  state.inside("agent", [&] { impl->exchange(state); });
  return Agent(std::move(impl));
} catch (const std::bad_alloc&) {
  throw Error(fmt::format("[{}] there is not enough memory for the agent in it", path));
}

}  // namespace ddpg
