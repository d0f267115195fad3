// What is in the newest checkpoint of a folder, as a test compares it, and files of one with something changed.
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ddpg/error.h"
#include "run/checkpoints.h"

namespace ddpg::testing {

namespace fs = std::filesystem;

inline std::int64_t number(const Snapshot& snapshot, const std::string& name) {
  for (const SnapshotPart& part : snapshot.parts())
    if (part.name == name) return *reinterpret_cast<const std::int64_t*>(part.bytes.data());
  throw Error("no " + name);
}

inline std::int64_t step_of(const fs::path& checkpoint) {
  return std::stoll(checkpoint.filename().string().substr(std::string("checkpoint-").size()));
}

// How many of the first rows of a replay file ended their episode.
inline std::size_t ends_of(const CheckpointFile& file, std::int64_t rows) {
  const auto* links = reinterpret_cast<const std::uint32_t*>(file.part("link").bytes.data());
  return static_cast<std::size_t>(std::count_if(links, links + std::max<std::int64_t>(0, rows),
                                                [](std::uint32_t link) { return (link & 3) != 0; }));
}

// Everything in the newest checkpoint but the clock, and the replay buffer's rows; of these only what the buffer still
// holds, since the files may begin earlier.
inline std::map<std::string, std::string> kept(const fs::path& folder) {
  const LoadedCheckpoint checkpoint = load_checkpoint(list_checkpoints(folder).front());
  std::map<std::string, std::string> all;
  for (const SnapshotPart& part : checkpoint.snapshot.parts())
    if (!part.name.ends_with("seconds")) all[part.name] = part.bytes;
  for (const ReplayFile& listed : checkpoint.replay_files) {
    const CheckpointFile file = read_checkpoint_file(folder / listed.name);
    for (const SnapshotPart& part : file.parts) {
      const bool of_lasts = part.name == "last_observation";
      const auto width = static_cast<std::size_t>(part.shape[1]) * sizeof(float);
      const std::int64_t gone_rows =
          std::min(listed.range.size(), number(checkpoint.snapshot, "algorithm.replay.begin") - listed.range.begin);
      std::size_t gone = static_cast<std::size_t>(std::max<std::int64_t>(0, gone_rows)) * width;
      if (of_lasts) gone = ends_of(file, gone_rows) * width;
      all["rows of " + part.name] += part.bytes.substr(std::min(gone, part.bytes.size()));
    }
  }
  return all;
}

// The names of what differs.
inline std::vector<std::string> differences(const std::map<std::string, std::string>& a,
                                            const std::map<std::string, std::string>& b) {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : a)
    if (!b.contains(name) || b.at(name) != bytes) names.push_back(name);
  for (const auto& [name, bytes] : b)
    if (!a.contains(name)) names.push_back(name);
  return names;
}

// The file once more, with `change` made and the checksums of what it is then. Returns its checksum.
inline std::uint32_t rewrite(const fs::path& path, const fs::path& to,
                             const std::function<void(CheckpointFile&)>& change) {
  CheckpointFile file = read_checkpoint_file(path);
  change(file);
  CheckpointFileWriter writer;
  for (const auto& [key, text] : file.metadata) writer.metadata(key, text);
  for (const SnapshotPart& part : file.parts)
    writer.add(part.name, part.dtype, part.shape, [&part](const auto& sink) { sink(part.bytes); });
  return writer.write(to);
}

}  // namespace ddpg::testing
