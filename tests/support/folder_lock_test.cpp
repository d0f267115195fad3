// One writer at a time, and readers that ask who writes do not get in its way.
#include "support/folder_lock.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "ddpg/error.h"
#include "support/temporary_folder.h"

namespace ddpg::testing {
namespace {

TEST(FolderLock, IsHeldByOneAtATime) {
  const TemporaryFolder folder;
  EXPECT_FALSE(is_locked(folder.path()));
  {
    const FolderLock held(folder.path(), "it is taken");
    EXPECT_TRUE(is_locked(folder.path()));
    EXPECT_THAT([&] { FolderLock(folder.path(), "it is taken"); },
                ::testing::ThrowsMessage<UsageError>(::testing::HasSubstr("it is taken")));
  }
  EXPECT_FALSE(is_locked(folder.path()));
  EXPECT_THROW(FolderLock(folder.path() / "none", ""), Error);
}

// As is_locked() does it, for longer than it takes there.
TEST(FolderLock, IsNotRefusedBecauseSomebodyAsksWhetherItIsHeld) {
  const TemporaryFolder folder;
  const int asking = ::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(::flock(asking, LOCK_SH), 0);
  std::thread answered([asking] {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ::close(asking);
  });
  EXPECT_NO_THROW(FolderLock(folder.path(), "it is taken"));
  answered.join();
}

}  // namespace
}  // namespace ddpg::testing
