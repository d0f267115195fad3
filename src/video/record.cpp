// Test episodes, drawn state by state.
#include "ddpg/error.h"
#include "ddpg/video.h"
#include "run/evaluation.h"

namespace ddpg {
namespace {

constexpr double kUsualRate = 30;  // frames in a second, for a task that does not tell how long a step takes

double frame_rate(const Environment& environment, const VideoOptions& options) {
  if (options.file.frames_per_second != 0) return options.file.frames_per_second;
  const double period = environment.specification().control_period;
  return period > 0 ? 1 / period : kUsualRate;
}

}  // namespace

Video record_video(Policy& policy, Environment& environment, const VideoOptions& options,
                   const std::atomic<bool>* stop) {
  check_policy_fits(policy, environment);
  check_episodes("video", options.episodes);
  VideoFile file = options.file;
  file.frames_per_second = frame_rate(environment, options);
  Video video;
  video.frames_per_second = file.frames_per_second;

  VideoWriter writer(file);
  Picture picture;
  picture.width = file.width;
  picture.height = file.height;
  const auto show = [&] {
    video.interrupted = stop != nullptr && *stop;
    if (video.interrupted) return false;
    environment.draw(picture, options.camera);
    writer.add(picture);
    video.frames++;
    return true;
  };
  RandomStream random = evaluation_stream(options.seed);
  for (int number = 1; number <= options.episodes; number++) {
    const Episode episode = play_episode(policy, environment, random, {}, show);
    if (video.interrupted) return video;
    video.episodes.push_back({number, static_cast<int>(episode.rewards.size()), episode.sum()});
    if (options.ended) options.ended(video.episodes.back());
  }
  writer.finish();
  return video;
}

}  // namespace ddpg
