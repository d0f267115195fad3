// The frame of policy.ddpg, a header and sections with checksums: see format.h and docs/policy-format.md.
// Not here: what a section holds (sections.h), and what holds of every policy (check.h).
#include "policy/format.h"

#include <fmt/core.h>

#include "policy/check.h"
#include "policy/sections.h"
#include "support/bytes.h"

namespace ddpg {
namespace {

constexpr std::string_view kMagic = "DDPGPOL\n";
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kSections = 5;
constexpr std::size_t kHeaderSize = 8 + 4 + 4 + 8 + 4;  // magic, version, sections, file size, checksum
constexpr std::size_t kSectionHead = 4 + 8;             // tag, length
constexpr const char* kCopyAgain = "copy the file again from where it was made";

// tag, length of the payload, payload, checksum of all these
template <class Write>
void write_section(ByteWriter& out, std::string_view tag, const Write& write) {
  ByteWriter payload, section;
  write(payload);
  section.raw(tag);
  section.text(payload.bytes());
  section.u32(crc32(section.bytes()));
  out.raw(section.bytes());
}

ByteReader read_section(ByteReader& in, std::string_view tag, std::string_view where) {
  const std::string_view whole = in.rest();
  const std::string_view found = in.raw(4, fmt::format("tag of section {}", tag));
  const std::string_view payload = in.text(fmt::format("section {}", tag));
  const std::uint32_t expected = in.u32(fmt::format("checksum of section {}", tag));
  const std::uint32_t computed = crc32(whole.substr(0, kSectionHead + payload.size()));
  ByteReader section(payload, fmt::format("{}, section {}", where, tag));
  if (computed != expected) {
    section.fail(fmt::format("damaged: expected checksum {:08x}, found {:08x}; {}", expected, computed, kCopyAgain));
  }
  if (found != tag) section.fail(fmt::format("expected this section here, found section {}", printable(found)));
  return section;
}

std::string header(std::size_t size) {
  ByteWriter out;
  out.raw(kMagic);
  out.u32(kVersion);
  out.u32(kSections);
  out.u64(size);
  out.u32(crc32(out.bytes()));
  return out.bytes();
}

// Takes the header off; what follows are the sections.
void read_header(ByteReader& in) {
  const std::string_view whole = in.rest();
  if (whole.substr(0, kMagic.size()) != kMagic.substr(0, whole.size())) {
    in.fail(
        fmt::format("not a policy file: expected it to begin with {}, found {}; ddpg writes such files as policy.ddpg",
                    printable(kMagic), printable(whole.substr(0, kMagic.size()))));
  }
  if (whole.size() < kHeaderSize) {
    in.fail(fmt::format("truncated: expected at least {} bytes, found {}; {}", kHeaderSize, whole.size(), kCopyAgain));
  }
  in.raw(kMagic.size(), "magic");
  const std::uint32_t version = in.u32("version");
  const std::uint32_t sections = in.u32("number of sections");
  const std::uint64_t size = in.u64("file size");
  const std::uint32_t expected = in.u32("checksum");
  const std::uint32_t computed = crc32(whole.substr(0, kHeaderSize - 4));
  if (computed != expected) {
    in.fail(fmt::format("damaged header: expected checksum {:08x}, found {:08x}; {}", expected, computed, kCopyAgain));
  }
  if (version > kVersion) {
    in.fail(
        fmt::format("written by a newer ddpg: expected format version {}, found {}; update ddpg", kVersion, version));
  }
  if (version != kVersion) in.fail(fmt::format("expected format version {}, found {}", kVersion, version));
  if (whole.size() < size) {
    in.fail(fmt::format("truncated: expected {} bytes, found {}; {}", size, whole.size(), kCopyAgain));
  }
  if (whole.size() > size) {
    in.fail(fmt::format("trailing bytes: expected {} bytes, found {}; {}", size, whole.size(), kCopyAgain));
  }
  if (sections != kSections) in.fail(fmt::format("expected {} sections, found {}", kSections, sections));
}

}  // namespace

std::string encode_policy(const Policy::Content& content, std::string_view where) {
  check_content(content, where);
  ByteWriter sections;
  write_section(sections, kProvenanceSection, [&](ByteWriter& out) { write_provenance(out, content.provenance); });
  write_section(sections, kNetworkSection, [&](ByteWriter& out) { write_network(out, content.shape); });
  write_section(sections, kBoundsSection, [&](ByteWriter& out) { write_bounds(out, content); });
  write_section(sections, kNormaliserSection, [&](ByteWriter& out) { write_normaliser(out, content); });
  write_section(sections, kWeightsSection, [&](ByteWriter& out) { write_weights(out, content.tensors); });
  return header(kHeaderSize + sections.bytes().size()) + sections.bytes();
}

Policy::Content decode_policy(std::string_view bytes, std::string_view where) {
  ByteReader in(bytes, std::string(where));
  read_header(in);
  Policy::Content content;
  content.provenance = read_provenance(read_section(in, kProvenanceSection, where));
  content.shape = read_network(read_section(in, kNetworkSection, where));
  check_network(content.shape, where);  // before a size of the file is used
  read_bounds(read_section(in, kBoundsSection, where), content);
  read_normaliser(read_section(in, kNormaliserSection, where), content);
  content.tensors = read_weights(read_section(in, kWeightsSection, where), content.shape, where);
  in.expect_end();
  check_content(content, where);
  return content;
}

}  // namespace ddpg
