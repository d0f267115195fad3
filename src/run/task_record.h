// What a run's task was made of: the specification and the files of its model, as text in the run folder and in each
// checkpoint, so that a task that was changed afterwards is not taken for the same one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ddpg/environment.h"
#include "ddpg/policy.h"

namespace ddpg {

struct TaskFile {
  std::string name, text;  // text "": not kept, for it is no XML or very long
  std::uint32_t checksum = 0;
  std::int64_t size = 0;
};

struct TaskRecord {
  Specification specification;
  std::vector<TaskFile> files;
};

// The task as it is now.
TaskRecord task_record(const Environment& environment);
// The files of its model, for the policy file.
std::vector<ModelFile> model_of(const Environment& environment);

// As JSON, and back. `where` is named in errors.
std::string to_json(const TaskRecord& task);
TaskRecord task_from_json(std::string_view json, const std::string& where);

// Throws UsageError naming what differs between the task as it was trained and as it is now; `kept_in` says where the
// former is named. Comments and blanks in a model do not count.
void check_same_task(const TaskRecord& kept, const TaskRecord& now, const std::string& kept_in);

// Whether `environment` is still what `policy`, read from `file`, was trained in, by what the policy holds and by the
// task.json beside it where there is one. Throws UsageError naming what differs.
void check_task_of(const Policy& policy, const std::filesystem::path& file, const Environment& environment);

inline constexpr const char* kTaskFile = "task.json";

}  // namespace ddpg
