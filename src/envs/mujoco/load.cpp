// What MuJoCo compiles a model from, and how its errors and warnings reach us.
#include "envs/mujoco/load.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <mutex>

#include "ddpg/error.h"
#include "envs/mujoco/library.h"
#include "support/machine.h"
#include "support/paths.h"
#include "support/shown.h"

namespace ddpg {
namespace {

// MuJoCo would print its errors and end the program, and print its warnings and write them to a file. Errors become
// exceptions, which pass through its frames; warnings are counted in mjData, where check_physics() looks.
void take_over_messages() {
  static std::once_flag once;
  std::call_once(once, [] {
    set_mujoco_handlers([](const char* message) { throw Error(fmt::format("[mujoco] {}", message)); },
                        [](const char*) {});
  });
}

std::string without_final_newlines(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

// Puts a file into MuJoCo's virtual file system. The name of the function changed after 3.1.3, so each of these two is
// there only where MuJoCo has what it calls: `Files` makes the lookup wait until it is known which.
template <class Files>
auto add_file(Files* files, const std::string& name, const std::string& text, int)
    -> decltype(mj_addBufferVFS(files, name.c_str(), text.data(), static_cast<int>(text.size()))) {
  return mj_addBufferVFS(files, name.c_str(), text.data(), static_cast<int>(text.size()));
}
template <class Files>
auto add_file(Files* files, const std::string& name, const std::string& text, long)
    -> decltype(mj_makeEmptyFileVFS(files, name.c_str(), static_cast<int>(text.size()))) {
  const int failed = mj_makeEmptyFileVFS(files, name.c_str(), static_cast<int>(text.size()));
  if (failed == 0) std::memcpy(files->filedata[mj_findFileVFS(files, name.c_str())], text.data(), text.size());
  return failed;
}

// By which MuJoCo finds it; a model in memory needs none of its own.
std::string file_of(const MujocoModel& source) {
  return source.file.empty() ? "model.xml" : source.file;
}

// As messages name it.
std::string in_words(const MujocoModel& source) {
  return source.file.empty() ? "that was given as text" : source.file;
}

// Where memory runs out while it loads a model, some versions of MuJoCo end the process: no exception can pass through
// them.
void check_memory_for(const MujocoModel& source) {
  constexpr std::size_t kLeast = 16u << 20;  // bytes; Humanoid's takes 7 MB
  const std::size_t room = available_memory();
  if (room == 0 || room >= kLeast) return;
  throw Error(fmt::format("[{}] cannot load the model {}: {} bytes of memory are left, and MuJoCo may need {}",
                          source.name, in_words(source), room, kLeast));
}

void check_file(const MujocoModel& source) {
  const Standing standing = what_is(source.file);
  if (standing == Standing::file) return;
  throw Error(fmt::format("[{}] cannot read the model {}: {}", source.name, shown(source.file),
                          standing == Standing::nothing  ? "there is no such file"
                          : standing == Standing::folder ? "it is a folder"
                                                         : "it is a pipe or a device"));
}

// The file that a model in memory is read from; none, when it is read from its own place.
class VirtualFiles {
 public:
  explicit VirtualFiles(const MujocoModel& source) {
    if (source.xml.empty()) return;
    files_.reset(new mjVFS);
    mj_defaultVFS(files_.get());
    if (add_file(files_.get(), file_of(source), source.xml, 0) != 0)
      throw Error(fmt::format("[{}] cannot hold the file {} in memory", source.name, file_of(source)));
  }
  const mjVFS* get() const { return files_.get(); }

 private:
  struct DeleteFiles {
    void operator()(mjVFS* files) const {
      mj_deleteVFS(files);
      delete files;
    }
  };
  std::unique_ptr<mjVFS, DeleteFiles> files_;
};

}  // namespace

MujocoModelPointer load_model(const MujocoModel& source) {
  open_mujoco();
  take_over_messages();
  static std::mutex mutex;  // the compiler of models keeps global state
  const std::lock_guard lock(mutex);
  std::array<char, 1024> message{};
  if (source.xml.empty() && source.file.empty()) {
    throw UsageError(
        fmt::format("[{}] there is no model: MujocoModel::file must name an MJCF file, or MujocoModel::xml "
                    "hold its text",
                    source.name));
  }
  if (source.xml.empty()) check_file(source);
  check_memory_for(source);
  const VirtualFiles files(source);
  MujocoModelPointer model(
      mj_loadXML(file_of(source).c_str(), files.get(), message.data(), static_cast<int>(message.size())));
  if (model) return model;
  throw Error(fmt::format("[{}] cannot load the model {}: {}", source.name, in_words(source),
                          without_final_newlines(message.data())));
}

}  // namespace ddpg
