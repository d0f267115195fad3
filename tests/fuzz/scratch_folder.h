// A folder in memory where there is one, for targets that read files; one a process.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace ddpg::testing {

inline const std::filesystem::path& scratch_folder() {
  struct Folder {
    std::filesystem::path path;
    Folder() {
      namespace fs = std::filesystem;
      std::error_code none;
      std::string name = fs::is_directory("/dev/shm", none) ? "/dev/shm" : fs::temp_directory_path().string();
      name += "/ddpg_fuzz_XXXXXX";
      if (!::mkdtemp(name.data())) std::abort();
      path = name;
    }
    ~Folder() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
  };
  static const Folder folder;
  return folder.path;
}

inline std::filesystem::path scratch_file(const std::string& name, std::string_view bytes) {
  const std::filesystem::path file = scratch_folder() / name;
  std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return file;
}

}  // namespace ddpg::testing
