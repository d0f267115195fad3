// An agent as one file, everything in it, so that a loaded one goes on to the same bits: a safetensors file with
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

namespace ddpg {
namespace {

constexpr const char* kFormat = "ddpg agent";
constexpr const char* kFileVersion = "1";
constexpr std::int64_t kRowsAtOnce = 4'096;

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

void add_rows(CheckpointFileWriter& file, const Replay& replay) {
  const ReplayRange range = replay.settled();
  for (const ReplayColumn& column : replay.columns())
    file.add(std::string("rows.") + column.name, column.dtype, {replay.rows(column, range), column.width},
             [&replay, column, range](const auto& sink) {
               std::vector<float> floats;
               for (std::int64_t begin = range.begin; begin < range.end; begin += kRowsAtOnce) {
                 const ReplayRange piece{begin, std::min(begin + kRowsAtOnce, range.end)};
                 floats.resize(static_cast<std::size_t>(replay.rows(column, piece) * column.width));
                 replay.copy_out(column, piece, floats.data());
                 sink({reinterpret_cast<const char*>(floats.data()), floats.size() * sizeof(float)});
               }
             });
}

void restore_rows(const CheckpointFile& file, Snapshot& state, Replay& replay) {
  ReplayRange range;
  state.inside("agent.replay", [&] {
    state.value("begin", range.begin);
    state.value("settled", range.end);
  });
  if (range.begin < 0 || range.end < range.begin || range.size() > replay.capacity())
    throw Error(fmt::format("[{}] its replay buffer cannot be; the file is damaged", file.where));
  for (const ReplayColumn& column : replay.columns()) {
    const std::string name = std::string("rows.") + column.name;
    const SnapshotPart& part = file.part(name);
    const Shape expected{replay.rows(column, range), column.width};
    if (part.dtype != column.dtype || part.shape != expected)
      throw Error(fmt::format("[{}] {}: expected shape [{}], found [{}]", file.where, name, fmt::join(expected, ", "),
                              fmt::join(part.shape, ", ")));
    replay.copy_in(column, range, reinterpret_cast<const float*>(part.bytes.data()));
  }
}

const std::string& metadata(const CheckpointFile& file, const std::string& key) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end())
    throw Error(fmt::format("[{}] expected \"{}\" among its metadata", file.where, key));
  return found->second;
}

void check_format(const CheckpointFile& file) {
  if (metadata(file, "format") != kFormat)
    throw Error(fmt::format("[{}] expected a {}, found a {}", file.where, kFormat, metadata(file, "format")));
  if (metadata(file, "version") != kFileVersion)
    throw Error(
        fmt::format("[{}] expected version {} of the format, found {}: it was written by ddpg {}; load it with "
                    "that one",
                    file.where, kFileVersion, metadata(file, "version"), metadata(file, "ddpg")));
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

Options read_options(const CheckpointFile& file) try {
  Options options;
  apply_toml(options, metadata(file, "options"), file.where);
  return options;
} catch (const UsageError& error) {
  throw Error(error.what());
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
  add_rows(file, impl_->core.replay());
  file.write(path);
}

Agent Agent::load(const std::string& path) try {
  const CheckpointFile file = read_checkpoint_file(path);
  check_format(file);
  const Options options = read_options(file);
  Snapshot state(file.parts, path);
  Specification specification;
  int actors = 0;
  state.inside("specification", [&] { exchange_specification(state, specification, actors); });
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
