#include "envs/source_files.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>
#include <utility>

#include "ddpg/error.h"
#include "envs/mujoco_tasks.h"
#include "envs/step_timeout.h"
#include "envs/wrapper.h"
#include "support/files.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostFiles = 1'000;

// Calls `visit(element, value)` for each attribute of that name. No more of XML is understood than this needs.
template <class Visit>
void for_each_attribute(const std::string& xml, std::string_view name, const Visit& visit) {
  for (std::size_t at = xml.find(name); at != std::string::npos; at = xml.find(name, at + 1)) {
    std::size_t quote = xml.find_first_not_of(" \t\r\n", at + name.size());
    const bool begins = at > 0 && std::string_view(" \t\r\n").find(xml[at - 1]) != std::string_view::npos;
    if (!begins || quote == std::string::npos || xml[quote] != '=') continue;
    quote = xml.find_first_not_of(" \t\r\n", quote + 1);
    if (quote == std::string::npos || (xml[quote] != '"' && xml[quote] != '\'')) continue;
    const std::size_t end = xml.find(xml[quote], quote + 1), tag = xml.rfind('<', at);
    if (end == std::string::npos || tag == std::string::npos) continue;
    const std::size_t element_end = std::min(xml.find_first_of(" \t\r\n", tag), at);
    visit(xml.substr(tag + 1, element_end - tag - 1), xml.substr(quote + 1, end - quote - 1));
  }
}

class Collector {
 public:
  explicit Collector(const MujocoModel& model) : folder_(fs::path(model.file).parent_path()) {
    add_text(fs::path(model.file).filename().string(), model.xml.empty() ? read_file(model.file) : model.xml);
  }

  std::vector<SourceFile> collect() {
    for (std::size_t i = 0; i < files_.size(); i++) include(without_comments(files_[i].bytes));  // it grows meanwhile
    const std::size_t texts = files_.size();
    for (std::size_t i = 0; i < texts; i++) add_assets(without_comments(files_[i].bytes));
    return std::move(files_);
  }

 private:
  void add_text(const std::string& name, std::string text) {
    if (files_.size() < kMostFiles && names_.insert(name).second) files_.push_back({name, std::move(text), true});
  }

  void include(const std::string& xml) {
    for (const char* where : {"meshdir", "texturedir", "assetdir"})
      for_each_attribute(xml, where, [&](const auto&, const std::string& value) { folders_.insert(value); });
    for_each_attribute(xml, "file", [&](const std::string& element, const std::string& value) {
      if (element == "include" && is_file(folder_ / value)) add_text(value, read_file(folder_ / value));
    });
  }

  void add_assets(const std::string& xml) {
    for_each_attribute(xml, "file", [&](const std::string& element, const std::string& value) {
      if (element == "include") return;
      for (const std::string& where : folders_) {
        const fs::path path = folder_ / where / value;
        if (files_.size() >= kMostFiles || !is_file(path) || !names_.insert(value).second) continue;
        files_.push_back({value, read_file(path), false});
      }
    });
  }

  static bool is_file(const fs::path& path) {
    std::error_code unknown;
    return fs::is_regular_file(path, unknown);
  }

  fs::path folder_;
  std::set<std::string> folders_ = {""};  // in which the model looks for meshes and pictures
  std::set<std::string> names_;
  std::vector<SourceFile> files_;
};

}  // namespace

std::string without_comments(const std::string& xml) {
  std::string text;
  for (std::size_t at = 0; at < xml.size();) {
    const std::size_t begin = std::min(xml.find("<!--", at), xml.size());
    text.append(xml, at, begin - at);
    const std::size_t end = xml.find("-->", begin);
    at = end == std::string::npos ? xml.size() : end + 3;
  }
  return text;
}

std::vector<SourceFile> model_files(const MujocoModel& model) {
  return Collector(model).collect();
}

std::vector<SourceFile> source_files(const Environment& environment) {
  const Environment& inside = innermost(environment);
  if (const auto* watched = dynamic_cast<const StepTimeout*>(&inside)) return source_files(watched->inside());
  if (const auto* model = dynamic_cast<const MujocoEnvironment*>(&inside)) return model_files(model->source());
  return {};
}

EnvironmentSettings settled(EnvironmentSettings settings) {
  const auto found = settings.find("xml_file");
  if (found == settings.end()) return settings;
  const auto* file = std::get_if<std::string>(&found->second);
  if (file == nullptr || file->empty() || is_builtin_model(*file) || fs::path(*file).is_absolute()) return settings;
  found->second = fs::absolute(*file).lexically_normal().string();
  return settings;
}

}  // namespace ddpg
