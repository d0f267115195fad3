// What is told about this machine, and memory limits on made-up ones.
#include "support/machine.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <thread>

namespace ddpg {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMebibyte = 1024 * 1024;

// available_memory() of a machine that consists of these files.
std::size_t available_with(const std::map<std::string, std::string>& files) {
  std::string name = (fs::temp_directory_path() / "ddpg-machine-XXXXXX").string();
  const fs::path root = mkdtemp(name.data());
  for (const auto& [path, content] : files) {
    fs::create_directories((root / path).parent_path());
    std::ofstream(root / path) << content;
  }
  const std::size_t result = available_memory(root);
  fs::remove_all(root);
  return result;
}

const std::string kMemory =
    "MemTotal:       4096000 kB\nMemFree:         100000 kB\nMemAvailable:   2048000 kB\n";  // 2000 MiB

TEST(Machine, SeesTheMemoryItOccupies) {
  const std::size_t before = resident_memory();
  EXPECT_GT(before, kMebibyte);
  const std::string touched(64 * kMebibyte, 'x');
  EXPECT_GE(resident_memory(), before + 60 * kMebibyte) << touched.size();
}

TEST(Machine, NamesItself) {
  EXPECT_FALSE(processor_name().empty());
  EXPECT_NE(processor_name().front(), ' ');
  EXPECT_TRUE(system_name().starts_with("Linux ")) << system_name();
  EXPECT_TRUE(compiler_name().starts_with("GCC ") || compiler_name().starts_with("Clang ")) << compiler_name();
}

TEST(Machine, CountsTheThreadsOfItsAffinity) {
  EXPECT_GE(hardware_threads(), 1);
  int inside = 0;
  std::thread([&inside] {
    cpu_set_t allowed, one;
    CPU_ZERO(&one);
    sched_getaffinity(0, sizeof(allowed), &allowed);
    int first = 0;
    while (!CPU_ISSET(first, &allowed)) first++;
    CPU_SET(first, &one);
    sched_setaffinity(0, sizeof(one), &one);  // of this thread only
    inside = hardware_threads();
  }).join();
  EXPECT_EQ(inside, 1);
}

TEST(AvailableMemory, IsKnownHereAndLessThanThereIs) {
  const std::size_t available = available_memory();
  EXPECT_GT(available, kMebibyte);
  EXPECT_LT(available,
            static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)));
}

TEST(AvailableMemory, IsWhatTheKernelSaysWithoutControlGroups) {
  EXPECT_EQ(available_with({{"proc/meminfo", kMemory}}), 2000 * kMebibyte);
  EXPECT_EQ(available_with({}), 0u);
}

TEST(AvailableMemory, RespectsALimitOfAddresses) {
  std::map<std::string, std::string> files{
      {"proc/meminfo", kMemory},
      {"proc/self/status", "Name:\tddpg\nVmSize:\t   10240 kB\n"},
      {"proc/self/limits",
       "Max cpu time              unlimited            unlimited            seconds\n"
       "Max address space         unlimited            unlimited            bytes\n"}};
  EXPECT_EQ(available_with(files), 2000 * kMebibyte);
  files["proc/self/limits"] = "Max address space         31457280             31457280             bytes\n";
  EXPECT_EQ(available_with(files), 20 * kMebibyte);
}

TEST(AvailableMemory, RespectsVersion2GroupsAndThoseAroundThem) {
  std::map<std::string, std::string> files{{"proc/meminfo", kMemory},
                                           {"proc/self/cgroup", "0::/outer/inner\n"},
                                           {"sys/fs/cgroup/outer/inner/memory.max", "max\n"},
                                           {"sys/fs/cgroup/outer/inner/memory.current", "1048576\n"}};
  EXPECT_EQ(available_with(files), 2000 * kMebibyte);
  files["sys/fs/cgroup/outer/memory.max"] = std::to_string(500 * kMebibyte) + "\n";
  files["sys/fs/cgroup/outer/memory.current"] = std::to_string(200 * kMebibyte) + "\n";
  EXPECT_EQ(available_with(files), 300 * kMebibyte);
  files["sys/fs/cgroup/outer/memory.stat"] = "anon 5\ninactive_file " + std::to_string(50 * kMebibyte) + "\n";
  EXPECT_EQ(available_with(files), 350 * kMebibyte);  // cached files are given back
}

TEST(AvailableMemory, RespectsVersion1GroupsAndContainersThatHideTheirPath) {
  std::map<std::string, std::string> files{
      {"proc/meminfo", kMemory},
      {"proc/self/cgroup", "5:cpu,cpuacct:/docker/f00\n4:memory:/docker/f00\n0::/\n"},
      {"sys/fs/cgroup/memory/memory.limit_in_bytes", std::to_string(64 * kMebibyte) + "\n"},
      {"sys/fs/cgroup/memory/memory.usage_in_bytes", std::to_string(24 * kMebibyte) + "\n"}};
  EXPECT_EQ(available_with(files), 40 * kMebibyte);
  files["sys/fs/cgroup/memory/memory.usage_in_bytes"] = std::to_string(65 * kMebibyte) + "\n";
  EXPECT_EQ(available_with(files), 0u);
  files["sys/fs/cgroup/memory/memory.limit_in_bytes"] = "9223372036854771712\n";
  EXPECT_EQ(available_with(files), 2000 * kMebibyte);
}

}  // namespace
}  // namespace ddpg
