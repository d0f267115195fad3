// Where memory runs out while JSON is written, that is an exception like any other, in every program that uses the
// library: nothing takes memory in order to go.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <fstream>
#include <new>
#include <string>
#include <vector>

#include "support/json.h"

namespace ddpg {
namespace {

std::size_t bytes_of_this_process() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * 4096;
}

// Takes all memory but for `left` small blocks.
void leave(std::size_t left) {
  std::vector<void*> blocks(left);
  for (void*& block : blocks) block = std::malloc(200);
  const rlimit limit = {bytes_of_this_process() + (1u << 20), RLIM_INFINITY};
  ::setrlimit(RLIMIT_AS, &limit);
  for (std::size_t size = 1u << 16; size >= 16; size /= 2)
    while (std::malloc(size) != nullptr) {
    }
  for (void* block : blocks) std::free(block);
}

TEST(JsonMemory, RunsOutAsAnException) {
  Json json = {{"list", std::vector<double>(8, 0.5)}, {"text", std::string(100, 't')}};
  for (int i = 0; i < 8; i++) json["objects"]["one" + std::to_string(i)] = Json({{"a", Json({{"b", i}})}});
  for (std::size_t left = 0; left < 60; left++)
    EXPECT_EXIT(
        {
          leave(left);
          try {
            std::_Exit(json.dump_lines().empty() ? 1 : 0);
          } catch (const std::bad_alloc&) {
            std::_Exit(0);
          }
        },
        ::testing::ExitedWithCode(0), "")
        << left;
}

}  // namespace
}  // namespace ddpg
