#include "video/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "ddpg/error.h"
#include "support/shown.h"

namespace ddpg {
namespace {

// yuv420p is the one colour layout that every browser plays. A GIF gets a palette of its own for each frame: one
// palette for all would make ffmpeg keep the whole video in memory; its frames last a multiple of 1/100 s, and browsers
// slow down those shorter than 2/100.
const std::vector<VideoFormat>& formats() {
  static const std::vector<VideoFormat> all = {
      {".mp4", {"-c:v", "libx264", "-pix_fmt", "yuv420p", "-movflags", "+faststart", "-f", "mp4"}, true},
      {".mkv", {"-c:v", "libx264", "-pix_fmt", "yuv420p", "-f", "matroska"}, true},
      {".webm",
       {"-c:v", "libvpx-vp9", "-pix_fmt", "yuv420p", "-b:v", "0", "-crf", "30", "-row-mt", "1", "-cpu-used", "5", "-f",
        "webm"},
       true},
      {".gif",
       {"-filter_complex",
        "fps=min(source_fps\\,50),split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1", "-loop", "0",
        "-f", "gif"}},
      {"", {"-start_number", "0", "-f", "image2"}},
  };
  return all;
}

}  // namespace

const VideoFormat& find_video_format(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const VideoFormat& format : formats()) {
    if (format.ending == ending) return format;
  }
  throw UsageError(
      fmt::format("[video] {}: the ending {} is no format known here; expected .mp4, .mkv, .webm or .gif, or a name "
                  "without an ending for a folder of PNG frames",
                  shown(path), ending));
}

}  // namespace ddpg
