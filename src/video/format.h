// The formats of videos: which endings of a name there are, and what ffmpeg is given for each.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ddpg {

struct VideoFormat {
  std::string ending;                  // ".mp4"; "": a folder of PNG frames
  std::vector<std::string> arguments;  // of ffmpeg, for the output
  bool even_size = false;              // colours are kept for blocks of 2x2 pixels
};

// By the ending of `path`. Throws UsageError naming the endings there are.
const VideoFormat& find_video_format(const std::filesystem::path& path);

}  // namespace ddpg
