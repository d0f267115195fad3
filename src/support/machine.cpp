// What Linux says about the machine and about what this process may take of it.
#include "support/machine.h"

#include <sched.h>
#include <sys/utsname.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <limits>
#include <optional>
#include <string_view>
#include <thread>

namespace ddpg {
namespace {

namespace fs = std::filesystem;

// The number that `text` begins with, blanks skipped; nothing where it does not ("max").
std::optional<std::size_t> number(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  return value;
}

// What follows `key` on the first line of `file` that begins with it, up to the end of that line.
std::optional<std::string> line_after(const fs::path& file, std::string_view key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(key)) return line.substr(key.size());
  }
  return std::nullopt;
}

std::optional<std::size_t> number_after(const fs::path& file, std::string_view key) {
  const std::optional<std::string> text = line_after(file, key);
  return text ? number(*text) : std::nullopt;
}

// How the two versions of control groups call the same things.
struct MemoryFiles {
  const char* limit;
  const char* used;
  const char* cache;  // in memory.stat: pages of files that the kernel gives back before anything else
};
constexpr MemoryFiles kVersion1{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file "};
constexpr MemoryFiles kVersion2{"memory.max", "memory.current", "inactive_file "};

constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

// The least that the group `path` below `mount`, or a group around it, still allows. Inside a container the path may be
// one that only the host knows; then the mount itself is the container's group.
std::size_t room_in_group(const fs::path& mount, std::string_view path, const MemoryFiles& files) {
  std::size_t room = kUnlimited;
  for (fs::path below = fs::path(path).relative_path();; below = below.parent_path()) {
    const fs::path folder = mount / below;
    const std::optional<std::size_t> limit = number_after(folder / files.limit, ""),
                                     used = number_after(folder / files.used, "");
    if (limit && used) {
      const std::size_t taken = *used - std::min(*used, number_after(folder / "memory.stat", files.cache).value_or(0));
      room = std::min(room, *limit - std::min(*limit, taken));
    }
    if (below.empty()) return room;
  }
}

// Lines of /proc/self/cgroup: "0::/path" for version 2, "4:memory:/path" for version 1.
std::size_t room_in_groups(const fs::path& root) {
  std::size_t room = kUnlimited;
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",",
                      path = line.substr(second + 1);
    if (controllers == ",,") room = std::min(room, room_in_group(root / "sys/fs/cgroup", path, kVersion2));
    if (controllers.find(",memory,") != std::string::npos) {
      room = std::min(room, room_in_group(root / "sys/fs/cgroup/memory", path, kVersion1));
    }
  }
  return room;
}

// What `ulimit -v` leaves of addresses.
std::size_t room_of_addresses(const fs::path& root) {
  const std::optional<std::size_t> limit = number_after(root / "proc/self/limits", "Max address space"),
                                   used = number_after(root / "proc/self/status", "VmSize:");
  return limit && used ? *limit - std::min(*limit, *used * 1024) : kUnlimited;
}

}  // namespace

std::string processor_name() {
  const std::optional<std::string> text = line_after("/proc/cpuinfo", "model name");
  const std::size_t begin = text ? text->find_first_not_of("\t :") : std::string::npos;
  return begin == std::string::npos ? "unknown" : text->substr(begin);
}

std::string system_name() {
  utsname name{};
  if (uname(&name) != 0) return "unknown";
  return std::string(name.sysname) + " " + name.release + " " + name.machine;
}

std::string compiler_name() {
#if defined(__clang__)
  return "Clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) + "." +
         std::to_string(__clang_patchlevel__);
#elif defined(__GNUC__)
  return "GCC " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__) + "." +
         std::to_string(__GNUC_PATCHLEVEL__);
#else
  return "unknown";
#endif
}

int hardware_threads() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  // fails on machines of more than CPU_SETSIZE = 1024 processors
  if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) return std::max(1, CPU_COUNT(&allowed));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

std::size_t resident_memory() {
  return number_after("/proc/self/status", "VmRSS:").value_or(0) * 1024;
}

std::size_t available_memory(const std::filesystem::path& root) {
  const std::optional<std::size_t> kibibytes = number_after(root / "proc/meminfo", "MemAvailable:");
  const std::size_t free = kibibytes ? *kibibytes * 1024 : kUnlimited;
  const std::size_t room = std::min({free, room_in_groups(root), room_of_addresses(root)});
  return room == kUnlimited ? 0 : room;
}

}  // namespace ddpg
