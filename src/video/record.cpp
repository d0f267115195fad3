// Test episodes, drawn state by state.
#include "ddpg/error.h"
#include "ddpg/interrupted.h"
#include "ddpg/video.h"
#include "run/evaluation.h"
#include "support/stop.h"

namespace ddpg {
namespace {

constexpr double kUsualRate = 30;  // frames in a second, for a task that does not say how long a step takes

double frame_rate(const Environment& environment, const VideoOptions& options) {
  if (options.file.frames_per_second != 0) return options.file.frames_per_second;
  const double period = environment.specification().control_period;
  return period > 0 ? 1 / period : kUsualRate;
}

// Everything but what a stop makes of it.
void record(Policy& policy, Environment& environment, const VideoOptions& options, const std::atomic<bool>* stop,
            Video& video) {
  VideoFile file = options.file;
  file.frames_per_second = video.frames_per_second = frame_rate(environment, options);
  VideoWriter writer(file, stop);
  Picture picture;
  picture.width = file.width;
  picture.height = file.height;
  const auto show = [&] {
    throw_if_stopped(stop, "a video");
    environment.draw(picture, options.camera);
    writer.add(picture);
    video.frames++;
    return true;
  };
  RandomStream random = evaluation_stream(options.seed);
  for (int number = 1; number <= options.episodes; number++) {
    const Episode episode = play_episode(policy, environment, random, {}, show);
    video.episodes.push_back({number, static_cast<int>(episode.rewards.size()), episode.sum()});
    if (options.ended) options.ended(video.episodes.back());
  }
  writer.finish();
}

}  // namespace

Video record_video(Policy& policy, Environment& environment, const VideoOptions& options,
                   const std::atomic<bool>* stop) {
  check_policy_fits(policy, environment);
  check_episodes("video", options.episodes);
  Video video;
  try {
    record(policy, environment, options, stop, video);
  } catch (const Interrupted&) {
    video.interrupted = true;
  }
  return video;
}

}  // namespace ddpg
