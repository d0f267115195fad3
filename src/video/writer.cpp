// Pictures to a file, through ffmpeg.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "ddpg/error.h"
#include "ddpg/video.h"
#include "support/files.h"
#include "support/paths.h"
#include "support/shown.h"
#include "video/ffmpeg.h"
#include "video/format.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;

void check_values(const VideoFile& file, const VideoFormat& format) {
  constexpr int kLargestSide = 16'384;
  const auto fits = [](int side) { return side >= 1 && side <= kLargestSide; };
  if (!fits(file.width) || !fits(file.height)) {
    throw UsageError(fmt::format("[video] the size must be from 1x1 to {}x{} pixels, found {}x{}", kLargestSide,
                                 kLargestSide, file.width, file.height));
  }
  if (format.even_size && (file.width % 2 != 0 || file.height % 2 != 0)) {
    throw UsageError(fmt::format("[video] {} needs an even width and height, found {}x{}; {}x{} would do",
                                 format.ending, file.width, file.height, file.width + file.width % 2,
                                 file.height + file.height % 2));
  }
  if (!(file.frames_per_second > 0 && file.frames_per_second <= 1000)) {
    throw UsageError(fmt::format("[video] frames per second must be in (0, 1000], found {:g}", file.frames_per_second));
  }
}

// A folder of ours holds frames and nothing else; any other is nobody's to replace.
bool holds_frames_only(const fs::path& folder) {
  const std::vector<fs::path> entries = entries_of(folder);
  return std::all_of(entries.begin(), entries.end(), [](const fs::path& entry) {
    const std::string name = entry.stem().string();
    return what_is(entry) == Standing::file && entry.extension() == ".png" &&
           name.find_first_not_of("0123456789") == std::string::npos;
  });
}

void check_free(const VideoFile& file, bool frames) {
  if (!is_there(file.path)) return;
  if (is_folder(file.path) != frames) {
    throw UsageError(
        fmt::format("[video] {} exists and is {} folder; give another name", shown(file.path), frames ? "no" : "a"));
  }
  if (frames && entries_of(file.path).empty()) return;
  if (!file.overwrite) {
    throw UsageError(fmt::format("[video] {} exists{}; give another name, or --overwrite to replace it",
                                 shown(file.path), frames ? " and is not empty" : ""));
  }
  if (frames && !holds_frames_only(file.path)) {
    throw UsageError(fmt::format(
        "[video] {} holds more than the frames of a video, and is not replaced; give another name", shown(file.path)));
  }
}

// ffmpeg numbers files where a name says %05d, and takes any other % for the same.
std::string numbered_in(const fs::path& folder) {
  std::string name = fs::absolute(folder).string();
  for (std::size_t i = 0; (i = name.find('%', i)) != std::string::npos; i += 2) name.insert(i, 1, '%');
  return name + "/%05d.png";
}

std::vector<std::string> ffmpeg_arguments(const VideoFile& file, const VideoFormat& format, const std::string& output) {
  std::vector<std::string> arguments = {"-hide_banner",
                                        "-nostdin",
                                        "-nostats",
                                        "-loglevel",
                                        "error",
                                        "-xerror",  // else a file that was cut short by a full disk is a success
                                        "-f",
                                        "rawvideo",
                                        "-pixel_format",
                                        "rgb24",
                                        "-video_size",
                                        fmt::format("{}x{}", file.width, file.height),
                                        "-framerate",
                                        fmt::format("{:.6f}", file.frames_per_second),
                                        "-i",
                                        "pipe:0"};
  arguments.insert(arguments.end(), format.arguments.begin(), format.arguments.end());
  arguments.insert(arguments.end(), {"-y", output});
  return arguments;
}

}  // namespace

struct VideoWriter::Impl {
  VideoFile file;
  std::optional<PendingFile> whole;     // one of the two
  std::optional<PendingFolder> frames;  //
  std::optional<Ffmpeg> ffmpeg;
  bool finished = false;

  // What stands between a caller and a writer that was moved from, or has written its file.
  static Impl& of(const std::unique_ptr<Impl>& impl) {
    if (!impl) throw UsageError("[video] the writer was moved from; use the object that it was moved to");
    if (impl->finished) throw UsageError(fmt::format("[video] {} is finished; nothing can follow", impl->file.path));
    return *impl;
  }

  Impl(const VideoFile& wanted, const std::atomic<bool>* stop) : file(wanted) {
    if (file.path.empty()) throw UsageError("[video] the name of the file to write is empty");
    const fs::path path = file.path;
    const VideoFormat& format = find_video_format(path);
    check_values(file, format);
    const bool folder = format.ending.empty();
    check_free(file, folder);
    if (folder)
      frames.emplace(file.path);
    else
      whole.emplace(file.path);
    const std::string output = folder ? numbered_in(frames->temporary()) : fs::absolute(whole->temporary()).string();
    ffmpeg.emplace(file.ffmpeg, ffmpeg_arguments(file, format, output), file.path, stop);
  }
};

VideoWriter::VideoWriter(const VideoFile& file, const std::atomic<bool>* stop)
    : impl_(std::make_unique<Impl>(file, stop)) {}
VideoWriter::VideoWriter(VideoWriter&&) noexcept = default;
VideoWriter::~VideoWriter() = default;

void VideoWriter::add(const Picture& picture) {
  Impl& self = Impl::of(impl_);
  const VideoFile& file = self.file;
  const std::size_t bytes =
      std::size_t{3} * static_cast<std::size_t>(file.width) * static_cast<std::size_t>(file.height);
  if (picture.width != file.width || picture.height != file.height || picture.rgb.size() != bytes) {
    throw UsageError(fmt::format("[video] a frame must have {}x{} pixels, {} bytes, found {}x{} and {} bytes",
                                 file.width, file.height, bytes, picture.width, picture.height, picture.rgb.size()));
  }
  self.ffmpeg->write(picture.rgb);
}

void VideoWriter::finish() {
  Impl& self = Impl::of(impl_);
  self.ffmpeg->finish();
  if (self.whole) self.whole->commit();
  if (self.frames) self.frames->commit();
  self.finished = true;
}

}  // namespace ddpg
