// ddpg video as a user sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdlib>

#include "places.h"
#include "program/program.h"
#include "video/probe.h"

namespace ddpg::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class VideoVerb : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(here.train({"--run", "run", "--quiet"}).code, 0); }

  Finished video(std::vector<std::string> more) {
    more.insert(more.begin(), {"video", "run", "--size", "64x48"});
    return here.run(more);
  }

  Workplace here;
};

TEST_F(VideoVerb, WritesAVideoAndTellsTheReturns) {
  const Finished finished = video({"--out", "a.mp4", "--episodes", "2", "--seed", "9", "--json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(probed(here / "a.mp4"), "h264,64,48,yuv420p,20/1,402");
  EXPECT_THAT(finished.err, AllOf(HasSubstr("episode 1: return -"), HasSubstr("episode 2: return -")));
  const nlohmann::json result = finished.json();
  EXPECT_EQ(result.at("environment"), "Pendulum-v1");
  EXPECT_EQ(result.at("video"), "a.mp4");
  EXPECT_EQ(result.at("frames"), 402);
  EXPECT_EQ(result.at("lengths"), nlohmann::json({200, 200}));
  const nlohmann::json evaluated = here.run({"evaluate", "run", "--episodes", "2", "--seed", "9", "--json"}).json();
  const double first = result.at("returns").at(0), second = result.at("returns").at(1);
  EXPECT_EQ((first + second) / 2, evaluated.at("mean_return"));
}

TEST_F(VideoVerb, TakesAPolicyFileAndWritesFrames) {
  const Finished finished = here.run({"video", "run/policy.ddpg", "--size", "65x31", "--out", "frames/"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, AllOf(HasSubstr("201 frames"), HasSubstr("20 frames/s")));
  EXPECT_EQ(probed(here / "frames/00200.png").substr(0, 9), "png,65,31");
}

// ffmpeg itself ends with 0 where what it writes last does not fit.
TEST_F(VideoVerb, AFileThatMayGrowNoFurtherIsNoVideo) {
  write_text(here / "ffmpeg", "#!/bin/sh\ntrap '' XFSZ\nPATH=${PATH#*:} exec ffmpeg \"$@\"\n");
  std::filesystem::permissions(here / "ffmpeg", std::filesystem::perms::owner_all);
  const std::string command = "cd '" + (here / "").string() + "' && PATH=$PWD:$PATH && ulimit -f 3 && '" +
                              program_file() + "' video run --size 64x48 --out a.mkv 2>err";
  const int status = std::system(command.c_str());
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_THAT(text_of(here / "err"), AllOf(HasSubstr("no video was written"), HasSubstr("File too large")));
  EXPECT_FALSE(std::filesystem::exists(here / "a.mkv"));
}

TEST_F(VideoVerb, EndsWithCode2WhereItIsUsedWrongly) {
  struct Wrong {
    std::vector<std::string> arguments;
    const char* named;
  };
  const Wrong wrongs[] = {{{}, "--out video.mp4"},
                          {{"--out", "a.avi"}, ".avi"},
                          {{"--out", "nowhere/a.mp4"}, "there is no folder nowhere"},
                          {{"--out", "a.mp4", "--episodes", "0"}, "from 1"},
                          {{"--out", "a.mp4", "--camera", "track"}, "\"track\""},
                          {{"--out", "a.mp4", "--size", "640"}, "640x480"},
                          {{"--out", "a.mp4", "--size", "640x"}, "height"},
                          {{"--out", "a.mp4", "--size", "63x48"}, "64x48"},
                          {{"--out", "a.mp4", "--fps", "0"}, "--fps"},
                          {{"--out", "run", "--overwrite"}, "not replaced"}};
  for (const Wrong& wrong : wrongs) {
    const Finished finished = video(wrong.arguments);
    EXPECT_EQ(finished.code, 2) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr(wrong.named));
    EXPECT_EQ(finished.out, "");
  }
  EXPECT_FALSE(std::filesystem::exists(here / "a.mp4"));
}

TEST_F(VideoVerb, OverwritesOnlyWhenTold) {
  write_text(here / "a.mp4", "mine");
  const Finished refused = video({"--out", "a.mp4"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("a.mp4 exists"), HasSubstr("--overwrite")));
  EXPECT_EQ(text_of(here / "a.mp4"), "mine");
  EXPECT_EQ(video({"--out", "a.mp4", "--overwrite"}).code, 0);
  EXPECT_EQ(probed(here / "a.mp4"), "h264,64,48,yuv420p,20/1,201");
}

TEST_F(VideoVerb, NamesThePackageWhereFfmpegIsMissing) {
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  const Finished finished = video({"--out", "a.mp4", "--json"});
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.err, HasSubstr("apt-get install ffmpeg"));
  EXPECT_EQ(finished.json().at("exit_code"), 1);
}

TEST_F(VideoVerb, LeavesNothingWhenItIsInterrupted) {
  const ::pid_t process = here.begin({"video", "run", "--out", "a.mp4", "--episodes", "1000000"});
  ASSERT_TRUE(eventually([&] { return here.errors_so_far().find("episode 1:") != std::string::npos; }));
  ::kill(process, SIGINT);
  const Finished finished = here.wait(process);
  EXPECT_EQ(finished.code, 130);
  EXPECT_THAT(finished.err, AllOf(HasSubstr("interrupted"), HasSubstr("a.mp4 was not written")));
  for (const auto& entry : std::filesystem::directory_iterator(here / ""))
    EXPECT_THAT(entry.path().filename().string(), ::testing::AnyOf("run", ".out", ".err"));
}

}  // namespace
}  // namespace ddpg::testing
