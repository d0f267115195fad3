#include "data/csv.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "data/csv_lines.h"
#include "data/field_names.h"
#include "support/bytes.h"
#include "support/decimal.h"
#include "support/divergence.h"
#include "support/shown.h"

namespace ddpg {
namespace {

constexpr int kNone = -1;

class CsvReader {
 public:
  CsvReader(const DataFile& file, const Specification& specification, TakeTransition take)
      : file_(file), specification_(specification), lines_(file), take_(std::move(take)) {}

  DataSummary read() {
    read_names();
    const bool has_next = has(Field::next_observation);
    Episodes episodes(specification_, has_next, take_);
    while (lines_.next()) {
      check_count();
      Transition& row = episodes.row();
      read_numbers(Field::observation, row.observation);
      read_numbers(Field::action, row.action);
      row.reward = number(columns(Field::reward)[0]);
      if (has_next) read_numbers(Field::next_observation, row.next_observation);
      row.terminated = flag(Field::terminated);
      row.truncated = flag(Field::truncated);
      episodes.add(begins_episode());
    }
    episodes.end();
    return episodes.summary();
  }

 private:
  std::vector<int>& columns(Field field) { return columns_[static_cast<std::size_t>(field)]; }
  bool has(Field field) { return !columns(field).empty(); }

  std::size_t size_of(Field field) const {
    if (field == Field::observation || field == Field::next_observation)
      return static_cast<std::size_t>(specification_.observation_size);
    return field == Field::action ? specification_.action_low.size() : 1;
  }

  void read_names() {
    if (!lines_.next()) file_.fail("expected a line with the names of the columns, found an empty file");
    names_ = lines_.fields();
    for (std::size_t column = 0; column < names_.size(); column++) place_column(static_cast<int>(column));
    for (const Field field : {Field::observation, Field::action, Field::reward, Field::terminated}) check_whole(field);
    if (has(Field::next_observation)) check_whole(Field::next_observation);
    if (has(Field::next_observation) || has(Field::truncated) || has(Field::episode)) return;
    lines_.fail(
        "expected columns next_observation_0, ..., or one named truncated or episode, without which nothing says where "
        "an episode was cut");
  }

  void place_column(int column) {
    const std::string& name = names_[static_cast<std::size_t>(column)];
    const std::optional<FieldName> found = field_name(name);
    if (!found) {
      if (const std::string why = why_not_passed_over(name); !why.empty())
        lines_.fail(fmt::format("column {}: {}", column + 1, why));
      return;
    }
    const std::size_t size = size_of(found->field);
    const auto index = static_cast<std::size_t>(std::max(0, found->index));
    if (index >= size || (found->index < 0 && size > 1))
      lines_.fail(
          fmt::format("column {}: expected {}, found {}", column + 1, expected_names(found->field), printable(name)));
    columns(found->field).resize(size, kNone);
    int& place = columns(found->field)[index];
    if (place != kNone)
      lines_.fail(fmt::format("column {}: {} is what column {} is already", column + 1, printable(name), place + 1));
    place = column;
  }

  std::string expected_names(Field field) const {
    const std::size_t size = size_of(field);
    if (size == 1) return name_of(field);
    return fmt::format("{0}_0 to {0}_{1}, the {2} numbers of {3}", name_of(field), size - 1, size,
                       specification_.name.empty() ? "the specification" : shown(specification_.name));
  }

  void check_whole(Field field) {
    const std::vector<int>& found = columns(field);
    if (!found.empty() && std::find(found.begin(), found.end(), kNone) == found.end()) return;
    std::vector<std::string> shown_names;
    for (std::size_t i = 0; i < std::min<std::size_t>(names_.size(), 12); i++)
      shown_names.push_back(shown(names_[i].substr(0, 40)));
    const std::string missing = found.empty() || size_of(field) == 1
                                    ? ""
                                    : fmt::format(" ({}_{} is missing)", name_of(field),
                                                  std::find(found.begin(), found.end(), kNone) - found.begin());
    lines_.fail(fmt::format("expected columns {}{}, found {}{}", expected_names(field), missing,
                            fmt::join(shown_names, ", "), names_.size() > shown_names.size() ? ", ..." : ""));
  }

  void check_count() {
    if (lines_.fields().size() != names_.size())
      lines_.fail(fmt::format("expected {} fields, as the first line has names, found {}", names_.size(),
                              lines_.fields().size()));
  }

  [[noreturn]] void fail(int column, std::string_view expected) const {
    const auto i = static_cast<std::size_t>(column);
    lines_.fail(fmt::format("column {}, {}: expected {}, found {}", column + 1, shown(names_[i]), expected,
                            printable(lines_.fields()[i])));
  }

  double number(int column) const {
    const auto value = read_real(lines_.fields()[static_cast<std::size_t>(column)]);
    if (!value || !finite_as_float(*value)) fail(column, "a finite number (of 32 bits)");
    return *value;
  }

  template <class Number>
  void read_numbers(Field field, std::vector<Number>& numbers) {
    const std::vector<int>& from = columns(field);
    for (std::size_t i = 0; i < from.size(); i++) numbers[i] = static_cast<Number>(number(from[i]));
  }

  bool flag(Field field) {
    if (!has(field)) return false;
    const int column = columns(field)[0];
    const std::string& text = lines_.fields()[static_cast<std::size_t>(column)];
    if (text == "true" || text == "True" || text == "TRUE") return true;
    if (text == "false" || text == "False" || text == "FALSE") return false;
    const auto value = read_real(text);
    if (!value || (*value != 0 && *value != 1)) fail(column, "0, 1, true or false");
    return *value == 1;
  }

  bool begins_episode() {
    if (!has(Field::episode)) return false;
    const std::string& now = lines_.fields()[static_cast<std::size_t>(columns(Field::episode)[0])];
    const bool another = now != episode_;
    episode_ = now;
    return another;
  }

  const DataFile& file_;
  const Specification& specification_;
  CsvLines lines_;
  TakeTransition take_;
  std::vector<std::string> names_;
  std::array<std::vector<int>, kFields> columns_;  // of each field's numbers; empty: the file has none
  std::string episode_;
};

}  // namespace

DataSummary read_csv(const DataFile& file, const Specification& specification, TakeTransition take) {
  return CsvReader(file, specification, std::move(take)).read();
}

}  // namespace ddpg
