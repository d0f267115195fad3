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
#include "support/paths.h"

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

// A cube's texture is of six files.
constexpr const char* kFiles[] = {"file", "fileright", "fileleft", "fileup", "filedown", "filefront", "fileback"};

class Collector {
 public:
  std::vector<SourceFile> collect(const MujocoModel& model) {
    const fs::path file = model.file;
    add(file.filename().string(), model.xml.empty() ? read_file(file) : model.xml, true);
    read_model(files_.front().bytes, file.parent_path(), "");
    return std::move(files_);
  }

 private:
  using Texts = std::vector<std::string>;

  // What the model of that text, in `folder`, includes and needs; `prefix` goes before its names.
  void read_model(const std::string& xml, const fs::path& folder, const fs::path& prefix) {
    Texts texts = {without_comments(xml)};
    for (std::size_t i = 0; i < texts.size(); i++) add_included(folder, prefix, texts, i);  // it grows meanwhile
    std::set<std::string> folders = {""};  // in which the model looks for meshes and pictures
    for (const std::string& text : texts)
      for (const char* where : {"meshdir", "texturedir", "assetdir"})
        for_each_attribute(text, where, [&](const auto&, const std::string& value) { folders.insert(value); });
    for (const std::string& text : texts)
      for (const std::string& where : folders) add_assets(text, folder / where, prefix);
  }

  void add_included(const fs::path& folder, const fs::path& prefix, Texts& texts, std::size_t of) {
    for_each_attribute(std::string(texts[of]), "file", [&](const std::string& element, const std::string& value) {
      const fs::path path = folder / value;
      if (element == "include" && is_file(path) && add((prefix / value).string(), read_file(path), true))
        texts.push_back(without_comments(files_.back().bytes));
    });
  }

  // A model that is attached is a model of its own: what it needs lies beside it.
  void add_assets(const std::string& xml, const fs::path& folder, const fs::path& prefix) {
    const auto take = [&](const std::string& element, const std::string& value) {
      const fs::path path = folder / value, name = prefix / value;
      const bool is_model = element == "model";
      if (element == "include" || names_.contains(name.string()) || !is_file(path)) return;
      if (!add(name.string(), read_file(path), is_model)) return;
      if (is_model) read_model(std::string(files_.back().bytes), path.parent_path(), name.parent_path());
    };
    for (const char* attribute : kFiles) for_each_attribute(xml, attribute, take);
  }

  // False: it is there already.
  bool add(const std::string& name, std::string bytes, bool is_text) {
    if (files_.size() >= kMostFiles || !names_.insert(name).second) return false;
    files_.push_back({name, std::move(bytes), is_text});
    return true;
  }

  static bool is_file(const fs::path& path) {
    std::error_code unknown;
    return fs::is_regular_file(path, unknown);
  }

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
  return Collector().collect(model);
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
  found->second = absolute_path(*file).string();
  return settings;
}

}  // namespace ddpg
