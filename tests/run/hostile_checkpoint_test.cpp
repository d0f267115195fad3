// Checkpoints whose checksums are right and whose list of replay files is not: each is refused with its reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ddpg/error.h"
#include "ddpg/train.h"
#include "run/checkpoint_contents.h"
#include "support/temporary_folder.h"

namespace ddpg::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

Options short_training() {
  Options options;
  options.environment = "Pendulum-v1";
  options.steps = 60;
  options.warmup_steps = options.learning_starts = 20;
  options.batch_size = 8;
  options.replay_capacity = 1'000;
  options.actor.hidden = options.critic.hidden = {4};
  options.evaluation_episodes = 0;
  options.checkpoints_kept = 1;
  return options;
}

class HostileCheckpoint : public ::testing::Test {
 protected:
  HostileCheckpoint() { train(short_training(), {}, nullptr, folder_.path().string()); }

  // What resume() says when the list of replay files is another; "" when it goes on.
  std::string complaint(const std::function<void(Json&)>& change) {
    const fs::path path = list_checkpoints(folder_.path()).front();
    rewrite(path, path, [&](CheckpointFile& file) {
      Json list = Json::parse(file.metadata.at("replay_files"));
      change(list);
      file.metadata["replay_files"] = list.dump();
    });
    Options options = short_training();
    options.steps = 80;
    try {
      resume(options, folder_.path().string());
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  TemporaryFolder folder_;
};

TEST_F(HostileCheckpoint, UnchangedGoesOn) {
  EXPECT_EQ(complaint([](Json&) {}), "");
}

TEST_F(HostileCheckpoint, PlacesAreWholeNumbersInRange) {
  for (const Json& place : {Json(1e300), Json(-1), Json(std::int64_t{1} << 54), Json("1")})
    EXPECT_THAT(complaint([&](Json& list) { list.back()["end"] = place; }), HasSubstr("end: expected a whole number"));
}

TEST_F(HostileCheckpoint, AChecksumHas32Bits) {
  EXPECT_THAT(complaint([](Json& list) { list.back()["checksum"] = std::int64_t{1} << 32; }),
              HasSubstr("checksum: expected a whole number"));
}

// They are never sampled, but the rows written next would begin after them.
TEST_F(HostileCheckpoint, RowsBeyondThoseThatThereWereAreRefused) {
  constexpr std::int64_t kMore = 5;
  EXPECT_THAT(complaint([this](Json& list) {
                const std::string name = list.back().at("file").get<std::string>() + "-more";
                const std::uint32_t checksum =
                    rewrite(folder_.path() / list.back().at("file").get<std::string>(), folder_.path() / name,
                            [](CheckpointFile& file) {
                              for (SnapshotPart& part : file.parts) {
                                part.shape[0] = part.name == "last_observation" ? 0 : kMore;
                                part.bytes.assign(
                                    static_cast<std::size_t>(part.shape[0] * part.shape[1]) * sizeof(float), '\0');
                              }
                            });
                const std::int64_t end = list.back().at("end");
                list.push_back({{"file", name}, {"begin", end}, {"end", end + kMore}, {"checksum", checksum}});
              }),
              HasSubstr("more of the replay buffer than there was"));
}

}  // namespace
}  // namespace ddpg::testing
