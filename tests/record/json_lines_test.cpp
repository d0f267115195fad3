#include "record/json_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "ddpg/error.h"
#include "policy/policy_samples.h"
#include "record/csv.h"
#include "support/files.h"
#include "support/size_limit.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;

Progress sample(std::int64_t step) {
  Progress progress;
  progress.step = step;
  progress.critic_loss = 1.0 / 3;
  progress.mean_q = std::numeric_limits<double>::infinity();
  progress.evaluation.episodes = 10;
  progress.evaluation.mean_return = -147.25;
  progress.evaluation.std_return = 84;
  return progress;
}

TEST(JsonLines, HoldsTheColumnsOfTheTableInTheirOrder) {
  const auto row = nlohmann::ordered_json::parse(json_line(sample(3'000)));
  std::string header;
  for (const auto& [key, value] : row.items()) header += (header.empty() ? "" : ",") + key;
  EXPECT_EQ(header, csv_header());
  EXPECT_TRUE(row.at("step").is_number_integer());
  EXPECT_EQ(row.at("step"), 3'000);
  EXPECT_EQ(row.at("critic_loss").get<double>(), 1.0 / 3);  // to the bit
  EXPECT_EQ(row.at("evaluation_mean_return"), -147.25);
}

TEST(JsonLines, HasNullForWhatWasNotMeasuredAndForInfinity) {
  const auto row = nlohmann::json::parse(json_line(sample(3'000)));
  EXPECT_TRUE(row.at("actor_loss").is_null());
  EXPECT_TRUE(row.at("mean_q").is_null());
}

TEST(JsonLines, EachRowIsInTheFileAtOnceAndAResumedTrainingGoesOn) {
  const testing::TemporaryFolder place;
  const fs::path file = place.path() / "progress.jsonl";
  const Policy policy(testing::sample_policy(testing::actor_shape(3, {4}, 1)));
  const auto line = [](std::int64_t step) { return json_line(sample(step)) + "\n"; };
  {
    JsonLinesRecorder recorder(file);
    recorder.started({});
    for (const std::int64_t step : {0, 100, 200}) recorder.progressed(sample(step), policy);
    EXPECT_EQ(read_file(file), line(0) + line(100) + line(200));
  }
  RunStart start;
  start.step = 150;
  start.rows = 2;
  start.last_row_step = 100;
  JsonLinesRecorder recorder(file);
  recorder.started(start);
  recorder.progressed(sample(150), policy);
  EXPECT_EQ(read_file(file), line(0) + line(100) + line(150));
  fs::remove(file);
}

TEST(JsonLines, AFullDiskIsAnErrorThatNamesTheFile) {
  const Policy policy(testing::sample_policy(testing::actor_shape(3, {4}, 1)));
  const testing::TemporaryFolder place;
  JsonLinesRecorder full(place.path() / "progress.jsonl");
  full.started({});  // nothing is written yet
  const testing::SizeLimit limit(4);
  EXPECT_THAT([&] { full.progressed({}, policy); },
              ::testing::ThrowsMessage<Error>(::testing::HasSubstr("progress.jsonl: File too large")));
}

}  // namespace
}  // namespace ddpg
