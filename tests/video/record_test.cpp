// A recorded episode is the one that evaluate() plays.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "ddpg/error.h"
#include "ddpg/train.h"
#include "ddpg/video.h"
#include "video/probe.h"

namespace ddpg::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Policy untrained(const std::string& environment) {
  Options options;
  options.environment = environment;
  options.steps = 1;
  options.evaluation_episodes = 0;
  options.actor.hidden = options.critic.hidden = {8};
  return train(options).policy;
}

VideoOptions small(const fs::path& path) {
  VideoOptions options;
  options.file.path = path.string();
  options.file.width = 64;
  options.file.height = 48;
  options.file.frames_per_second = 0;
  return options;
}

TEST(RecordVideo, ShowsTheEpisodesOfAnEvaluation) {
  const Folder here;
  Policy policy = untrained("LinearQuadratic-v0");
  const auto environment = make_environment("LinearQuadratic-v0");
  VideoOptions options = small(here / "a.mp4");
  options.episodes = 3;
  options.seed = 5;
  std::vector<int> told;
  options.ended = [&](const VideoEpisode& episode) { told.push_back(episode.number); };
  const Video video = record_video(policy, *environment, options);

  const Evaluation evaluation = evaluate(policy, *environment, 3, 5);
  ASSERT_EQ(video.episodes.size(), 3u);
  double sum = 0;
  for (const VideoEpisode& episode : video.episodes) {
    EXPECT_EQ(episode.steps, 100);
    sum += episode.total;
  }
  EXPECT_EQ(sum / 3, evaluation.mean_return);
  EXPECT_EQ(told, (std::vector<int>{1, 2, 3}));
  EXPECT_FALSE(video.interrupted);
  // of each episode the first state, and one after each step
  EXPECT_EQ(video.frames, 303);
  EXPECT_EQ(video.frames_per_second, 20) << "steps of 0.05 s";
  EXPECT_EQ(probed(here / "a.mp4"), "h264,64,48,yuv420p,20/1,303");
}

TEST(RecordVideo, ShowsWhatTheEnvironmentDraws) {
  const Folder here;
  Policy policy = untrained("Pendulum-v1");
  const auto environment = make_environment("Pendulum-v1");
  record_video(policy, *environment, small(here / "frames"));
  const std::vector<double> last = environment->save_state();
  Picture picture;
  picture.width = 64;
  picture.height = 48;
  environment->draw(picture);  // the environment is still in its last state
  EXPECT_EQ(first_frame(here / "frames/00200.png"), std::string(picture.rgb.begin(), picture.rgb.end()));
  EXPECT_NE(first_frame(here / "frames/00000.png"), first_frame(here / "frames/00200.png"));
}

TEST(RecordVideo, TakesAnotherSpeedWhenTold) {
  const Folder here;
  Policy policy = untrained("LinearQuadratic-v0");
  VideoOptions options = small(here / "slow.mp4");
  options.file.frames_per_second = 7.5;
  record_video(policy, *make_environment("LinearQuadratic-v0"), options);
  EXPECT_EQ(probed(here / "slow.mp4"), "h264,64,48,yuv420p,15/2,101");
}

TEST(RecordVideo, LeavesNothingWhenItIsStopped) {
  const Folder here;
  Policy policy = untrained("LinearQuadratic-v0");
  VideoOptions options = small(here / "a.mp4");
  options.episodes = 1'000;
  std::atomic<bool> stop = false;
  options.ended = [&](const VideoEpisode& episode) { stop = episode.number == 2; };
  const Video video = record_video(policy, *make_environment("LinearQuadratic-v0"), options, &stop);
  EXPECT_TRUE(video.interrupted);
  EXPECT_EQ(video.frames, 202);
  EXPECT_THAT(here.entries(), IsEmpty());
}

// A task that is not to be seen.
class Unseen final : public Environment {
 public:
  const Specification& specification() const override { return specification_; }
  void reset(RandomStream&, std::span<double> observation) override { observation[0] = observation[1] = 0; }
  StepResult step(std::span<const float>, std::span<double> observation) override {
    observation[0] = observation[1] = 0;
    return {.terminated = true};
  }

 private:
  Specification specification_{"Unseen-v0", 2, {-1}, {1}, 0};
};

TEST(RecordVideo, LeavesNothingWhereThereIsNoPicture) {
  const Folder here;
  Policy policy = untrained("LinearQuadratic-v0");
  Unseen unseen;
  try {
    record_video(policy, unseen, small(here / "a.mp4"));
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("[Unseen-v0] this environment has no picture"));
  }
  EXPECT_THAT(here.entries(), IsEmpty());
}

TEST(RecordVideo, RefusesWhatCannotBe) {
  const Folder here;
  Policy policy = untrained("LinearQuadratic-v0");
  const auto pendulum = make_environment("Pendulum-v1"), right = make_environment("LinearQuadratic-v0");
  EXPECT_THROW(record_video(policy, *pendulum, small(here / "a.mp4")), UsageError);
  VideoOptions none = small(here / "a.mp4");
  none.episodes = 0;
  EXPECT_THROW(record_video(policy, *right, none), UsageError);
  VideoOptions camera = small(here / "a.mp4");
  camera.camera = "track";
  EXPECT_THROW(record_video(policy, *right, camera), UsageError);
  EXPECT_THAT(here.entries(), IsEmpty());
}

}  // namespace
}  // namespace ddpg::testing
