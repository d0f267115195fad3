// Writing and reading one checkpoint file: see checkpoint_file.h.
#include "run/checkpoint_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "ddpg/error.h"
#include "support/bytes.h"

namespace ddpg {
namespace {

constexpr std::uint64_t kLargestHeader = 100'000'000;  // the format's own limit
constexpr const char* kChecksums = "checksums";

// u64 length, JSON, spaces up to a multiple of 8.
std::string make_header(const std::vector<CheckpointFileWriter::Form>& forms, const CheckpointMetadata& metadata) {
  nlohmann::ordered_json header;
  header["__metadata__"] = metadata;
  std::uint64_t place = 0;
  for (const auto& form : forms) {
    header[form.name] = {{"dtype", form.type}, {"shape", form.shape}, {"data_offsets", {place, place + form.bytes}}};
    place += form.bytes;
  }
  std::string json = header.dump();
  json.resize((json.size() + 7) / 8 * 8, ' ');
  ByteWriter bytes;
  bytes.text(json);
  return bytes.bytes();
}

std::uint64_t size_of(const std::string& type) {
  if (type == "F32" || type == "U32") return 4;
  if (type == "F64" || type == "I64" || type == "U64") return 8;
  return type == "U8" ? 1 : 0;
}

std::uint64_t bytes_of(const std::string& type, const std::vector<std::int64_t>& shape, const ByteReader& in) {
  std::uint64_t bytes = size_of(type);
  if (bytes == 0) in.fail(fmt::format("a tensor of type {}, which no checkpoint has", printable(type)));
  for (const std::int64_t size : shape) {
    if (size < 0 || (size > 0 && bytes > std::numeric_limits<std::int64_t>::max() / static_cast<std::uint64_t>(size)))
      in.fail("a tensor with a size that cannot be");
    bytes *= static_cast<std::uint64_t>(size);
  }
  return bytes;
}

// The tensors that the header names, in their order, which must fill `data` without gaps.
std::vector<SnapshotPart> read_parts(const nlohmann::ordered_json& header, std::string_view data,
                                     const ByteReader& in) {
  std::vector<SnapshotPart> parts;
  std::uint64_t place = 0;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") continue;
    SnapshotPart part{
        name, entry.at("dtype").get<std::string>(), entry.at("shape").get<std::vector<std::int64_t>>(), {}};
    const std::uint64_t begin = entry.at("data_offsets").at(0).get<std::uint64_t>();
    const std::uint64_t end = entry.at("data_offsets").at(1).get<std::uint64_t>();
    if (begin != place || end < begin || end > data.size() || end - begin != bytes_of(part.type, part.shape, in))
      in.fail(fmt::format("tensor {} does not lie where it must", printable(name)));
    part.bytes = data.substr(begin, end - begin);
    place = end;
    parts.push_back(std::move(part));
  }
  if (place != data.size()) in.fail(fmt::format("expected {} bytes of tensors, found {}", place, data.size()));
  return parts;
}

void check_checksums(const CheckpointFile& file, std::string_view header, const SnapshotPart& checksums,
                     const ByteReader& in) {
  std::vector<std::uint32_t> found(checksums.bytes.size() / 4);
  std::memcpy(found.data(), checksums.bytes.data(), found.size() * 4);
  if (checksums.type != "U32" || found.size() != file.parts.size() + 1) in.fail("its checksums are not one a tensor");
  const auto check = [&](std::string_view bytes, std::uint32_t expected, const std::string& what) {
    const std::uint32_t computed = crc32(bytes);
    if (computed != expected)
      in.fail(fmt::format("{} is damaged: expected checksum {:08x}, found {:08x}", what, expected, computed));
  };
  check(header, found[0], "its head");
  for (std::size_t i = 0; i < file.parts.size(); i++) check(file.parts[i].bytes, found[i + 1], file.parts[i].name);
}

}  // namespace

CheckpointFileWriter::CheckpointFileWriter(const std::filesystem::path& path, std::vector<Form> forms,
                                           const CheckpointMetadata& metadata)
    : path_(path), pending_(path), stream_(pending_.temporary(), path), forms_(std::move(forms)) {
  const auto count = static_cast<std::int64_t>(forms_.size()) + 1;
  std::vector<Form> all = forms_;
  all.push_back({kChecksums, "U32", {count}, static_cast<std::uint64_t>(count) * 4});
  const std::string header = make_header(all, metadata);
  checksums_.push_back(crc32(header));
  stream_.write(header);
}

void CheckpointFileWriter::write(std::string_view bytes) {
  stream_.write(bytes);
  while (tensor_ < forms_.size()) {
    const std::string_view here = bytes.substr(0, forms_[tensor_].bytes - written_);
    checksum_ = crc32(here, checksum_);
    written_ += here.size();
    bytes.remove_prefix(here.size());
    if (written_ < forms_[tensor_].bytes) return;
    checksums_.push_back(std::exchange(checksum_, 0));
    written_ = 0;
    tensor_++;
  }
}

std::uint32_t CheckpointFileWriter::commit() {
  write({});  // tensors of no bytes at the end
  if (tensor_ != forms_.size()) throw Error("[checkpoints] " + path_.string() + ": fewer bytes than announced");
  ByteWriter bytes;
  for (const std::uint32_t checksum : checksums_) bytes.u32(checksum);
  stream_.write(bytes.bytes());
  stream_.close();
  pending_.commit();
  return crc32(bytes.bytes());
}

const SnapshotPart& CheckpointFile::part(std::string_view name, std::string_view where) const {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const SnapshotPart& p) { return p.name == name; });
  if (found == parts.end()) throw Error(fmt::format("[{}] expected a tensor {}, found none", where, name));
  return *found;
}

CheckpointFile parse_checkpoint_file(std::string_view bytes, const std::string& where) {
  ByteReader in(bytes, where);
  const std::uint64_t length = in.u64("length of the head");
  if (length > kLargestHeader) in.fail("its head says that it is larger than 100 MB; the file is damaged");
  const std::string_view json = in.raw(length, "head");
  CheckpointFile file;
  try {
    const auto header = nlohmann::ordered_json::parse(json);
    if (!header.is_object()) in.fail("its head is no JSON object; the file is damaged");
    if (header.contains("__metadata__")) file.metadata = header.at("__metadata__").get<CheckpointMetadata>();
    file.parts = read_parts(header, in.rest(), in);
  } catch (const nlohmann::json::exception& error) {
    in.fail(fmt::format("its head cannot be read, the file is damaged: {}", error.what()));
  }
  if (file.parts.empty() || file.parts.back().name != kChecksums) in.fail("expected the tensor checksums at its end");
  const SnapshotPart checksums = std::move(file.parts.back());
  file.parts.pop_back();
  file.checksum = crc32(checksums.bytes);
  check_checksums(file, bytes.substr(0, 8 + length), checksums, in);
  return file;
}

CheckpointFile read_checkpoint_file(const std::filesystem::path& path) {
  return parse_checkpoint_file(read_file(path), path.string());
}

}  // namespace ddpg
