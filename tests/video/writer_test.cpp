// Every format holds the frames it was given; what goes wrong is told, and leaves nothing behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>

#include "ddpg/error.h"
#include "ddpg/video.h"
#include "video/probe.h"

namespace ddpg::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kWidth = 32, kHeight = 16;

VideoFile small_file(const fs::path& path) {
  VideoFile file;
  file.path = path.string();
  file.width = kWidth;
  file.height = kHeight;
  file.frames_per_second = 20;
  return file;
}

Picture frame(int number, int width = kWidth, int height = kHeight) {
  Picture picture;
  picture.width = width;
  picture.height = height;
  picture.rgb.resize(3u * static_cast<unsigned>(width * height));
  for (std::size_t i = 0; i < picture.rgb.size(); i++)
    picture.rgb[i] = static_cast<std::uint8_t>(40 * number + 3 * (i % 50));
  return picture;
}

void write(const VideoFile& file, int frames = 7) {
  VideoWriter writer(file);
  for (int i = 0; i < frames; i++) writer.add(frame(i));
  writer.finish();
}

template <class Call>
std::string error_of(const Call& call) {
  try {
    call();
  } catch (const UsageError& error) {
    return std::string("usage: ") + error.what();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(VideoWriter, WritesWhatBrowsersPlay) {
  const Folder here;
  for (const char* name : {"a.mp4", "a.mkv", "a.webm", "a.gif", "A.MP4"}) write(small_file(here / name));
  EXPECT_EQ(probed(here / "a.mp4"), "h264,32,16,yuv420p,20/1,7");
  EXPECT_EQ(probed(here / "A.MP4"), "h264,32,16,yuv420p,20/1,7");
  EXPECT_EQ(probed(here / "a.mkv"), "h264,32,16,yuv420p,20/1,7");
  EXPECT_EQ(probed(here / "a.webm"), "vp9,32,16,yuv420p,20/1,7");
  EXPECT_EQ(probed(here / "a.gif"), "gif,32,16,bgra,20/1,7");
  EXPECT_EQ(here.entries().size(), 5u);
}

TEST(VideoWriter, WritesFramesToTheBit) {
  const Folder here;
  write(small_file(here / "100% of it/"));  // a % in the name is no number of a frame
  EXPECT_THAT(here.entries(), ElementsAre("100% of it"));
  for (int i = 0; i < 7; i++) {
    const Picture expected = frame(i);
    EXPECT_EQ(first_frame(here / ("100% of it/0000" + std::to_string(i) + ".png")),
              std::string(expected.rgb.begin(), expected.rgb.end()));
  }
  EXPECT_FALSE(fs::exists(here / "100% of it/00007.png"));
}

TEST(VideoWriter, GivesAGifNoMoreThan50FramesASecond) {
  const Folder here;
  VideoFile file = small_file(here / "fast.gif");
  file.frames_per_second = 100;
  write(file, 20);
  EXPECT_EQ(probed(file.path), "gif,32,16,bgra,50/1,10");
}

TEST(VideoWriter, TakesOddSizesWhereTheFormatDoes) {
  const Folder here;
  VideoFile file = small_file(here / "odd.gif");
  file.width = 33;
  VideoWriter writer(file);
  writer.add(frame(0, 33));
  writer.finish();
  EXPECT_THAT(probed(file.path), HasSubstr("gif,33,16"));
  file.path = (here / "odd.mp4").string();
  EXPECT_THAT(error_of([&] { VideoWriter{file}; }),
              AllOf(HasSubstr("usage: "), HasSubstr("33x16"), HasSubstr("34x16")));
}

TEST(VideoWriter, RefusesWrongValuesBeforeAnythingIsWritten) {
  const Folder here;
  const auto refused = [&](const auto& change) {
    VideoFile file = small_file(here / "a.mp4");
    change(file);
    return error_of([&] { VideoWriter{file}; });
  };
  EXPECT_THAT(refused([](VideoFile& file) { file.path += ".avi"; }),
              AllOf(HasSubstr("usage: "), HasSubstr(".avi"), HasSubstr(".mp4, .mkv, .webm or .gif")));
  EXPECT_THAT(refused([](VideoFile& file) { file.path = ""; }), HasSubstr("usage: "));
  EXPECT_THAT(refused([](VideoFile& file) { file.width = 0; }), AllOf(HasSubstr("usage: "), HasSubstr("0x16")));
  EXPECT_THAT(refused([](VideoFile& file) { file.height = 20'000; }), HasSubstr("usage: "));
  for (double rate : {0.0, -1.0, 1001.0, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_THAT(refused([&](VideoFile& file) { file.frames_per_second = rate; }), HasSubstr("frames per second"));
  EXPECT_THAT(here.entries(), IsEmpty());
}

TEST(VideoWriter, RefusesAFrameOfAnotherSize) {
  const Folder here;
  VideoWriter writer(small_file(here / "a.mp4"));
  EXPECT_THAT(error_of([&] { writer.add(frame(0, 16, 32)); }), AllOf(HasSubstr("usage: "), HasSubstr("16x32")));
}

TEST(VideoWriter, ReplacesOnlyWhenTold) {
  const Folder here;
  for (const char* name : {"a.gif", "frames"}) {
    VideoFile file = small_file(here / name);
    write(file, 3);
    EXPECT_THAT(error_of([&] { write(file, 5); }),
                AllOf(HasSubstr("usage: "), HasSubstr(name), HasSubstr("--overwrite")));
    file.overwrite = true;
    write(file, 5);
  }
  EXPECT_THAT(probed(here / "a.gif"), HasSubstr(",5"));
  EXPECT_TRUE(fs::exists(here / "frames/00004.png"));
  write(
      [&] {
        VideoFile file = small_file(here / "frames");
        file.overwrite = true;
        return file;
      }(),
      2);
  EXPECT_FALSE(fs::exists(here / "frames/00004.png")) << "a frame of the former video is left";
  EXPECT_EQ(here.entries().size(), 2u);
}

TEST(VideoWriter, NeverReplacesAFolderThatHoldsAnythingElse) {
  const Folder here;
  VideoFile file = small_file(here / "run");
  file.overwrite = true;
  write(file, 2);
  std::ofstream(here / "run/policy.ddpg") << "precious";
  EXPECT_THAT(error_of([&] { write(file); }), AllOf(HasSubstr("usage: "), HasSubstr("not replaced")));
  EXPECT_TRUE(fs::exists(here / "run/policy.ddpg"));
  fs::create_directory(here / "folder.mp4");
  file.path = (here / "folder.mp4").string();
  EXPECT_THAT(error_of([&] { write(file); }), AllOf(HasSubstr("usage: "), HasSubstr("is a folder")));
}

TEST(VideoWriter, LeavesNothingWhenItIsNotFinished) {
  const Folder here;
  for (const char* name : {"a.mp4", "frames"}) {
    VideoWriter writer(small_file(here / name));
    for (int i = 0; i < 5; i++) writer.add(frame(i));
    EXPECT_EQ(here.entries().size(), 1u);
  }
  EXPECT_THAT(here.entries(), IsEmpty());
}

// What a stand-in for ffmpeg makes of a video that is larger than any buffer between.
std::string error_with(const Folder& here, const std::string& lines) {
  const Folder programs;
  VideoFile file = small_file(here / "a.mp4");
  file.ffmpeg = script(programs / "ffmpeg", lines).string();
  return error_of([&] { write(file, 2'000); });
}

TEST(VideoWriter, TellsWhatFfmpegSaidWhenItDies) {
  const Folder here;
  EXPECT_THAT(error_with(here, "head -c 5000 >/dev/null\nfor i in 1 2 3 4 5 6 7; do echo line $i >&2; done\nexit 3\n"),
              AllOf(HasSubstr("exit code 3"), HasSubstr("a.mp4"), HasSubstr("line 3\n"), HasSubstr("line 7"),
                    Not(HasSubstr("line 2"))));
  EXPECT_THAT(error_with(here, "head -c 5000 >/dev/null\nkill -9 $$\n"), HasSubstr("signal 9"));
  EXPECT_THAT(error_with(here, "cat >/dev/null\necho disk full >&2\nexit 1\n"), HasSubstr("disk full"));
  EXPECT_THAT(here.entries(), IsEmpty());
}

TEST(VideoWriter, KeepsTheFormerVideoWhenFfmpegDies) {
  const Folder here;
  VideoFile file = small_file(here / "a.gif");
  write(file, 3);
  file.overwrite = true;
  const Folder programs;
  file.ffmpeg = script(programs / "ffmpeg", "exit 1\n").string();
  EXPECT_THAT(error_of([&] { write(file, 2'000); }), HasSubstr("exit code 1"));
  EXPECT_THAT(probed(file.path), HasSubstr(",3"));
  EXPECT_THAT(here.entries(), ElementsAre("a.gif"));
}

TEST(VideoWriter, NamesThePackageWhereFfmpegIsMissing) {
  const Folder here;
  VideoFile file = small_file(here / "a.mp4");
  file.ffmpeg = (here / "nothing").string();
  EXPECT_THAT(error_of([&] { write(file); }),
              AllOf(HasSubstr("nothing was not found"), HasSubstr("apt-get install ffmpeg")));
  EXPECT_THAT(here.entries(), IsEmpty());
}

TEST(VideoWriter, NamesAFolderThatIsNotThere) {
  const Folder here;
  EXPECT_THAT(error_of([&] { write(small_file(here / "missing/a.mp4")); }),
              AllOf(HasSubstr("missing/a.mp4"), HasSubstr("No such file or directory")));
}

}  // namespace
}  // namespace ddpg::testing
