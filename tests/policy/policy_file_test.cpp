// The policy's way to the disk and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "ddpg/error.h"
#include "ddpg/policy.h"
#include "policy/format.h"
#include "policy/policy_samples.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class PolicyFile : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string name = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ = std::filesystem::path(::testing::TempDir()) / ("ddpg_policy_file_" + name);
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    path_ = (folder_ / "policy.ddpg").string();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(PolicyFile, SavedAndLoadedIsTheSamePolicy) {
  const Policy policy(testing::golden_policy());
  policy.save(path_);
  EXPECT_EQ(encode_policy(Policy::load(path_).content()), encode_policy(policy.content()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);  // nothing temporary is left
}

TEST_F(PolicyFile, ErrorsNameTheFile) {
  EXPECT_THAT([&] { Policy::load(path_); }, ThrowsMessage<Error>(HasSubstr(path_)));
  std::ofstream(path_, std::ios::binary) << encode_policy(testing::golden_policy()).substr(0, 100);
  EXPECT_THAT([&] { Policy::load(path_); }, ThrowsMessage<Error>(AllOf(HasSubstr(path_), HasSubstr("truncated"))));
}

}  // namespace
}  // namespace ddpg
