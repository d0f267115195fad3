// One file of a checkpoint: a safetensors file, so that other programs can read it, whose last array `checksums` holds
// the CRC-32 of the header and of each array before it. Not here: what is in it (checkpoints.h), and which files make a
// checkpoint.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ddpg/options.h"
#include "support/safetensors.h"
#include "support/snapshot.h"

namespace ddpg {

// Collects what a file is to hold, then writes it.
class CheckpointFileWriter {
 public:
  void metadata(std::string key, std::string text) { file_.metadata(std::move(key), std::move(text)); }
  // As SafetensorsWriter::add().
  void add(std::string name, Dtype dtype, TensorShape shape, SafetensorsWriter::Source source);

  // Beside `path`, then by its name, lasting. Returns the checksum of the checksums: two files with the same one are
  // the same file. Throws Error naming the file and the cause; what was at `path` before is unchanged then.
  std::uint32_t write(const std::filesystem::path& path);

 private:
  SafetensorsWriter file_;
  std::int64_t arrays_ = 0;
  std::vector<std::uint32_t> checksums_;
};

// A file as it was read, its checksums verified.
struct CheckpointFile {
  std::string where;
  std::map<std::string, std::string> metadata;
  std::vector<SnapshotPart> parts;  // without the checksums
  std::uint32_t checksum = 0;       // as write() returned it

  // Throws Error naming the file when there is no such part.
  const SnapshotPart& part(std::string_view name) const;
  // The text under `key` of its metadata, likewise.
  const std::string& text(const std::string& key) const;
};

// Throws Error naming the file and what is wrong with it.
CheckpointFile read_checkpoint_file(const std::filesystem::path& path);
// The same from memory. `where` is named in errors.
CheckpointFile parse_checkpoint_file(std::string_view bytes, const std::string& where);

// The options that such a file keeps as TOML. Throws Error, and no UsageError: the file is wrong, not its user.
Options kept_options(const std::string& toml, const std::string& where);

}  // namespace ddpg
