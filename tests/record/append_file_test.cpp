#include "record/append_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "ddpg/error.h"
#include "support/files.h"
#include "support/size_limit.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;

TEST(AppendFile, CutsOffTheHalfOfARecordThatTheDiskDidTake) {
  const testing::TemporaryFolder place;
  const fs::path path = place.path() / "file";
  AppendFile file("csv", path);
  file.begin();
  file.append("0,whole\n");
  {
    const testing::SizeLimit limit(12);
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
