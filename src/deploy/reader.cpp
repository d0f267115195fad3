// The frame of a policy file, header and sections, and those sections that are read in a few lines. The network and its
// weights: reader_network.cpp.
#include "deploy/reader.h"

#include <cinttypes>
#include <cmath>

#include "deploy/reader_network.h"

namespace ddpg::deploy {
namespace {

constexpr std::size_t kSectionHead = 4 + 8;  // tag, length
constexpr const char* kCopyAgain = "copy the file again from where it was made";

// The task's model may come beside them.
std::uint32_t fewest_sections(std::uint32_t version) noexcept {
  return version == 1 ? kSections - 2 : version >= 4 ? kSections + 1 : kSections;
}

// Takes the header off; what follows are the sections. Gives the version, 0 after a failure.
std::uint32_t read_header(Cursor& in, std::uint32_t& sections) noexcept {
  const std::string_view whole = in.rest();
  Failure& failure = in.failure();
  if (whole.substr(0, kMagic.size()) != kMagic.substr(0, whole.size())) {
    failure.set(Code::not_a_policy, "",
                "not a policy file: expected it to begin with %s, found %s; ddpg writes such files as policy.ddpg",
                Printable(kMagic).text, Printable(whole.substr(0, kMagic.size())).text);
    return 0;
  }
  if (whole.size() < kHeaderSize)
    failure.set(Code::truncated, "", "truncated: expected at least %zu bytes, found %zu; %s", kHeaderSize, whole.size(),
                kCopyAgain);
  in.raw(kMagic.size(), "magic");
  const std::uint32_t version = in.u32("version");
  sections = in.u32("number of sections");
  const std::uint64_t size = in.u64("file size"), found = whole.size();
  const std::uint32_t expected = in.u32("checksum"), computed = crc32(whole.substr(0, kHeaderSize - 4));
  if (computed != expected)
    failure.set(Code::damaged, "", "damaged header: expected checksum %08" PRIx32 ", found %08" PRIx32 "; %s", expected,
                computed, kCopyAgain);
  if (version > kFormatVersion)
    failure.set(Code::too_new, "",
                "written by a newer ddpg: expected format version 1 to %" PRIu32 ", found %" PRIu32 "; update ddpg",
                kFormatVersion, version);
  if (version < 1)
    failure.set(Code::invalid, "", "expected format version 1 to %" PRIu32 ", found %" PRIu32, kFormatVersion, version);
  if (found < size)
    failure.set(Code::truncated, "", "truncated: expected %" PRIu64 " bytes, found %" PRIu64 "; %s", size, found,
                kCopyAgain);
  if (found > size)
    failure.set(Code::damaged, "", "trailing bytes: expected %" PRIu64 " bytes, found %" PRIu64 "; %s", size, found,
                kCopyAgain);
  const std::uint32_t fewest = fewest_sections(version), most = version >= 3 ? fewest + 1 : fewest;
  if (sections < fewest || sections > most)
    failure.set(Code::invalid, "", "expected %" PRIu32 "%s sections, found %" PRIu32, fewest,
                most == fewest ? ""
                : version == 3 ? " or 8"
                               : " or 9",
                sections);
  return in.ok() ? version : 0;
}

// The payload of the next section, which must be the one with this tag.
Cursor read_section(Cursor& in, const char* tag) noexcept {
  const std::string_view whole = in.rest();
  const std::string_view found = in.raw(4, "the tag of a section");
  const std::string_view payload = in.text("a section");
  const std::uint32_t expected = in.u32("the checksum of a section");
  if (!in.ok()) return {{}, tag, in.failure()};
  const std::uint32_t computed = crc32(whole.substr(0, kSectionHead + payload.size()));
  if (computed != expected)
    in.failure().set(Code::damaged, tag, "damaged: expected checksum %08" PRIx32 ", found %08" PRIx32 "; %s", expected,
                     computed, kCopyAgain);
  if (found != tag)
    in.failure().set(Code::invalid, tag, "expected this section here, found section %s", Printable(found).text);
  return {payload, tag, in.failure()};
}

void read_settings(Cursor& in, PolicyView& view) noexcept {
  view.settings = in.count(1, "settings");
  const std::string_view start = in.rest();
  std::string_view last;
  for (std::uint64_t i = 0; i < view.settings && in.ok(); i++) {
    const SettingView setting = read_setting(in);
    if (i > 0 && setting.name <= last)
      in.failure().set(Code::invalid, in.section(),
                       "expected settings in ascending order of their names, found %s after %s",
                       Printable(setting.name).text, Printable(last).text);
    last = setting.name;
  }
  view.settings_bytes = start.substr(0, start.size() - in.rest().size());
}

void read_provenance(Cursor in, PolicyView& view) noexcept {
  view.environment = in.text("name of the environment");
  read_settings(in, view);
  view.preset = in.text("name of the preset");
  view.seed = in.u64("seed");
  view.step = static_cast<std::int64_t>(in.u64("step"));
  view.mean_return = in.record("mean return");
  view.ddpg_version = in.text("version of ddpg");
  in.expect_end();
  if (view.step < 0) in.failure().set(Code::invalid, in.section(), "step: expected >= 0, found %" PRId64, view.step);
}

// Names or units of `size` things: all of them, or none.
TextList read_texts(Cursor& in, int size, const char* what) noexcept {
  TextList list;
  list.count = in.count(8, what);
  if (in.ok() && list.count != 0 && list.count != static_cast<std::uint64_t>(size))
    in.failure().set(Code::invalid, in.section(), "%s: expected %d or none, found %" PRIu64, what, size, list.count);
  const std::string_view start = in.rest();
  for (std::uint64_t i = 0; i < list.count && in.ok(); i++) in.text(what);
  list.bytes = reinterpret_cast<const unsigned char*>(start.data());
  list.size = start.size() - in.rest().size();
  return list;
}

void read_specification(Cursor in, PolicyView& view) noexcept {
  view.time_limit = in.size("time limit");
  view.control_period = in.f64("control period");
  if (in.ok() && !(std::isfinite(view.control_period) && !std::signbit(view.control_period)))
    in.failure().set(Code::invalid, in.section(), "control period: expected a finite number >= 0, found %g",
                     view.control_period);
  view.observation_names = read_texts(in, view.observation_size, "names of observations");
  view.observation_units = read_texts(in, view.observation_size, "units of observations");
  view.action_names = read_texts(in, view.action_size, "names of actions");
  view.action_units = read_texts(in, view.action_size, "units of actions");
  in.expect_end();
}

void read_checks(Cursor in, PolicyView& view) noexcept {
  view.checks = in.u64("number of check pairs");
  if (view.checks > kMostChecks) {
    in.failure().set(Code::invalid, in.section(), "number of check pairs: expected at most %" PRIu64 ", found %" PRIu64,
                     kMostChecks, view.checks);
    return;
  }
  const std::uint64_t observations = view.checks * static_cast<std::uint64_t>(view.observation_size);
  const std::uint64_t actions = view.checks * static_cast<std::uint64_t>(view.action_size);
  view.check_observations = in.floats(observations, "observations of check pairs");
  view.check_actions = in.floats(actions, "actions of check pairs");
  in.expect_end();
  expect_finite(in, view.check_observations, observations, "observation of a check pair");
  expect_finite(in, view.check_actions, actions, "action of a check pair");
}

void read_wrappers(Cursor in, PolicyView& view) noexcept {
  const std::uint64_t count = in.count(1, "wrappers");
  if (in.ok() && (count < 1 || count > kMostWrappers))
    in.failure().set(Code::invalid, in.section(), "wrappers: expected 1 to %d, found %" PRIu64, kMostWrappers, count);
  for (std::uint64_t i = 0; i < count && in.ok(); i++) {
    CarriedWrapper& wrapper = view.wrapper_list[i];
    const std::uint8_t kind = in.u8("kind of a wrapper");
    if (kind >= kWrapperKinds)
      in.failure().set(Code::invalid, in.section(), "kind of a wrapper: expected 0 to %d, found %d", kWrapperKinds - 1,
                       kind);
    if (!in.ok()) return;
    wrapper.kind = static_cast<WrapperKind>(kind);
    if (wrapper.kind == WrapperKind::low_pass)
      wrapper.share = in.f64("share of a low-pass");
    else
      wrapper.count = in.size("number of a wrapper");
    const char* fault = in.ok() ? fault_of(wrapper) : nullptr;
    if (fault != nullptr) in.failure().set(Code::invalid, in.section(), "%s", fault);
  }
  if (!in.ok()) return;
  view.wrappers_count = static_cast<int>(count);
  if (view.sensor_size() < 1)
    in.failure().set(Code::invalid, in.section(),
                     "expected wrappers that make %d numbers of an observation with fewer, found others",
                     view.observation_size);
  in.expect_end();
}

void read_model(Cursor in, PolicyView& view) noexcept {
  view.model_files = in.count(12, "files");
  const std::string_view start = in.rest();
  if (in.ok() && view.model_files == 0)
    in.failure().set(Code::invalid, in.section(), "expected files, found none; such a policy has no such section");
  for (std::uint64_t i = 0; i < view.model_files && in.ok(); i++) read_model_file(in);
  view.model_bytes = start.substr(0, start.size() - in.rest().size());
  in.expect_end();
}

}  // namespace

ModelFileView read_model_file(Cursor& in) noexcept {
  ModelFileView file;
  file.name = in.text("name of a file");
  file.checksum = in.u32("checksum of a file");
  return file;
}

SettingView read_setting(Cursor& in) noexcept {
  SettingView setting;
  setting.name = in.text("name of a setting");
  setting.type = in.u8("type of a setting");
  if (setting.type == 0) setting.flag = in.flag("setting");
  if (setting.type == 1) setting.number = in.record("setting");
  if (setting.type == 2) setting.text = in.text("setting");
  if (setting.type == 3) {
    setting.count = in.count(8, "setting");
    setting.numbers = {in.rest().data(), false};
    for (std::uint64_t i = 0; i < setting.count && in.ok(); i++) in.record("setting");
  }
  if (setting.type > 3)
    in.failure().set(Code::invalid, in.section(), "type of a setting: expected 0 to 3, found %d", setting.type);
  return setting;
}

bool read_policy(std::string_view bytes, PolicyView& view, Failure& failure) noexcept {
  view = {};
  Cursor in(bytes, "", failure);
  std::uint32_t sections = 0;
  const std::uint32_t version = read_header(in, sections);
  view.version = static_cast<int>(version);
  if (in.ok()) read_provenance(read_section(in, "PROV"), view);
  if (in.ok()) read_network(read_section(in, "NETW"), view);
  if (in.ok()) read_bounds(read_section(in, "BNDS"), view);
  if (in.ok()) read_normaliser(read_section(in, "NORM"), view);
  if (in.ok()) read_weights(read_section(in, "WGTS"), view);
  if (in.ok() && version >= 2) read_specification(read_section(in, "SPEC"), view);
  if (in.ok() && version >= 2) read_checks(read_section(in, "CHCK"), view);
  if (in.ok() && version >= 4) read_wrappers(read_section(in, "WRAP"), view);
  if (in.ok() && sections > fewest_sections(version)) read_model(read_section(in, "MODL"), view);
  in.expect_end();
  return in.ok();
}

}  // namespace ddpg::deploy
