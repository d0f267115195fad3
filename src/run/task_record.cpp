#include "run/task_record.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "ddpg/error.h"
#include "envs/source_files.h"
#include "support/bytes.h"
#include "support/files.h"
#include "support/json.h"
#include "support/paths.h"
#include "support/shown.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestKept = 1u << 18;  // bytes of all texts together
constexpr std::size_t kLongestShown = 120;

std::string canonical(const std::string& xml) {
  std::string text;
  for (const char c : without_comments(xml)) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank) text += c;
    if (blank && !text.empty() && text.back() != ' ') text += ' ';  // none at the front
  }
  if (text.ends_with(' ')) text.pop_back();
  return text;
}

std::vector<std::string> lines(const std::string& xml) {
  std::vector<std::string> found;
  std::string text = without_comments(xml) + "\n";
  for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string line = canonical(text.substr(begin, end - begin));
    if (!line.empty()) found.push_back(line);
  }
  return found;
}

std::string first_difference(const std::string& kept, const std::string& now) {
  const std::vector<std::string> a = lines(kept), b = lines(now);
  const auto [was, is] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  const auto shown = [](auto line, const auto& all) {
    return line == all.end() ? std::string("its end") : "`" + line->substr(0, kLongestShown) + "`";
  };
  return fmt::format("was {}, is {}", shown(was, a), shown(is, b));
}

bool same(const TaskFile& a, const TaskFile& b) {
  if (a.checksum == b.checksum && a.size == b.size) return true;
  return !a.text.empty() && !b.text.empty() && canonical(a.text) == canonical(b.text);
}

template <class Value>
void note_difference(const char* what, const Value& was, const Value& is, std::vector<std::string>& differences) {
  if (was != is) differences.push_back(fmt::format("{} was {}, is {}", what, was, is));
}

std::vector<std::string> differences_of(const Specification& was, const Specification& is) {
  std::vector<std::string> found;
  note_difference("observation_size", was.observation_size, is.observation_size, found);
  note_difference("action_low", was.action_low, is.action_low, found);
  note_difference("action_high", was.action_high, is.action_high, found);
  note_difference("time_limit", was.time_limit, is.time_limit, found);
  note_difference("control_period", was.control_period, is.control_period, found);
  const Goals &goals_were = was.goals, &goals_are = is.goals;
  if (goals_were.size == 0) return found;  // what was learnt knows none; policy files and old records do not hold them
  note_difference("goals.size", goals_were.size, goals_are.size, found);
  note_difference("goals.achieved", goals_were.achieved, goals_are.achieved, found);
  note_difference("goals.desired", goals_were.desired, goals_are.desired, found);
  return found;
}

void add_differences_of_files(const std::vector<TaskFile>& was, const std::vector<TaskFile>& is,
                              std::vector<std::string>& found) {
  const auto in = [](const std::vector<TaskFile>& files, const std::string& name) {
    return std::find_if(files.begin(), files.end(), [&](const TaskFile& file) { return file.name == name; });
  };
  for (const TaskFile& file : was) {
    const auto now = in(is, file.name);
    if (now == is.end())
      found.push_back(fmt::format("{} is missing", file.name));
    else if (!same(file, *now))
      found.push_back(
          fmt::format("{} has changed{}", file.name,
                      file.text.empty() || now->text.empty() ? "" : ": " + first_difference(file.text, now->text)));
  }
  for (const TaskFile& file : is)
    if (in(was, file.name) == was.end()) found.push_back(fmt::format("{} is new", file.name));
}

void refuse(const std::string& name, const std::vector<std::string>& differences, const std::string& as) {
  if (differences.empty()) return;
  throw UsageError(
      fmt::format("[{}] the task is not what it was when it was trained: {}. Put it back as {}, or train anew", name,
                  fmt::join(differences, "; "), as));
}

// Old files do not name it.
void check_same_model(const std::vector<ModelFile>& was, const Environment& environment) {
  const std::vector<ModelFile> is = was.empty() ? was : model_of(environment);
  std::vector<std::string> found;
  for (const ModelFile& file : was) {
    const auto same_name = [&](const ModelFile& now) { return now.name == file.name; };
    const auto now = std::find_if(is.begin(), is.end(), same_name);
    if (now == is.end() || now->checksum != file.checksum)
      found.push_back(fmt::format("{} {}", file.name, now == is.end() ? "is missing" : "has changed"));
  }
  if (found.empty() && is.size() > was.size())
    found.push_back(fmt::format("its model is of {} files, was of {}", is.size(), was.size()));
  refuse(environment.specification().name, found, "it was");
}

std::vector<float> floats(const Json& object, const char* key, const std::string& where) {
  std::vector<float> numbers;
  for (const Json& number : list_member(object, key, where)) {
    if (!number.is_number()) throw Error(fmt::format("[{}] {}: expected numbers", where, key));
    numbers.push_back(static_cast<float>(number.number()));
  }
  return numbers;
}

}  // namespace

TaskRecord task_record(const Environment& environment) {
  TaskRecord task{environment.specification(), {}};
  std::size_t kept = 0;
  for (SourceFile& file : source_files(environment)) {
    const bool keeps = file.is_text && kept + file.bytes.size() <= kLongestKept;
    kept += keeps ? file.bytes.size() : 0;
    const std::uint32_t checksum = crc32(file.bytes);
    const auto size = static_cast<std::int64_t>(file.bytes.size());
    task.files.push_back({file.name, keeps ? std::move(file.bytes) : "", checksum, size});
  }
  return task;
}

std::vector<ModelFile> model_of(const Environment& environment) {
  std::vector<ModelFile> files;
  for (const SourceFile& file : source_files(environment))
    files.push_back({file.name, crc32(file.is_text ? canonical(file.bytes) : file.bytes)});
  return files;
}

std::string to_json(const TaskRecord& task) {
  const Specification& s = task.specification;
  Json json = {{"environment", s.name},      {"observation_size", s.observation_size},
               {"action_low", s.action_low}, {"action_high", s.action_high},
               {"time_limit", s.time_limit}, {"control_period", s.control_period},
               {"files", Json::array()}};
  if (s.goals.size > 0)
    json["goals"] = {{"size", s.goals.size}, {"achieved", s.goals.achieved}, {"desired", s.goals.desired}};
  for (const TaskFile& file : task.files)
    json["files"].push_back(
        {{"name", file.name}, {"size", file.size}, {"checksum", file.checksum}, {"text", file.text}});
  return json.dump_lines();
}

TaskRecord task_from_json(std::string_view text, const std::string& where) {
  const Json json = parse_json(text, where);
  const auto count = [&](const Json& object, const char* key, std::int64_t most) {
    return whole_number(member(object, key, where), most, fmt::format("[{}] {}", where, key));
  };
  TaskRecord task;
  Specification& s = task.specification;
  s.name = text_member(json, "environment", where);
  s.observation_size = static_cast<int>(count(json, "observation_size", 1 << 30));
  s.action_low = floats(json, "action_low", where);
  s.action_high = floats(json, "action_high", where);
  s.time_limit = static_cast<int>(count(json, "time_limit", 1 << 30));
  const Json& period = member(json, "control_period", where);
  if (!period.is_number()) throw Error(fmt::format("[{}] control_period: expected a number", where));
  s.control_period = period.number();
  if (const Json* const goals = json.find("goals")) {
    s.goals.size = static_cast<int>(count(*goals, "size", 1 << 30));
    s.goals.achieved = static_cast<int>(count(*goals, "achieved", 1 << 30));
    s.goals.desired = static_cast<int>(count(*goals, "desired", 1 << 30));
  }
  for (const Json& file : list_member(json, "files", where))
    task.files.push_back({text_member(file, "name", where), text_member(file, "text", where),
                          static_cast<std::uint32_t>(count(file, "checksum", 0xffffffff)),
                          count(file, "size", std::int64_t{1} << 53)});
  return task;
}

void check_same_task(const TaskRecord& kept, const TaskRecord& now, const std::string& kept_in) {
  std::vector<std::string> found = differences_of(kept.specification, now.specification);
  add_differences_of_files(kept.files, now.files, found);
  refuse(now.specification.name, found, kept_in + " has it");
}

void check_task_of(const Policy& policy, const fs::path& file, const Environment& environment) {
  Specification was = policy.specification();
  const Specification& is = environment.specification();
  if (was.time_limit == 0) was.time_limit = is.time_limit;  // old files do not have it
  if (was.control_period == 0) was.control_period = is.control_period;
  refuse(is.name, differences_of(was, is), "the policy file has it");
  const fs::path kept = file.parent_path() / kTaskFile;
  if (is_there(kept))
    check_same_task(task_from_json(read_file(kept, kLongestText), shown(kept)), task_record(environment),
                    kept.string());
  check_same_model(policy.provenance().model, environment);  // wherever the file went
}

}  // namespace ddpg
