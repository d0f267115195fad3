// The frame of policy.ddpg, a header and sections with checksums: see format.h and docs/policy-format.md.
// Not here: what a section holds (sections.h), and what is read (src/deploy/reader.h).
#include "policy/format.h"

#include <fmt/core.h>

#include "ddpg/error.h"
#include "deploy/reader.h"
#include "policy/check.h"
#include "policy/convert.h"
#include "policy/sections.h"
#include "support/bytes.h"

namespace ddpg {
namespace {

using deploy::kHeaderSize, deploy::kSections;

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

std::string header(std::uint32_t version, std::uint32_t count, std::size_t size) {
  ByteWriter out;
  out.raw(deploy::kMagic);
  out.u32(version);
  out.u32(count);
  out.u64(size);
  out.u32(crc32(out.bytes()));
  return out.bytes();
}

void read(std::string_view bytes, std::string_view where, deploy::PolicyView& view) {
  deploy::Failure failure;
  if (deploy::read_policy(bytes, view, failure)) return;
  const std::string_view section = failure.section;
  throw Error(fmt::format("[{}{}{}] {}", where, section.empty() ? "" : ", section ", section, failure.text));
}

}  // namespace

std::string encode_policy(const Policy::Content& content, std::string_view where) {
  check_structure(content, where);
  ByteWriter sections;
  write_section(sections, kProvenanceSection, [&](ByteWriter& out) { write_provenance(out, content.provenance); });
  write_section(sections, kNetworkSection, [&](ByteWriter& out) { write_network(out, content.body); });
  write_section(sections, kBoundsSection, [&](ByteWriter& out) { write_bounds(out, content); });
  write_section(sections, kNormaliserSection, [&](ByteWriter& out) { write_normaliser(out, content); });
  write_section(sections, kWeightsSection, [&](ByteWriter& out) { write_weights(out, content.tensors); });
  write_section(sections, kSpecificationSection, [&](ByteWriter& out) { write_specification(out, content); });
  write_section(sections, kChecksSection, [&](ByteWriter& out) { write_checks(out, content); });
  const bool wrapped = !content.wrappers.empty();
  if (wrapped)
    write_section(sections, kWrappersSection, [&](ByteWriter& out) { write_wrappers(out, content.wrappers); });
  const std::vector<ModelFile>& model = content.provenance.model;
  if (!model.empty()) write_section(sections, kModelSection, [&](ByteWriter& out) { write_model(out, model); });
  std::string bytes =  // any ddpg that can read a policy is to take it, so that only what needs a version has it
      header(wrapped ? deploy::kFormatVersion : deploy::kPlainVersion,
             kSections + (wrapped ? 1 : 0) + (model.empty() ? 0 : 1), kHeaderSize + sections.bytes().size());
  bytes += sections.bytes();
  deploy::PolicyView ignored;
  read(bytes, where, ignored);  // nothing is written that would not be read
  return bytes;
}

Policy::Content decode_policy(std::string_view bytes, std::string_view where) {
  deploy::PolicyView view;
  read(bytes, where, view);
  return content_of(view);
}

}  // namespace ddpg
