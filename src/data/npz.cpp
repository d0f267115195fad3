#include "data/npz.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/field_names.h"
#include "data/npy.h"
#include "support/bytes.h"
#include "support/divergence.h"
#include "support/shown.h"

namespace ddpg {
namespace {

// One array, read row by row.
struct Array {
  Array(const DataFile& file, const ZipMember& given) : member(&given), stream(file, given), rows(stream) {}

  const ZipMember* member;
  ZipStream stream;
  NpyRows rows;
  std::uint64_t row = 0;       // so many were read
  std::vector<double> values;  // of the last one

  void read() {
    rows.read(values.data(), values.size());
    row++;
    for (std::size_t i = 0; i < values.size(); i++)
      if (!finite_as_float(values[i])) fail(i, "a finite number (of 32 bits)");
  }
  bool flag() {
    read();
    if (values[0] != 0 && values[0] != 1) fail(0, "0 or 1");
    return values[0] == 1;
  }
  [[noreturn]] void fail(std::size_t i, std::string_view expected) const {
    const std::string place = values.size() > 1 ? fmt::format("{}, {}", row - 1, i) : fmt::format("{}", row - 1);
    stream.fail(fmt::format("[{}]: expected {}, found {}", place, expected, values[i]));
  }
};

class NpzReader {
 public:
  NpzReader(const DataFile& file, const Specification& specification, TakeTransition take)
      : file_(file), specification_(specification), members_(zip_members(file)), take_(std::move(take)) {}

  DataSummary read() {
    for (const ZipMember& member : members_) open(member);
    check_arrays();
    const bool has_next = array(Field::next_observation) != nullptr;
    Episodes episodes(specification_, has_next, take_);
    const std::uint64_t rows = array(Field::action)->rows.rows();
    for (std::uint64_t i = 0; i < rows; i++) {
      read_row(episodes.row());
      episodes.add(begins_episode());
    }
    if (has_last_observation()) array(Field::observation)->read();
    episodes.end(has_last_observation() ? array(Field::observation)->values : std::vector<double>());
    return episodes.summary();
  }

 private:
  std::unique_ptr<Array>& array(Field field) { return arrays_[static_cast<std::size_t>(field)]; }

  std::uint64_t width_of(Field field) const {
    if (field == Field::observation || field == Field::next_observation)
      return static_cast<std::uint64_t>(specification_.observation_size);
    return field == Field::action ? specification_.action_low.size() : 1;
  }

  // A member is called as its array, with .npy behind.
  void open(const ZipMember& member) {
    std::string_view name = member.name;
    if (!name.ends_with(".npy")) return;
    name.remove_suffix(4);
    const std::optional<FieldName> found = field_name(name);
    if (!found || found->index >= 0) {
      if (const std::string why = why_not_passed_over(name); !why.empty()) file_.fail(why);
      return;
    }
    std::unique_ptr<Array>& place = array(found->field);
    if (place)
      file_.fail(fmt::format("expected one array of that meaning, found {} and {}", printable(place->member->name),
                             printable(member.name)));
    place = std::make_unique<Array>(file_, member);
    const std::uint64_t width = width_of(found->field);
    if (place->rows.width() != width)
      place->stream.fail(fmt::format("expected {} number{} in a row, as {} has, found {}", width, width == 1 ? "" : "s",
                                     specification_.name.empty() ? "the specification" : shown(specification_.name),
                                     place->rows.width()));
    place->values.resize(static_cast<std::size_t>(width));
  }

  void check_arrays() {
    for (const Field field : {Field::observation, Field::action, Field::reward, Field::terminated})
      if (!array(field)) fail_missing(field);
    const std::uint64_t rows = array(Field::action)->rows.rows();
    for (const std::unique_ptr<Array>& found : arrays_) {
      if (!found || found->rows.rows() == rows) continue;
      if (found == array(Field::observation) && has_last_observation()) continue;
      found->stream.fail(fmt::format("expected {} rows, as {} has, found {}", rows,
                                     printable(array(Field::action)->member->name), found->rows.rows()));
    }
    if (!array(Field::next_observation) && !array(Field::truncated) && !array(Field::episode) &&
        !has_last_observation())
      file_.fail(
          "expected an array next_observations, timeouts or episodes, without which nothing says where an episode was "
          "cut");
  }

  [[noreturn]] void fail_missing(Field field) const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min<std::size_t>(members_.size(), 12); i++)
      names.push_back(printable(members_[i].name));
    const bool more = members_.size() > names.size();
    file_.fail(fmt::format("expected an array {}{}, found {}{}", name_of(field),
                           field == Field::terminated ? " (or terminals, terminations)" : "s", fmt::join(names, ", "),
                           more ? ", ..." : ""));
  }

  // One episode as Minari keeps it: an observation more than actions.
  bool has_last_observation() {
    return !array(Field::next_observation) &&
           array(Field::observation)->rows.rows() == array(Field::action)->rows.rows() + 1;
  }

  void read_row(Transition& row) {
    const auto read = [&](Field field) -> const std::vector<double>& {
      array(field)->read();
      return array(field)->values;
    };
    row.observation = read(Field::observation);
    std::ranges::transform(read(Field::action), row.action.begin(), [](double a) { return static_cast<float>(a); });
    row.reward = read(Field::reward)[0];
    if (array(Field::next_observation)) row.next_observation = read(Field::next_observation);
    row.terminated = array(Field::terminated)->flag();
    row.truncated = array(Field::truncated) && array(Field::truncated)->flag();
  }

  bool begins_episode() {
    if (!array(Field::episode)) return false;
    array(Field::episode)->read();
    const double now = array(Field::episode)->values[0];
    const bool another = now != episode_;
    episode_ = now;
    return another;
  }

  const DataFile& file_;
  const Specification& specification_;
  std::vector<ZipMember> members_;
  TakeTransition take_;
  std::array<std::unique_ptr<Array>, kFields> arrays_;
  double episode_ = -1;
};

}  // namespace

DataSummary read_npz(const DataFile& file, const Specification& specification, TakeTransition take) {
  return NpzReader(file, specification, std::move(take)).read();
}

}  // namespace ddpg
