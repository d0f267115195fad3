#include "run/read_transitions.h"

#include <fmt/format.h>

#include <filesystem>

#include "data/csv.h"
#include "data/npz.h"
#include "ddpg/data.h"
#include "ddpg/error.h"
#include "run/kept_replay.h"
#include "support/paths.h"
#include "support/shown.h"
#include "support/specification.h"
#include "support/stop.h"

namespace ddpg {
namespace {

using ReadFile = DataSummary (*)(const DataFile&, const Specification&, TakeTransition);

ReadFile reader_of(const std::filesystem::path& path) {
  if (path.extension() == ".csv") return read_csv;
  if (path.extension() == ".npz") return read_npz;
  throw Error(
      fmt::format("[{}] expected a log *.csv, a data set *.npz or the folder of a run, found neither by its name; "
                  "docs/data.md describes the formats",
                  shown(path)));
}

DataSource read_run(const std::string& path, const Specification& specification, const TakeTransition& take,
                    const std::atomic<bool>* stop) {
  DataSource source;
  LoadedCheckpoint checkpoint = find_checkpoint(path, source.warning, stop);
  source.file = checkpoint.file.string();
  source.size = static_cast<std::int64_t>(std::filesystem::file_size(checkpoint.file));
  source.checksum = checkpoint.checksum;
  source.summary = read_replay(checkpoint, specification, take, stop);
  return source;
}

}  // namespace

DataSource read_source(const std::string& path, const Specification& specification, const TakeTransition& take,
                       const std::atomic<bool>* stop) {
  const auto checked = [&](const Transition& transition) {
    throw_if_stopped(stop, "reading data");
    take(transition);
  };
  const Standing standing = what_is(path);
  if (standing == Standing::folder || std::filesystem::path(path).extension() == ".safetensors")
    return read_run(path, specification, checked, stop);
  const ReadFile read = reader_of(path);
  const DataFile file(path);
  DataSource source{path, static_cast<std::int64_t>(file.size()), file.checksum(), {}, ""};
  source.summary = read(file, specification, checked);
  return source;
}

DataSummary read_transitions(const std::string& file, const Specification& specification,
                             const std::function<void(const Transition&)>& take) {
  check_specification("data", specification);
  if (!take) throw UsageError("[data] read_transitions: expected a function that takes the transitions, found none");
  return read_source(file, specification, take).summary;
}

}  // namespace ddpg
