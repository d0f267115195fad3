// Videos of a policy at work. What is seen comes from Environment::draw(); the program `ffmpeg` makes files of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ddpg/environment.h"
#include "ddpg/picture.h"
#include "ddpg/policy.h"

namespace ddpg {

/// What a video is like as a file.
struct VideoFile {
  /// Its name chooses the format: .mp4 and .mkv (H.264), .webm (VP9), .gif; without an ending a folder, in which each
  /// frame is a PNG, 00000.png and on.
  std::string path{};
  int width = 640;                ///< pixels, 1 to 16,384; even but for .gif and PNG
  int height = 480;               ///< likewise
  double frames_per_second = 30;  ///< (0, 1000]; a .gif shows at most 50 and leaves out what is more
  bool overwrite = false;         ///< false: a file of that name is an error, and so is a folder that is not empty
  std::string ffmpeg = "ffmpeg";  ///< the program: a path, or a name to be found as a shell would find it
};

/// Writes pictures to a video. The file takes its name in finish(), when it is whole; if that is never reached nothing
/// is left. Throws UsageError for wrong values, Error when ffmpeg is missing or fails, with what it said.
class VideoWriter {
 public:
  /// When `*stop` becomes true, add() and finish() throw Interrupted.
  explicit VideoWriter(const VideoFile& file, const std::atomic<bool>* stop = nullptr);
  VideoWriter(VideoWriter&&) noexcept;
  ~VideoWriter();

  /// The next frame, of the size of the file.
  void add(const Picture& picture);
  /// Nothing can follow: add() and finish() throw UsageError then.
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// An episode that was recorded.
struct VideoEpisode {
  int number = 0;  ///< from 1
  int steps = 0;
  double total = 0;  ///< its return
};

struct VideoOptions {
  VideoFile file{};  ///< frames_per_second = 0: as fast as the task's own time goes, Specification::control_period
  int episodes = 1;
  std::uint64_t seed = 0;  ///< the same starting states as evaluate() with this seed
  std::string camera{};    ///< one of Environment::cameras(); "": the usual view
  /// Called after each episode; may be empty.
  std::function<void(const VideoEpisode&)> ended{};
};

struct Video {
  std::vector<VideoEpisode> episodes;
  std::int64_t frames = 0;  ///< of each episode the first state, and one after each step
  double frames_per_second = 0;
  bool interrupted = false;  ///< `*stop` became true: there is no file
};

/// Plays episodes without noise and records them, one after the other. When `*stop` becomes true it ends at the next
/// frame, or while ffmpeg is waited for, and leaves nothing.
Video record_video(Policy& policy, Environment& environment, const VideoOptions& options,
                   const std::atomic<bool>* stop = nullptr);

}  // namespace ddpg
