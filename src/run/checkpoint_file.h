// One file of a checkpoint: a safetensors file, so that other programs can read it, whose last tensor `checksums` holds
// the CRC-32 of the header and of each tensor before it. Written piece by piece, read whole. Not here: what is in it
// (checkpoints.h), and which files make a checkpoint.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/files.h"
#include "support/snapshot.h"

namespace ddpg {

using CheckpointMetadata = std::map<std::string, std::string>;

// Writes a file beside `path` and gives it its name, lasting, in commit(). Throws Error naming the file and the cause;
// what was at `path` stays until commit().
class CheckpointFileWriter {
 public:
  struct Form {
    std::string name, type;
    std::vector<std::int64_t> shape;
    std::uint64_t bytes = 0;
  };
  CheckpointFileWriter(const std::filesystem::path& path, std::vector<Form> forms, const CheckpointMetadata& metadata);

  // The tensors' bytes in their order, in pieces of any size.
  void write(std::string_view bytes);
  // Returns the checksum of the checksums: two files with the same one are the same file.
  std::uint32_t commit();

 private:
  std::filesystem::path path_;
  PendingFile pending_;
  FileStream stream_;
  std::vector<Form> forms_;
  std::vector<std::uint32_t> checksums_;
  std::size_t tensor_ = 0;      // being written
  std::uint64_t written_ = 0;   // bytes of it
  std::uint32_t checksum_ = 0;  // of these
};

// A file as it was read, its checksums verified.
struct CheckpointFile {
  CheckpointMetadata metadata;
  std::vector<SnapshotPart> parts;  // without the checksums
  std::uint32_t checksum = 0;       // as of commit()

  // The part of that name; throws Error naming `where`.
  const SnapshotPart& part(std::string_view name, std::string_view where) const;
};

// Throws Error naming the file and what is wrong with it.
CheckpointFile read_checkpoint_file(const std::filesystem::path& path);
// The same from memory. `where` is named in errors.
CheckpointFile parse_checkpoint_file(std::string_view bytes, const std::string& where);

}  // namespace ddpg
