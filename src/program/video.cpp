// ddpg video: records episodes of a trained policy, in the environment that its file names.
#include "ddpg/video.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>

#include "ddpg/error.h"
#include "program/interrupt.h"
#include "program/output.h"
#include "program/policy_file.h"
#include "program/replaceable.h"
#include "program/verbs.h"
#include "record/text.h"
#include "support/json.h"
#include "support/shown.h"

namespace ddpg::cli {

namespace {

struct VideoArguments {
  std::string target;  // a run folder or a policy file
  std::string out;     // "" when not given
  std::string camera;  // likewise
  int episodes = 1;
  std::uint64_t seed = 0;
  int width = 640, height = 480;
  double frames_per_second = 0;  // 0: the task's own time
  bool overwrite = false;
};

// "640x480"
void read_size(const std::string& text, VideoArguments& video) {
  const std::size_t cross = text.find('x');
  if (cross == std::string::npos) {
    throw UsageError(
        fmt::format("--size: expected WIDTHxHEIGHT in pixels, such as 640x480, found \"{}\"", shown(text)));
  }
  constexpr std::int64_t kLargestSide = 16'384;
  video.width = static_cast<int>(whole_number("--size, width", text.substr(0, cross), 1, kLargestSide));
  video.height = static_cast<int>(whole_number("--size, height", text.substr(cross + 1), 1, kLargestSide));
}

VideoOptions video_options(const VideoArguments& video) {
  VideoOptions options;
  options.file.path = video.out;
  options.file.width = video.width;
  options.file.height = video.height;
  options.file.frames_per_second = video.frames_per_second;
  options.file.overwrite = video.overwrite;
  options.episodes = video.episodes;
  options.seed = video.seed;
  options.camera = video.camera;
  options.ended = [](const VideoEpisode& episode) {
    write_progress(fmt::format("episode {}: return {:.1f} in {}\n", episode.number, episode.total,
                               counted(episode.steps, "step")));
  };
  return options;
}

Json as_json(const Video& video, const VideoArguments& arguments, const Policy& policy) {
  Json returns = Json::array(), lengths = returns;
  for (const VideoEpisode& episode : video.episodes) {
    returns.push_back(episode.total);
    lengths.push_back(episode.steps);
  }
  return {{"environment", policy.provenance().environment},
          {"video", arguments.out},
          {"episodes", video.episodes.size()},
          {"seed", arguments.seed},
          {"returns", returns},
          {"lengths", lengths},
          {"frames", video.frames},
          {"frames_per_second", video.frames_per_second},
          {"width", arguments.width},
          {"height", arguments.height}};
}

int run_video(const VideoArguments& arguments, const Common& common) {
  const std::filesystem::path file = policy_file(arguments.target, "video");
  if (arguments.out.empty()) {
    throw UsageError(
        "which file is to be written? For example --out video.mp4; .mkv, .webm and .gif are known too, "
        "and a name without an ending makes a folder of PNG frames.");
  }
  check_folder_of("--out", arguments.out);
  Policy policy = Policy::load(file.string());
  const auto environment = environment_of(policy, file);
  const std::atomic<bool>& stop = listen_for_interrupt(false);

  const auto before = std::chrono::steady_clock::now();
  const Video video = record_video(policy, *environment, video_options(arguments), &stop);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
  if (video.interrupted) {
    print_message(
        fmt::format("interrupted after {}; {} was not written", counted(video.frames, "frame"), shown(arguments.out)));
    return kInterrupted;
  }

  if (common.json) {
    Json result = as_json(video, arguments, policy);
    result["seconds"] = seconds;
    print_json(result);
    return kDone;
  }
  print(fmt::format("{}: {}x{}, {} at {:g} frames/s, drawn and written in {}\n", shown(arguments.out), arguments.width,
                    arguments.height, counted(video.frames, "frame"), video.frames_per_second, human_seconds(seconds)));
  return kDone;
}

}  // namespace

Run add_video(Flags& flags) {
  const auto video = std::make_shared<VideoArguments>();
  add_target(flags, video->target);
  flags.text("--out", video->out, "FILE",
             "file to write: .mp4, .mkv, .webm or .gif; without an ending a folder of PNG frames");
  flags.number("--episodes", video->episodes, 1, 1'000'000, "episodes to show, one after the other [1]");
  flags.number("--seed", video->seed, 0, kNoLimit, "decides the starting states, as for evaluate [0]");
  flags.text("--camera", video->camera, "NAME", "from where to look; an unknown name lists those there are");
  flags.each(
      "--size", "WxH", [&given = *video](const std::string& text) { read_size(text, given); },
      "of the picture in pixels [640x480]");
  flags.real("--fps", video->frames_per_second, 0.01, 1000,
             "frames, that is steps, shown in a second [as many as the task's own time has]");
  flags.yes("--overwrite", video->overwrite, "replace the video that is there");
  return [video](const Common& common) { return run_video(*video, common); };
}

}  // namespace ddpg::cli
