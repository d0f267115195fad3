#include "support/paths.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;

TEST(AbsolutePath, IsThatOfTheSystemWithoutTheFolderInWhichItWasTyped) {
  const testing::TemporaryFolder place;
  const fs::path folder = fs::canonical(place.path());
  fs::create_directories(folder / "far/inner");
  fs::create_directory_symlink("far/inner", folder / "link");
  EXPECT_EQ(absolute_path("./a/b/../../c"), fs::current_path() / "c");
  EXPECT_EQ(absolute_path(folder / "gone/../far/./x"), folder / "far/x");
  EXPECT_EQ(absolute_path(folder / "far/inner/../x"), folder / "far/x");
  EXPECT_EQ(absolute_path(folder / "link/../x"), folder / "link/../x");  // far/x
  EXPECT_EQ(absolute_path(folder / "link/../../x"), folder / "link/../../x");
  EXPECT_EQ(absolute_path("/../x"), "/x");
}

}  // namespace
}  // namespace ddpg
