#include "record/tensorboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <initializer_list>
#include <limits>
#include <set>

#include "ddpg/error.h"
#include "places.h"
#include "policy/policy_samples.h"
#include "record/event_file.h"
#include "record/event_reader.h"
#include "record/metrics.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::int64_t kLarge = std::int64_t{1} << 40;

TEST(EventFile, HasTheChecksumOfTheFormat) {
  // RFC 3720, appendix B.4, and the check value of the CRC catalogue
  EXPECT_EQ(crc32c("123456789"), 0xE3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43u);
  EXPECT_EQ(masked_crc(""), 0xA282EAD8u);
  EXPECT_EQ(masked_crc("123456789"), 0xC78AB0E5u);
}

// The events of tests/golden/make_event_file_golden.py.
std::string golden_events() {
  const float infinity = std::numeric_limits<float>::infinity();
  return version_event(1700000000.25) + start_event(1700000000.25, 0) +
         scalars_event(1700000001.5, 0, {{"train/episodes", 0}, {"evaluation/mean_return", -1234.5f}}) +
         scalars_event(1700000001.5, 300, {{"train/critic_loss", 0.1f}, {"train/mean_q", infinity}}) +
         scalars_event(1700000001.5, kLarge, {{"train/actor_loss", -1e-30f}}) +
         scalars_event(1700000001.5, kLarge + 1, {}) + start_event(1700000002, 301);
}

TEST(EventFile, HasTheBytesOfTensorBoardsOwnWriter) {
  EXPECT_EQ(golden_events(), read_file(fs::path(tests_folder()) / "golden/events.tfevents"));
}

TEST(EventFile, IsReadAsAReaderDoes) {
  std::vector<std::int64_t> steps;
  testing::replay_events(golden_events(), steps);
  EXPECT_THAT(steps, ElementsAre(0, 300));  // the last start drops what came after
}

TEST(EventFile, TornAndDamagedFilesAreReadUpToThere) {
  const std::string whole = version_event(1) + scalars_event(1, 100, {{"a", 1}}) + scalars_event(1, 200, {{"a", 1}});
  for (std::size_t size = 0; size < whole.size(); size++) {
    std::vector<std::int64_t> steps;
    testing::replay_events(whole.substr(0, size), steps);
    EXPECT_LE(steps.size(), 1u) << size;
  }
  for (std::size_t place = 0; place < whole.size(); place++) {
    std::string damaged = whole;
    damaged[place] = static_cast<char>(damaged[place] ^ 0x80);
    std::vector<std::int64_t> steps;
    testing::replay_events(damaged, steps);
    EXPECT_LE(steps.size(), 1u) << place;
  }
}

// A folder, and trainings in it of which only steps are recorded.
class TensorBoard : public ::testing::Test {
 protected:
  TensorBoard() { fs::create_directory(folder_); }
  ~TensorBoard() override { fs::remove_all(folder_); }

  void train(std::initializer_list<std::int64_t> steps) { train(RunStart{}, steps); }
  // One that resumes after the row of `last_row_step`.
  void resume(std::int64_t last_row_step, std::initializer_list<std::int64_t> steps) {
    RunStart start;
    start.step = *steps.begin();
    start.rows = 1;
    start.last_row_step = last_row_step;
    train(start, steps);
  }
  void train(const RunStart& start, std::initializer_list<std::int64_t> steps) {
    TensorBoardRecorder recorder(folder_, {[this] { return now_; }, "host"});
    recorder.started(start);
    for (const std::int64_t told : steps) {
      Progress progress;
      progress.step = told;
      recorder.progressed(progress, policy_);
    }
  }
  std::vector<std::int64_t> steps_shown() const {
    std::vector<std::int64_t> steps;
    for (const fs::path& file : event_files(folder_)) testing::replay_events(read_file(file), steps);
    return steps;
  }

  double now_ = 1'700'000'000;
  testing::TemporaryFolder place_;
  fs::path folder_ = place_.path() / "run";
  Policy policy_{testing::sample_policy(testing::actor_shape(3, {4}, 1))};
};

TEST_F(TensorBoard, WritesEveryMeasuredMetricUnderItsTag) {
  TensorBoardRecorder recorder(folder_, {[this] { return now_; }, "host"});
  recorder.started({});
  Progress progress;
  progress.step = 5'000;
  progress.episodes = 25;
  progress.mean_q = -0.1;
  progress.evaluation.episodes = 10;
  progress.evaluation.mean_return = -500;
  progress.evaluation.std_return = 25;
  progress.evaluation.mean_length = 200;
  progress.seconds = 2;
  recorder.progressed(progress, policy_);
  const std::vector<fs::path> files = event_files(folder_);
  ASSERT_EQ(files.size(), 1u);
  EXPECT_THAT(files[0].filename().string(), ::testing::MatchesRegex("events.out.tfevents.1700000000.host.[0-9]+.0"));
  EXPECT_EQ(read_file(files[0]), version_event(now_) + start_event(now_, 0) +
                                     scalars_event(now_, 5'000,
                                                   {{"train/episodes", 25},
                                                    {"train/updates", 0},
                                                    {"train/breakdowns", 0},
                                                    {"train/mean_q", -0.1f},
                                                    {"evaluation/mean_return", -500},
                                                    {"evaluation/std_return", 25},
                                                    {"evaluation/mean_length", 200},
                                                    {"time/seconds", 2}}));
}

TEST_F(TensorBoard, TagsAreGroupedAndDiffer) {
  std::set<std::string> tags;
  for (const Metric& metric : metrics()) {
    const std::string tag = metric.tag;
    if (tag.empty()) continue;
    EXPECT_TRUE(tags.insert(tag).second) << tag;
    EXPECT_TRUE(tag.starts_with("train/") || tag.starts_with("evaluation/") || tag.starts_with("time/")) << tag;
  }
}

TEST_F(TensorBoard, AResumedTrainingBeginsAFileOfItsOwnAndHidesWhatIsToldAgain) {
  train({0, 100, 200, 250});
  resume(200, {250, 300, 400});  // stopped at 250, whose row is recorded once more
  EXPECT_THAT(steps_shown(), ElementsAre(0, 100, 200, 250, 300, 400));
  resume(300, {400, 500});  // the row of step 300 is kept
  EXPECT_THAT(steps_shown(), ElementsAre(0, 100, 200, 250, 300, 400, 500));
  train({0, 50});  // another training in the same folder
  EXPECT_THAT(steps_shown(), ElementsAre(0, 50));
  EXPECT_EQ(event_files(folder_).size(), 4u);
}

TEST_F(TensorBoard, TheNewestFileIsTheLastByNameWhateverTheClockSays) {
  train({0, 100});
  now_ -= 1'000;
  resume(0, {100, 200});
  now_ -= 1'000;
  resume(100, {200, 300});
  EXPECT_THAT(steps_shown(), ElementsAre(0, 100, 200, 300));
}

TEST_F(TensorBoard, AFolderThatIsGoneIsAnErrorThatNamesIt) {
  TensorBoardRecorder recorder("/proc/nothing");
  EXPECT_THAT([&] { recorder.started({}); }, ::testing::ThrowsMessage<Error>(HasSubstr("/proc/nothing")));
}

}  // namespace
}  // namespace ddpg
