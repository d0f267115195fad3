#include "program/replaceable.h"

#include <fmt/format.h>

#include <filesystem>

#include "ddpg/error.h"
#include "support/files.h"
#include "support/paths.h"
#include "support/shown.h"

namespace ddpg::cli {
namespace {

constexpr std::size_t kLongestOld = 1u << 30;  // bytes of a file that is looked at before it is replaced

}  // namespace

void check_folder_of(const std::string& flag, const std::string& file) {
  const std::filesystem::path given = file, path = given.has_filename() ? given : given.parent_path();
  const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  if (!is_folder(parent)) throw UsageError(fmt::format("{}: there is no folder {}", flag, shown(parent)));
}

void check_replaceable(const std::string& verb, const std::string& flag, const std::string& file,
                       bool (*is_ours)(std::string_view)) {
  if (file.empty()) return;
  const std::filesystem::path path = file;
  if (is_folder(path)) throw UsageError(fmt::format("{}: {} is a folder; name a file", flag, shown(file)));
  check_folder_of(flag, file);
  if (!is_there(path)) return;
  if (!is_ours(read_file(path, kLongestOld)))
    throw UsageError(
        fmt::format("{}: {} exists and was not written by `ddpg {}`; give another name", flag, shown(file), verb));
}

}  // namespace ddpg::cli
