#include "record/append_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "ddpg/error.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;

// Files of this process can become no longer than that, as on a disk that is full.
class SizeLimit {
 public:
  explicit SizeLimit(::rlim_t bytes) : former_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &former_);
    const ::rlimit limit{bytes, former_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &former_);
    std::signal(SIGXFSZ, former_handler_);
  }

 private:
  ::rlimit former_{};
  void (*former_handler_)(int);
};

TEST(AppendFile, CutsOffTheHalfOfARecordThatTheDiskDidTake) {
  const testing::TemporaryFolder place;
  const fs::path path = place.path() / "file";
  AppendFile file("csv", path);
  file.begin();
  file.append("0,whole\n");
  {
    const SizeLimit limit(12);
    EXPECT_THAT([&] { file.append("100,half a row\n"); },
                ::testing::ThrowsMessage<Error>(::testing::HasSubstr("[csv] cannot write " + path.string())));
  }
  EXPECT_EQ(read_file(path), "0,whole\n");
  file.append("100,there is room again\n");
  EXPECT_EQ(read_file(path), "0,whole\n100,there is room again\n");
  fs::remove(path);
}

}  // namespace
}  // namespace ddpg
