// What a video is, as ffprobe and ffmpeg see it, and programs that stand in for ffmpeg.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace ddpg::testing {

namespace fs = std::filesystem;

// Standard output of a command line.
inline std::string output_of(const std::string& command) {
  struct Close {
    void operator()(FILE* stream) const { ::pclose(stream); }
  };
  const std::unique_ptr<FILE, Close> stream(::popen(command.c_str(), "r"));
  std::string text;
  std::array<char, 4096> buffer;
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), stream.get()))
    text.append(buffer.data(), count);
  return text;
}

// "h264,640,480,yuv420p,20/1,201": codec, size, colours, frames in a second, frames that can be decoded.
inline std::string probed(const fs::path& video) {
  const std::string text = output_of(
      "ffprobe -v error -count_frames -select_streams v -show_entries "
      "stream=codec_name,width,height,pix_fmt,r_frame_rate,nb_read_frames -of csv=p=0 '" +
      video.string() + "'");
  return text.substr(0, text.find('\n'));
}

// The pixels of the first frame, [height, width, 3].
inline std::string first_frame(const fs::path& video) {
  return output_of("ffmpeg -v error -i '" + video.string() + "' -frames:v 1 -f rawvideo -pix_fmt rgb24 -");
}

// A folder that exists as long as this object.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "ddpg-video-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;

  fs::path operator/(const std::string& name) const { return path_ / name; }
  // Names of everything in it, those with a dot in front too.
  std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path_)) names.push_back(entry.path().filename());
    return names;
  }

 private:
  fs::path path_;
};

// A program that does what the lines of shell say.
inline fs::path script(const fs::path& path, const std::string& lines) {
  std::ofstream(path) << "#!/bin/sh\n" << lines;
  fs::permissions(path, fs::perms::owner_all);
  return path;
}

}  // namespace ddpg::testing
