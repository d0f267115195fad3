// ddpg act: one observation a line in, one action a line out, flushed line by line, for programs in any language.
#include <ddpg_policy.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "ddpg/error.h"
#include "program/line_reader.h"
#include "program/output.h"
#include "program/policy_file.h"
#include "program/verbs.h"
#include "record/text.h"
#include "support/bytes.h"
#include "support/decimal.h"
#include "support/divergence.h"
#include "support/json.h"

namespace ddpg::cli {

namespace {

// What is wrong with a line, without its number.
struct WrongLine {
  std::string message;
};

constexpr std::string_view kBlank = " \t", kReset = "reset";

bool is_json(std::string_view line) {
  const std::size_t first = line.find_first_not_of(kBlank);
  return first != std::string_view::npos && (line[first] == '[' || line[first] == '{');
}

double number(std::string_view word, std::size_t place) {
  const std::optional<double> value = read_real(word);
  if (!value) throw WrongLine{fmt::format("number {}: expected a number, found {}", place, printable(word))};
  if (!finite_as_float(*value))
    throw WrongLine{fmt::format("number {}: expected a finite number (of 32 bits), found {}", place, printable(word))};
  return *value;
}

// Numbers between blanks, or between commas, each of which separates two.
std::vector<double> from_words(std::string_view line) {
  std::vector<double> values;
  while (true) {
    const std::size_t begin = line.find_first_not_of(kBlank);
    if (begin == std::string_view::npos && values.empty()) return values;
    line.remove_prefix(std::min(begin, line.size()));
    const std::size_t end = std::min(line.find_first_of(" \t,"), line.size());
    values.push_back(number(line.substr(0, end), values.size() + 1));
    line.remove_prefix(end);
    const std::size_t next = line.find_first_not_of(kBlank);
    if (next == std::string_view::npos) return values;
    line.remove_prefix(line[next] == ',' ? next + 1 : next);
  }
}

std::vector<double> from_json(std::string_view line) {
  Json array;
  try {
    array = parse_json(line, "line");
  } catch (const Error&) {
    throw WrongLine{fmt::format("expected a JSON array, found {}", printable(line))};
  }
  if (!array.is_array()) throw WrongLine{fmt::format("expected a JSON array, found a JSON {}", array.type_name())};
  std::vector<double> values;
  for (const Json& element : array.elements()) {
    const std::size_t place = values.size() + 1;
    if (!element.is_number())
      throw WrongLine{fmt::format("number {}: expected a number, found a JSON {}", place, element.type_name())};
    values.push_back(element.number());
    if (!finite_as_float(values.back()))
      throw WrongLine{fmt::format("number {}: expected a finite number (of 32 bits), found {}", place, element.dump())};
  }
  return values;
}

// The answer to one line, in the form in which it was asked.
std::string answer(deploy::Policy& policy, std::string_view line, std::vector<float>& action) {
  if (line == kReset) {
    policy.reset();
    return fmt::format("{}\n", kReset);
  }
  const bool json = is_json(line);
  const std::vector<double> observation = json ? from_json(line) : from_words(line);
  if (observation.size() != static_cast<std::size_t>(policy.sensor_size()))
    throw WrongLine{fmt::format("expected {}, found {}", counted(policy.sensor_size(), "number"), observation.size())};
  const deploy::Code code = policy.play(std::span<const double>(observation), action);
  if (code != deploy::Code::ok) throw WrongLine{deploy::text(code)};
  const bool commas = line.find(',') != std::string_view::npos;
  const std::string numbers = fmt::format("{}", fmt::join(action, json ? ", " : commas ? "," : " "));
  return json ? "[" + numbers + "]\n" : numbers + "\n";
}

std::string wrong_answer(std::int64_t line_number, std::string_view line, const WrongLine& wrong) {
  if (!is_json(line)) return fmt::format("error: line {}: {}\n", line_number, wrong.message);
  const Json object = {{"error", wrong.message}, {"line", line_number}};
  return object.dump_ascii() + "\n";
}

// Each number may have its double's 17 digits three times over; what is longer is no observation.
std::size_t longest_line(const deploy::Policy& policy) {
  return 65'536 + 64 * static_cast<std::size_t>(policy.sensor_size());
}

std::string too_long(const deploy::Policy& policy) {
  return fmt::format("expected {} in at most {} bytes, found a longer line", counted(policy.sensor_size(), "number"),
                     longest_line(policy));
}

deploy::Policy load(const std::string& file) {
  deploy::Policy policy;
  const deploy::Status loaded = policy.load(file.c_str());
  if (!loaded) throw Error(loaded.message);
  const deploy::Status verified = policy.verify();
  if (!verified && verified.code != deploy::Code::no_checks) throw Error(fmt::format("{}: {}", file, verified.message));
  return policy;
}

int run_act(const std::string& target, const Common& common) {
  const std::string file = policy_file(target, "act").string();
  deploy::Policy policy = load(file);
  std::vector<float> action(static_cast<std::size_t>(policy.action_size()));
  std::int64_t count = 0, wrong = 0, first_wrong = 0;
  LineReader lines(longest_line(policy));
  for (std::string_view line; lines.next(line);) {
    count++;
    try {
      if (lines.too_long()) throw WrongLine{too_long(policy)};
      print(answer(policy, line, action));
    } catch (const WrongLine& found) {
      print(wrong_answer(count, line, found));
      if (wrong++ == 0) first_wrong = count;
    }
    flush_output();
  }
  if (common.json) print_json({{"policy", file}, {"lines", count}, {"wrong_lines", wrong}});
  if (wrong == 0) return kDone;
  print_message(
      fmt::format("{} of {} were wrong, the first of them line {}", wrong, counted(count, "line"), first_wrong));
  return kFailed;
}

}  // namespace

Run add_act(Flags& flags) {
  const auto target = std::make_shared<std::string>();
  add_target(flags, *target);
  flags.footer(
      "Reads one observation a line from standard input, numbers or a JSON array, and answers each line with one. "
      "Where\n"
      "the policy carries wrappers, a line `reset` begins an episode:\n"
      "  echo 1 0 0.5 | ddpg act runs/Pendulum-v1/default-seed0\n"
      "  echo [1, 0, 0.5] | ddpg act runs/Pendulum-v1/default-seed0");
  return [target](const Common& common) { return run_act(*target, common); };
}

}  // namespace ddpg::cli
