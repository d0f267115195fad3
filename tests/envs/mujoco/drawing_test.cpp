// Pictures of MuJoCo tasks: the right way up, of the state that is, from the camera that was asked for; and drawing
// changes nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <thread>

#include "ddpg/error.h"
#include "ddpg/mujoco.h"

// Mesa's threads hand over by futexes, which ThreadSanitizer does not see in a library that was built without it.
extern "C" const char* __tsan_default_suppressions() {
  return "race:swrast_dri.so\nrace:libOSMesa.so\n";
}

namespace ddpg {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Pixel = std::array<int, 3>;

Picture drawn(const Environment& environment, const std::string& camera = "", int width = 120, int height = 90) {
  Picture picture;
  picture.width = width;
  picture.height = height;
  environment.draw(picture, camera);
  return picture;
}

// Where the pixels are that `counts` accepts, in shares of the picture from its left and its top; NaN: there are none.
struct Place {
  double x, y;
};

template <class Counts>
Place place_of(const Picture& picture, const Counts& counts) {
  double x = 0, y = 0, number = 0;
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    if (!counts(Pixel{picture.rgb[i], picture.rgb[i + 1], picture.rgb[i + 2]})) continue;
    const std::size_t width = static_cast<std::size_t>(picture.width);
    x += static_cast<double>(i / 3 % width) / picture.width;
    y += static_cast<double>(i / 3 / width) / picture.height;
    number++;
  }
  return {x / number, y / number};
}

bool red(const Pixel& p) {
  return p[0] > 2 * p[1] + 20 && p[0] > 2 * p[2] + 20;
}
bool green(const Pixel& p) {
  return p[1] > 2 * p[0] + 20 && p[1] > 2 * p[2] + 20;
}
bool blue(const Pixel& p) {
  return p[2] > 2 * p[0] + 20 && p[2] > 2 * p[1] + 20;
}

// A red ball that a motor moves along x, a green one that stands above the origin and a blue one below it.
constexpr const char* kBalls = R"(<mujoco>
  <option timestep="0.01" gravity="0 0 0"/>
  <visual><headlight ambient=".6 .6 .6"/></visual>
  <worldbody>
    <camera name="from_far" pos="0 -12 0" xyaxes="1 0 0 0 0 1"/>
    <camera pos="0 -4 20" xyaxes="1 0 0 0 0 1"/>
    <geom type="sphere" size=".3" pos="0 0 1" rgba="0 1 0 1"/>
    <geom type="sphere" size=".3" pos="0 0 -1" rgba="0 0 1 1"/>
    <body name="ball"><joint type="slide" axis="1 0 0"/><geom type="sphere" size=".3" mass="1" rgba="1 0 0 1"/></body>
  </worldbody>
  <actuator><motor joint="" ctrlrange="-1 1"/></actuator>
</mujoco>)";

class Ball final : public MujocoEnvironment {
 public:
  explicit Ball(const MujocoView& view) : MujocoEnvironment(model_with(view)) { set_observation_size(1); }

  void place(double x) {
    std::vector<double> observation(1);
    set_state(std::vector{x}, std::vector{0.0}, observation);
  }

 protected:
  void draw_start(RandomStream&, std::span<double>, std::span<double>) override {}
  void observe(std::span<double> observation) const override { observation[0] = positions()[0]; }
  StepResult judge(std::span<const float>) override { return {}; }

 private:
  static MujocoModel model_with(const MujocoView& view) {
    std::string xml = kBalls;
    xml.replace(xml.find("<joint "), 7, "<joint name=\"slide\" ");
    xml.replace(xml.find("joint=\"\""), 8, "joint=\"slide\"");
    return {.name = "Ball-v0", .file = "ball.xml", .xml = xml, .frame_skip = 5, .view = view};
  }
};

const MujocoView kFromTheSide = {.distance = 6, .lookat = {0, 0, 0}, .elevation = 0};

TEST(MujocoDrawing, IsTheRightWayUpAndRound) {
  Ball ball(kFromTheSide);
  ball.place(1);
  const Picture picture = drawn(ball);
  EXPECT_NEAR(place_of(picture, green).x, 0.5, 0.02);
  EXPECT_LT(place_of(picture, green).y, 0.4);
  EXPECT_NEAR(place_of(picture, blue).x, 0.5, 0.02);
  EXPECT_GT(place_of(picture, blue).y, 0.6);
  EXPECT_GT(place_of(picture, red).x, 0.6) << "the x axis goes to the right";
  EXPECT_NEAR(place_of(picture, red).y, 0.5, 0.05);
}

TEST(MujocoDrawing, ShowsThePresentState) {
  Ball ball(kFromTheSide);
  ball.place(-1);
  EXPECT_LT(place_of(drawn(ball), red).x, 0.4);
  ball.place(1);
  EXPECT_GT(place_of(drawn(ball), red).x, 0.6);
}

TEST(MujocoDrawing, GoesAlongWithWhatItFollows) {
  MujocoView view = kFromTheSide;
  view.follow = 1;
  Ball ball(view);
  for (double x : {0.0, 1.0}) {
    ball.place(x);
    const Picture picture = drawn(ball);
    EXPECT_NEAR(place_of(picture, red).x, 0.5, 0.02);
    EXPECT_TRUE(x == 0 || place_of(picture, green).x < 0.4) << "the rest is left behind";
  }
}

TEST(MujocoDrawing, TakesTheModelsOwnCameras) {
  Ball ball(kFromTheSide);
  EXPECT_THAT(ball.cameras(), ElementsAre("from_far", "1"));
  ball.place(1);
  const double near = place_of(drawn(ball), red).x, far = place_of(drawn(ball, "from_far"), red).x;
  EXPECT_GT(far, 0.52);
  EXPECT_LT(far, near - 0.05);
  EXPECT_TRUE(std::isnan(place_of(drawn(ball, "1"), red).x)) << "that camera looks over everything";
  try {
    drawn(ball, "from_afar");
    FAIL() << "expected an error";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("Did you mean from_far? There are: from_far, 1"));
  }
}

TEST(MujocoDrawing, GrowsBeyondTheBufferOfTheModel) {
  Ball ball(kFromTheSide);
  ball.place(1);
  const Place small = place_of(drawn(ball), red);
  const Place large = place_of(drawn(ball, "", 1000, 750), red);  // MuJoCo's own buffer has 640x480
  EXPECT_NEAR(large.x, small.x, 0.01);
  EXPECT_NEAR(large.y, small.y, 0.01);
}

TEST(MujocoDrawing, WorksFromAnyThreadAndForManyAtOnce) {
  Ball ball(kFromTheSide);
  ball.place(1);
  const Picture here = drawn(ball);
  Picture there, other;
  std::thread([&] { there = drawn(ball); }).join();
  std::thread parallel([&] {
    Ball another(kFromTheSide);
    another.place(1);
    other = drawn(another);
  });
  EXPECT_EQ(drawn(ball).rgb, here.rgb);
  parallel.join();
  EXPECT_EQ(there.rgb, here.rgb);
  EXPECT_EQ(other.rgb, here.rgb);
}

class GymnasiumDrawing : public ::testing::TestWithParam<const char*> {};

TEST_P(GymnasiumDrawing, ShowsTheTaskAndChangesNothing) {
  const auto watched = make_environment(GetParam()), alone = make_environment(GetParam());
  const Specification& s = watched->specification();
  EXPECT_GT(s.control_period, 0);
  std::vector<double> seen(static_cast<std::size_t>(s.observation_size)), unseen = seen;
  RandomStream random(3), same(3), actions(4);
  watched->reset(random, seen);
  alone->reset(same, unseen);
  const Picture first = drawn(*watched);
  std::set<Pixel> colours;
  for (std::size_t i = 0; i < first.rgb.size(); i += 3)
    colours.insert({first.rgb[i], first.rgb[i + 1], first.rgb[i + 2]});
  EXPECT_GT(colours.size(), 20u) << "an empty picture";

  std::vector<float> action(s.action_low.size());
  for (int step = 0; step < 8; step++) {
    for (std::size_t i = 0; i < action.size(); i++)
      action[i] = static_cast<float>(actions.uniform(s.action_low[i], s.action_high[i]));
    ASSERT_EQ(watched->step(action, seen).reward, alone->step(action, unseen).reward);
    ASSERT_EQ(seen, unseen);
    const std::vector<double> before = watched->save_state();
    drawn(*watched);
    ASSERT_EQ(watched->save_state(), before);
  }
  EXPECT_NE(drawn(*watched).rgb, first.rgb) << "nothing has moved";
  // the picture is of the state, however that was reached
  const auto restored = make_environment(GetParam());
  restored->restore_state(watched->save_state());
  EXPECT_EQ(drawn(*restored).rgb, drawn(*watched).rgb);
}

INSTANTIATE_TEST_SUITE_P(Tasks, GymnasiumDrawing,
                         ::testing::Values("Ant-v5", "HalfCheetah-v5", "Hopper-v5", "Humanoid-v5", "HumanoidStandup-v5",
                                           "InvertedDoublePendulum-v5", "InvertedPendulum-v5", "Pusher-v5",
                                           "Reacher-v5", "Swimmer-v5", "Walker2d-v5"),
                         [](const auto& task) {
                           const std::string name = task.param;
                           return name.substr(0, name.find('-'));
                         });

}  // namespace
}  // namespace ddpg
