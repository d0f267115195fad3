// Writing and reading one checkpoint file: see checkpoint_file.h.
#include "run/checkpoint_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "ddpg/error.h"
#include "support/bytes.h"
#include "support/files.h"
#include "support/shown.h"

namespace ddpg {
namespace {

constexpr const char* kChecksums = "checksums";

std::string as_bytes(const std::vector<std::uint32_t>& checksums) {
  ByteWriter bytes;
  for (const std::uint32_t checksum : checksums) bytes.u32(checksum);
  return bytes.bytes();
}

}  // namespace

void CheckpointFileWriter::add(std::string name, Dtype dtype, TensorShape shape, SafetensorsWriter::Source source) {
  arrays_++;
  const auto checked = [this, source = std::move(source)](const SafetensorsWriter::Sink& sink) {
    std::uint32_t checksum = 0;
    source([&](std::string_view bytes) {
      checksum = crc32(bytes, checksum);
      sink(bytes);
    });
    checksums_.push_back(checksum);
  };
  file_.add(std::move(name), dtype, std::move(shape), checked);
}

// The checksums are of the narrowest type there is, so that they come last.
std::uint32_t CheckpointFileWriter::write(const std::filesystem::path& path) {
  file_.add(kChecksums, Dtype::u8, {arrays_ + 1, 4},
            [this](const SafetensorsWriter::Sink& sink) { sink(as_bytes(checksums_)); });
  PendingFile pending(path);
  FileStream stream(pending.temporary(), path);
  file_.write([&](std::string_view bytes) {
    if (checksums_.empty()) checksums_.push_back(crc32(bytes));  // the header comes first, in one piece
    stream.write(bytes);
  });
  stream.close();
  pending.commit();
  return crc32(as_bytes(checksums_));
}

const SnapshotPart& CheckpointFile::part(std::string_view name) const {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const SnapshotPart& p) { return p.name == name; });
  if (found == parts.end()) throw Error(fmt::format("[{}] expected an array {}, found none", where, name));
  return *found;
}

CheckpointFile parse_checkpoint_file(std::string_view bytes, const std::string& where) {
  SafetensorsView view = read_safetensors(bytes, where);
  const auto fail = [&](const std::string& what) { throw Error(fmt::format("[{}] {}", where, what)); };
  if (view.tensors.empty() || view.tensors.back().name != kChecksums) fail("expected the array checksums at its end");
  const std::string_view checksums = view.tensors.back().bytes;
  view.tensors.pop_back();
  if (checksums.size() != 4 * (view.tensors.size() + 1)) fail("expected a checksum for its head and for each array");

  ByteReader in(checksums, where);
  const auto check = [&](std::string_view checked, const std::string& what) {
    const std::uint32_t expected = in.u32("checksum"), computed = crc32(checked);
    if (computed != expected)
      fail(fmt::format("{} is damaged: expected checksum {:08x}, found {:08x}", what, expected, computed));
  };
  ByteReader head(bytes, where);
  check(bytes.substr(0, 8 + head.u64("length of the head")), "its head");
  CheckpointFile file{where, std::move(view.metadata), {}, crc32(checksums)};
  for (TensorView& tensor : view.tensors) {
    check(tensor.bytes, tensor.name);
    file.parts.push_back({std::move(tensor.name), tensor.dtype, std::move(tensor.shape), std::string(tensor.bytes)});
  }
  return file;
}

const std::string& CheckpointFile::text(const std::string& key) const {
  const auto found = metadata.find(key);
  if (found == metadata.end()) throw Error(fmt::format("[{}] expected \"{}\" among its metadata", where, key));
  return found->second;
}

Options kept_options(const std::string& toml, const std::string& where) try {
  Options options;
  apply_toml(options, toml, where);
  return options;
} catch (const UsageError& error) {
  throw Error(error.what());
}

CheckpointFile read_checkpoint_file(const std::filesystem::path& path) {
  return parse_checkpoint_file(read_file(path), shown(path));
}

}  // namespace ddpg
