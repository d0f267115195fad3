#include "run/record_kinds.h"

namespace ddpg {

bool RecordKind::owns(std::string_view name_of_file) const {
  const std::string_view own = file;
  return own.ends_with('.') ? name_of_file.starts_with(own) : name_of_file == own;
}

std::string RecordKind::first_file() const {
  const std::string own = file;
  return own.ends_with('.') ? own + "0" : own;
}

std::span<const RecordKind> record_kinds() {
  static constexpr RecordKind kKinds[] = {
      {"tensorboard", "record for TensorBoard too, in the run folder", "events.out.tfevents."},
      {"jsonl", "record as JSON lines too, in progress.jsonl", "progress.jsonl"},
  };
  return kKinds;
}

}  // namespace ddpg
