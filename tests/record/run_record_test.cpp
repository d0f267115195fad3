#include "record/run_record.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ddpg/error.h"
#include "report/written_runs.h"
#include "run/line_sums.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RunRecordTest : public ::testing::Test {
 protected:
  RunRecord read(const std::string& name) const { return read_run(runs.root / name); }

  testing::WrittenRuns runs;
};

// Holds a folder as a training does.
class Held {
 public:
  explicit Held(const fs::path& folder) : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY)) {
    EXPECT_EQ(::flock(descriptor_, LOCK_EX | LOCK_NB), 0);
  }
  ~Held() { ::close(descriptor_); }
  Held(const Held&) = delete;

 private:
  int descriptor_;
};

TEST_F(RunRecordTest, ReadsWhatATrainingLeaves) {
  runs.add("a", 3, {-1'000, -500, -150});
  runs.write("a/summary.json", R"({"steps": 20000, "seconds": 12.5, "outcome": "finished"})");
  const RunRecord run = read("a");
  EXPECT_THAT(run.problems, IsEmpty());
  EXPECT_EQ(run.options->seed, 3u);
  EXPECT_EQ(run.environment(), "Pendulum-v1");
  EXPECT_EQ(run.state, RunState::finished);
  EXPECT_EQ(run.steps_done, 20'000);
  EXPECT_EQ(run.steps_asked, 20'000);
  EXPECT_EQ(run.seconds, 12.5);
  EXPECT_EQ(run.processor, "a processor");
  EXPECT_EQ(run.progress.last("evaluation_mean_return"), -150);
}

TEST_F(RunRecordTest, TellsTheStateOfAFolderWithoutStatus) {
  runs.add("killed", 0, {-1});
  EXPECT_EQ(read("killed").state, RunState::interrupted);
  EXPECT_EQ(read("killed").steps_done, 0);
  {
    const Held held(runs.root / "killed");
    EXPECT_EQ(read("killed").state, RunState::running);
  }
  runs.write("killed/summary.json", R"({"outcome": "interrupted"})");
  EXPECT_EQ(read("killed").state, RunState::interrupted);
}

TEST_F(RunRecordTest, BelievesTheStatusButNotOfTheDead) {
  runs.add("a", 0, {-1, -2});
  runs.write("a/status.json", R"({"state": "running", "step": 1500, "steps": 40000, "pid": 1, "message": ""})");
  EXPECT_EQ(read("a").state, RunState::interrupted);
  EXPECT_EQ(read("a").steps_done, 1'500);
  EXPECT_EQ(read("a").steps_asked, 40'000) << "a resumed run may have been asked for more";
  {
    const Held held(runs.root / "a");
    EXPECT_EQ(read("a").state, RunState::running);
  }
  runs.write("a/status.json", R"({"state": "failed", "step": 1500, "message": "a number was not finite"})");
  EXPECT_EQ(read("a").state, RunState::failed);
  EXPECT_EQ(read("a").message, "a number was not finite");
}

TEST_F(RunRecordTest, GoesOnBesideWhatCannotBeRead) {
  runs.add("a", 0, {-1});
  runs.write("a/machine.json", "{");
  runs.write("a/summary.json", "[1, 2]");
  runs.write("a/status.json", R"({"state": 7, "step": -1e300, "steps": "many"})");
  runs.write("a/config.toml", "tau = = 1");
  const RunRecord run = read("a");
  EXPECT_EQ(run.progress.rows(), 1u);
  EXPECT_FALSE(run.options);
  EXPECT_EQ(run.state, RunState::interrupted);
  EXPECT_THAT(run.problems,
              ElementsAre(HasSubstr("config.toml:1"),
                          HasSubstr("machine.json] expected JSON, found something else (parse error"),
                          HasSubstr("summary.json: expected a JSON object"), HasSubstr("state is none of")));
}

TEST_F(RunRecordTest, ReadsATableWithAWrongBitAndSaysSo) {
  const fs::path table = runs.add("a", 0, {-1, -2, -3}) / "progress.csv";
  std::string text = read_file(table), sums;
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
    end = text.find('\n', begin) + 1;
    sums += sum_of_line(text.substr(begin, end - begin), end);
  }
  runs.write("a/progress.sums", sums);
  text[text.find("\n1000,")] = '\n' ^ 0x20;
  runs.write("a/progress.csv", text);
  const RunRecord run = read("a");
  EXPECT_EQ(run.progress.rows(), 3u);
  EXPECT_THAT(run.problems, ElementsAre(HasSubstr("progress.csv: line 2 had a wrong bit, which is mended")));
}

TEST_F(RunRecordTest, WaitsForNoPipeAndReadsNoFolder) {
  runs.add("a", 0, {-1});
  fs::remove(runs.root / "a/progress.csv");
  ASSERT_EQ(::mkfifo((runs.root / "a/progress.csv").c_str(), 0600), 0);
  fs::remove(runs.root / "a/machine.json");
  fs::create_directory(runs.root / "a/machine.json");
  fs::create_symlink("/dev/zero", runs.root / "a/summary.json");
  EXPECT_THAT(read("a").problems,
              ElementsAre(HasSubstr("progress.csv: it is a pipe"), HasSubstr("machine.json: Is a directory"),
                          HasSubstr("summary.json: it is a device")));
}

TEST_F(RunRecordTest, TakesNoMoreMemoryThanAFileShouldNeed) {
  runs.add("a", 0, {-1});
  runs.write("a/machine.json", std::string((1u << 20) + 1, ' '));
  runs.write("a/summary.json", std::string(500'000, '['));
  runs.write("a/config.toml", "environment" + std::string(400'000, '.'));
  EXPECT_THAT(read("a").problems, ElementsAre(HasSubstr("config.toml:1: expected a key of at most 8 parts"),
                                              HasSubstr("machine.json: it is longer than"),
                                              HasSubstr("summary.json] expected JSON of at most 32 levels")));
}

TEST_F(RunRecordTest, FindsRunsInTheOrderOfTheirNumbers) {
  for (const char* name : {"x/seed10", "x/seed2", "x/seed1", "y"}) runs.add(name, 0, {});
  fs::create_directories(runs.root / "x/seed1/checkpoints");
  runs.write("x/seed1/checkpoints/config.toml", "");
  runs.write("x/seed1/checkpoints/progress.csv", "");
  runs.write("z/config.toml", "");  // alone: no run
  fs::create_directory_symlink(runs.root / "x", runs.root / "again");
  std::vector<std::string> names;
  for (const fs::path& run : find_runs(runs.root)) names.push_back(fs::relative(run, runs.root).string());
  EXPECT_THAT(names, ElementsAre("x/seed1", "x/seed2", "x/seed10", "y"));
  EXPECT_THAT(find_runs(runs.root / "y"), ElementsAre(runs.root / "y"));
  EXPECT_THAT([&] { find_runs(runs.root / "nowhere"); }, ::testing::ThrowsMessage<Error>(HasSubstr("nowhere")));
}

TEST(NaturalOrder, TakesNumbersForNumbers) {
  EXPECT_TRUE(natural_less("seed2", "seed10"));
  EXPECT_FALSE(natural_less("seed10", "seed2"));
  EXPECT_TRUE(natural_less("a", "b1"));
  EXPECT_TRUE(natural_less("a", "a1"));
  EXPECT_FALSE(natural_less("a007", "a7"));
  EXPECT_FALSE(natural_less("a7", "a007"));
}

}  // namespace
}  // namespace ddpg
