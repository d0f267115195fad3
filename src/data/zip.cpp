#include "data/zip.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "ddpg/error.h"
#include "support/bytes.h"

namespace ddpg {
namespace {

constexpr std::uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50;
constexpr std::uint32_t kEnd64 = 0x06064b50, kLocator64 = 0x07064b50;
constexpr std::size_t kLocalSize = 30, kEndSize = 22, kEnd64Size = 56, kLocatorSize = 20;
constexpr std::size_t kLongestComment = 65'535, kLongestDirectory = 1 << 24;
constexpr std::uint32_t kElsewhere = 0xffffffff;  // the number stands in an extra field of zip64
constexpr std::size_t kZipPiece = 1 << 16;

// Numbers of a record, little-endian; the record was read whole.
std::uint64_t number(std::string_view bytes, std::size_t at, int size) {
  std::uint64_t value = 0;
  for (int i = 0; i < size; i++)
    value |= std::uint64_t{static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)])} << 8 * i;
  return value;
}

struct Directory {
  std::uint64_t begin = 0, size = 0, members = 0;
};

// What the end of the file says of the list of its members.
Directory find_directory(const DataFile& file) {
  const std::size_t tail_size = std::min<std::uint64_t>(file.size(), kLongestComment + kEndSize);
  const std::string tail = file.piece(file.size() - tail_size, tail_size);
  std::size_t at = tail.size() < kEndSize ? std::string::npos : tail.size() - kEndSize;
  while (at != std::string::npos && number(tail, at, 4) != kEnd) at = at == 0 ? std::string::npos : at - 1;
  if (at == std::string::npos)
    file.fail("expected a zip archive, which a file *.npz is, found none; it is another file, or was cut off");
  const std::uint64_t end = file.size() - tail_size + at;
  Directory directory{number(tail, at + 16, 4), number(tail, at + 12, 4), number(tail, at + 10, 2)};
  if (number(tail, at + 4, 2) != 0 && number(tail, at + 4, 2) != 0xffff)
    file.fail("expected an archive in one file, found one of several disks");
  const std::string locator = end >= kLocatorSize ? file.piece(end - kLocatorSize, kLocatorSize) : "";
  if (locator.empty() || number(locator, 0, 4) != kLocator64) return directory;
  const std::string record = file.piece(number(locator, 8, 8), kEnd64Size);
  if (record.size() != kEnd64Size || number(record, 0, 4) != kEnd64)
    file.fail("expected a record of zip64 where its locator points, found none; the file is damaged");
  return {number(record, 48, 8), number(record, 40, 8), number(record, 32, 8)};
}

// The numbers of 64 bits in the extra field, in the order of those that are elsewhere.
void take_zip64(const DataFile& file, std::string_view extra, ZipMember& member) {
  std::uint64_t* const wanted[] = {&member.size, &member.compressed, &member.begin};
  while (extra.size() >= 4) {
    const std::uint64_t id = number(extra, 0, 2), size = number(extra, 2, 2);
    extra.remove_prefix(4);
    if (size > extra.size()) break;
    std::string_view field = extra.substr(0, size);
    extra.remove_prefix(size);
    if (id != 1) continue;
    for (std::uint64_t* value : wanted) {
      if (*value != kElsewhere) continue;
      if (field.size() < 8) file.fail("a member's sizes are missing; the file is damaged");
      *value = number(field, 0, 8);
      field.remove_prefix(8);
    }
    return;
  }
}

ZipMember read_member(const DataFile& file, ByteReader& in) {
  constexpr std::size_t kCentralSize = 46;
  const std::string_view head = in.raw(kCentralSize, "list of its members");
  if (number(head, 0, 4) != kCentral) file.fail("its list of members is damaged");
  const std::uint64_t flags = number(head, 8, 2), method = number(head, 10, 2);
  ZipMember member{std::string(in.raw(number(head, 28, 2), "name of a member")),
                   number(head, 42, 4),
                   number(head, 20, 4),
                   number(head, 24, 4),
                   static_cast<std::uint32_t>(number(head, 16, 4)),
                   method == 8};
  take_zip64(file, in.raw(number(head, 30, 2), "a member"), member);
  in.raw(number(head, 32, 2), "comment of a member");
  const auto refuse = [&](const char* expected) {
    file.fail(fmt::format("{}: expected a member that is {}", printable(member.name), expected));
  };
  if (flags & 1) refuse("not encrypted");
  if (method != 0 && method != 8) refuse("stored or deflated, as NumPy writes them");
  if (!member.deflated && member.compressed != member.size) refuse("as long as its bytes; the file is damaged");
  if (member.begin > file.size() || member.compressed > file.size() - member.begin)
    refuse("within the file; it was cut off");
  return member;
}

}  // namespace

std::vector<ZipMember> zip_members(const DataFile& file) {
  const Directory directory = find_directory(file);
  if (directory.size > kLongestDirectory || directory.begin > file.size() ||
      directory.size > file.size() - directory.begin)
    file.fail("its list of members is damaged: it does not lie within the file");
  const std::string bytes = file.piece(directory.begin, static_cast<std::size_t>(directory.size));
  ByteReader in(bytes, file.name());
  std::vector<ZipMember> members;
  for (std::uint64_t i = 0; i < directory.members; i++) members.push_back(read_member(file, in));
  return members;
}

ZipStream::ZipStream(const DataFile& file, const ZipMember& member) : file_(file), member_(member), left_(member.size) {
  const std::string head = file.piece(member.begin, kLocalSize);
  if (head.size() != kLocalSize || number(head, 0, 4) != kLocal) fail("its header is damaged");
  place_ = member.begin + kLocalSize + number(head, 26, 2) + number(head, 28, 2);
  if (place_ > file.size() || member.compressed > file.size() - place_) fail("it was cut off");
  end_ = place_ + member.compressed;
  try {
    if (member.deflated) inflater_.emplace();
  } catch (const Error& error) {
    fail(error.what());
  }
}

void ZipStream::fail(std::string_view what) const {
  file_.fail(fmt::format("{}: {}", printable(member_.name), what));
}

void ZipStream::read(char* to, std::size_t size) {
  if (size > left_) fail(fmt::format("expected {} bytes more, found {}", size, left_));
  for (std::size_t done = 0; done < size;) {
    if (taken_ == read_.size() && place_ < end_) {
      read_ = file_.piece(place_, static_cast<std::size_t>(std::min<std::uint64_t>(kZipPiece, end_ - place_)));
      place_ += read_.size();
      taken_ = 0;
    }
    done += inflate(to + done, size - done);
  }
  checksum_ = crc32({to, size}, checksum_);
  left_ -= size;
  if (left_ == 0 && size > 0 && checksum_ != member_.checksum)
    fail(fmt::format("it is damaged: expected checksum {:08x}, found {:08x}", member_.checksum, checksum_));
}

// Some of the bytes asked for, at least one.
std::size_t ZipStream::inflate(char* to, std::size_t size) try {
  const std::string_view here = std::string_view(read_).substr(taken_);
  if (!inflater_) {
    const std::size_t count = std::min(size, here.size());
    if (count == 0) throw Error("it is shorter than it says");
    std::memcpy(to, here.data(), count);
    taken_ += count;
    return count;
  }
  const Inflater::Piece piece = inflater_->inflate(here, to, size);
  taken_ += piece.taken;
  const bool stuck = piece.made == 0 && (piece.ended || (piece.taken == 0 && place_ == end_));
  if (stuck) throw Error("it is shorter than it says");
  return piece.made;
} catch (const Error& error) {
  fail(error.what());
}

}  // namespace ddpg
