// A stop is heard by the running program wherever it is: the exit code is 130, and nothing half made is left.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

#include "program/program.h"
#include "run/run_status.h"

namespace ddpg::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

// Whether the process handles the signal itself, as /proc says.
bool listens(::pid_t process, int signal = SIGTERM) {
  const std::string status = text_of("/proc/" + std::to_string(process) + "/status");
  const std::size_t place = status.find("SigCgt:");
  if (place == std::string::npos) return false;
  return (std::stoull(status.substr(place + 7), nullptr, 16) >> (signal - 1) & 1) != 0;
}

void write_script(const fs::path& file, const std::string& text) {
  write_text(file, "#!/bin/sh\n" + text);
  ::chmod(file.c_str(), 0755);
}

// A variable as long as this object.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* former = std::getenv(name)) former_ = former;
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { former_.empty() ? ::unsetenv(name_) : ::setenv(name_, former_.c_str(), 1); }
  Variable(const Variable&) = delete;

 private:
  const char* name_;
  std::string former_;
};

TEST(StopVerb, AnEvaluationWithoutEndIsGivenUp) {
  Workplace here;
  const ::pid_t process = here.begin(small_training({"--set", "evaluation_episodes=1000000000", "--run", "run"}));
  ASSERT_TRUE(eventually([&] { return fs::exists(here / "run/status.json"); }));
  ::kill(process, SIGTERM);
  const Finished finished = here.wait(process);
  EXPECT_EQ(finished.code, 130) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("Interrupted after 0 of 600 steps"));
  EXPECT_TRUE(fs::exists(here / "run/policy.ddpg"));
}

// As a cluster ends a job: SIGTERM, and SIGKILL four seconds later, here in the midst of a long evaluation.
TEST(StopVerb, AfterSigtermAndSigkillTheRunGoesOnToTheSameBits) {
  Workplace here;
  const std::vector<std::string> options = {"--quiet", "--set", "evaluation_episodes=2000", "--run"};
  const auto training = [&](const char* run) {
    std::vector<std::string> words = options;
    words.emplace_back(run);
    return small_training(words);
  };
  std::vector<std::string> endless = training("cut");
  endless.insert(endless.end(), {"--steps", "1e12"});
  const ::pid_t process = here.begin(endless);
  ASSERT_TRUE(eventually([&] { return has_row(here / "cut", "200"); }));  // the next evaluation comes after step 300
  ::usleep(50'000);
  ::kill(process, SIGTERM);
  int status = -1;
  for (int i = 0; i < 400 && ::waitpid(process, &status, WNOHANG) == 0; i++) ::usleep(10'000);
  if (status == -1) ::kill(process, SIGKILL), ::waitpid(process, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 130) << status;
  const std::string steps = std::to_string(read_status(here / "cut").step + 300);
  const Finished resumed = here.run({"resume", "cut", "--steps", steps, "--quiet"});
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  std::vector<std::string> straight = training("straight");
  straight.insert(straight.end(), {"--steps", steps});
  ASSERT_EQ(here.run(straight).code, 0);
  for (const char* file : {"policy.ddpg", "best.ddpg"})
    EXPECT_EQ(text_of(here / "cut" / file), text_of(here / "straight" / file)) << file;
}

// A terminal that closes and a limit of processor time send theirs more than once.
TEST(StopVerb, SignalsOfTheSystemMayComeTwice) {
  Workplace here;
  const ::pid_t process = here.begin(small_training({"--steps", "1e12", "--run", "run"}));
  ASSERT_TRUE(eventually([&] { return has_row(here / "run", "200"); }));
  for (const int signal : {SIGHUP, SIGHUP, SIGXCPU, SIGXCPU, SIGUSR1, SIGUSR2}) ::kill(process, signal);
  const Finished finished = here.wait(process);
  EXPECT_EQ(finished.code, 130) << finished.signal;
  EXPECT_EQ(here.run({"resume", "run", "--steps", "1", "--quiet"}).code, 2);  // there is something to go on with
}

TEST(StopVerb, UnderNohupTheTerminalMayClose) {
  Workplace here;
  ::signal(SIGHUP, SIG_IGN);
  const ::pid_t process = here.begin(small_training({"--steps", "1e12", "--run", "run"}));
  ::signal(SIGHUP, SIG_DFL);
  ASSERT_TRUE(eventually([&] { return has_row(here / "run", "200"); }));
  ::kill(process, SIGHUP);
  ASSERT_TRUE(eventually([&] { return has_row(here / "run", "1000"); }));
  EXPECT_TRUE(eventually([&] { return listens(process); }));
  ::kill(process, SIGTERM);
  EXPECT_EQ(here.wait(process).code, 130);
}

TEST(StopVerb, EvaluateTellsNoPartOfAResult) {
  Workplace here;
  ASSERT_EQ(here.train({"--run", "run", "--quiet"}).code, 0);
  const ::pid_t process = here.begin({"evaluate", "run", "--episodes", "1000000000", "--json"});
  ASSERT_TRUE(eventually([&] { return listens(process); }));
  ::kill(process, SIGTERM);
  const Finished finished = here.wait(process);
  EXPECT_EQ(finished.code, 130);
  EXPECT_EQ(finished.json().at("exit_code"), 130);
  EXPECT_FALSE(finished.json().contains("mean_return"));
}

// The compiler never ends, and has a child that does not either.
TEST(StopVerb, ExportLeavesNeitherItsTemporaryFolderNorACompiler) {
  Workplace here;
  ASSERT_EQ(here.train({"--run", "run", "--quiet"}).code, 0);
  fs::create_directory(here / "temporary");
  const Variable temporary("TMPDIR", here / "temporary");
  const fs::path child = here / "child";
  write_script(here / "cc", "sleep 1000 &\necho $! >'" + child.string() + "'\nwait\n");
  const ::pid_t process =
      here.begin({"export", "run", "--out", "a.h", "--verify", "--episodes", "1", "--compiler", here / "cc"});
  ASSERT_TRUE(eventually([&] { return text_of(child).ends_with('\n'); }));
  EXPECT_FALSE(fs::is_empty(here / "temporary"));
  ::kill(process, SIGTERM);
  const Finished finished = here.wait(process);
  EXPECT_EQ(finished.code, 130);
  EXPECT_THAT(finished.err, HasSubstr("a.h is written, and was not verified"));
  EXPECT_TRUE(fs::exists(here / "a.h"));
  EXPECT_TRUE(fs::is_empty(here / "temporary"));
  const std::string state = "/proc/" + std::to_string(std::stoi(text_of(child))) + "/stat";
  EXPECT_TRUE(eventually([&] {  // gone, or waiting for nobody to ask how it ended
    const std::string text = text_of(state);
    return text.empty() || text.find(") Z ") != std::string::npos;
  }));
}

TEST(StopVerb, TheEpisodesOfAnExportAreGivenUp) {
  Workplace here;
  ASSERT_EQ(here.train({"--run", "run", "--quiet"}).code, 0);
  const ::pid_t process = here.begin({"export", "run", "--out", "a.h", "--episodes", "1000000"});
  ASSERT_TRUE(eventually([&] { return listens(process); }));
  ::kill(process, SIGINT);
  EXPECT_EQ(here.wait(process).code, 130);
  EXPECT_FALSE(fs::exists(here / "a.h"));
}

TEST(StopVerb, AVideoDoesNotWaitForFfmpeg) {
  Workplace here;
  ASSERT_EQ(here.train({"--run", "run", "--quiet"}).code, 0);
  fs::create_directory(here / "bin");
  write_script(here / "bin/ffmpeg", "touch '" + (here / "begun").string() + "'\nsleep 1000\n");
  const Variable path("PATH", (here / "bin").string() + ":" + std::getenv("PATH"));
  const ::pid_t process = here.begin({"video", "run", "--out", "a.mp4"});
  ASSERT_TRUE(eventually([&] { return fs::exists(here / "begun"); }));
  ::kill(process, SIGTERM);
  const Finished finished = here.wait(process);
  EXPECT_EQ(finished.code, 130);
  EXPECT_THAT(finished.err, HasSubstr("a.mp4 was not written"));
  EXPECT_FALSE(fs::exists(here / "a.mp4"));
}

// Standard error is a pipe that nobody reads: full, it holds up the training, but not a stop.
TEST(StopVerb, ATerminalThatTakesNothingHoldsNoStopUp) {
  Workplace here;
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  ASSERT_GT(::fcntl(ends[1], F_SETPIPE_SZ, 4096), 0);
  const fs::path link = here / ".err";  // what Workplace gives the program for it
  ::symlink(("/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(ends[1])).c_str(), link.c_str());
  const ::pid_t process = here.begin(
      small_training({"--steps", "1e12", "--set", "log_interval=1", "--set", "evaluation_episodes=0", "--run", "run"}));
  std::size_t told = 0, looks = 0;
  EXPECT_TRUE(eventually([&] {  // rows stay away for long
    const std::size_t now = text_of(here / "run/progress.csv").size();
    looks = now == told ? looks + 1 : 0;
    told = now;
    return told > 0 && looks > 30;
  }));
  ::kill(process, SIGTERM);
  int status = -1;
  EXPECT_TRUE(eventually([&] { return ::waitpid(process, &status, WNOHANG) == process; }));
  if (status == -1) ::kill(process, SIGKILL), ::waitpid(process, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 130) << status;
  EXPECT_TRUE(fs::exists(here / "run/policy.ddpg"));
  fs::remove(link);
  ::close(ends[0]), ::close(ends[1]);
}

TEST(StopVerb, SaysWhyATrainingOfNoExperimentDoesNotBegin) {
  Workplace here;
  for (const auto& [value, code] : {std::pair("x", 2), std::pair("1", 130)}) {
    const Variable parent("DDPG_PARENT", value);
    const Finished finished = here.train();
    EXPECT_EQ(finished.code, code) << value;
    EXPECT_THAT(finished.err, HasSubstr("DDPG_PARENT"));
    EXPECT_FALSE(fs::exists(here / "runs"));
  }
}

}  // namespace
}  // namespace ddpg::testing
