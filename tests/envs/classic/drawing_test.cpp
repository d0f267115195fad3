// What the classic tasks look like: the picture shows the state, and looking changes nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ddpg/environment.h"
#include "ddpg/error.h"
#include "envs/time_limit.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

using Pixel = std::array<int, 3>;

Picture drawn(const Environment& environment, int width = 260, int height = 260) {
  Picture picture;
  picture.width = width;
  picture.height = height;
  environment.draw(picture);
  return picture;
}

Picture drawn_at(const std::string& name, const std::vector<double>& state, int width = 260, int height = 260) {
  const auto environment = make_environment(name);
  std::vector<double> with_time = state;
  with_time.push_back(0);  // of the time limit
  environment->restore_state(with_time);
  return drawn(*environment, width, height);
}

Pixel pixel(const Picture& picture, double x, double y) {
  const auto at = 3 * (static_cast<std::size_t>(y) * picture.width + static_cast<std::size_t>(x));
  return {picture.rgb.at(at), picture.rgb.at(at + 1), picture.rgb.at(at + 2)};
}

bool is_red(const Pixel& p) {
  return p[0] > p[1] + 80 && p[0] > p[2] + 80;
}

// The mean column of the pixels that `counts` accepts; NaN where there are none.
template <class Counts>
double mean_column(const Picture& picture, const Counts& counts) {
  double sum = 0, number = 0;
  for (int y = 0; y < picture.height; y++) {
    for (int x = 0; x < picture.width; x++) {
      if (!counts(pixel(picture, x, y))) continue;
      sum += x;
      number++;
    }
  }
  return sum / number;
}

TEST(PendulumDrawing, ShowsTheRodAtItsAngle) {
  for (double angle : {0.0, 0.7, 1.5707963, 3.1415926, -2.0, 12.0}) {
    const Picture picture = drawn_at("Pendulum-v1", {angle, 0});
    // 100 pixels a metre, the pivot in the middle; 0 is upright, counterclockwise positive
    for (double along : {0.3, 0.6, 1.0}) {
      const double x = -100 * along * std::sin(angle), y = -100 * along * std::cos(angle);
      EXPECT_TRUE(is_red(pixel(picture, 130 + x, 130 + y))) << "no rod at angle " << angle << ", " << along << " m";
      EXPECT_FALSE(is_red(pixel(picture, 130 - x, 130 - y))) << "a rod opposite of angle " << angle;
    }
  }
}

TEST(PendulumDrawing, ShowsTheTorqueOfTheLastStepOnItsSide) {
  const auto blue = [](const Pixel& p) { return p[2] > p[0] + 60; };
  const auto environment = make_environment("Pendulum-v1");
  std::vector<double> observation(3);
  for (float torque : {-2.0f, 2.0f}) {
    environment->restore_state(std::vector<double>{3.14, 0, 0});
    EXPECT_TRUE(std::isnan(mean_column(drawn(*environment), blue))) << "a torque before any step";
    environment->step(std::array{torque}, observation);
    const double column = mean_column(drawn(*environment), blue);
    EXPECT_TRUE(torque > 0 ? column < 120 : column > 140) << torque << ": " << column;
  }
}

TEST(MountainCarDrawing, ShowsTheCarWhereItIs) {
  for (double position : {-1.2, -0.5, 0.0, 0.45}) {
    const Picture picture = drawn_at("MountainCarContinuous-v0", {position, 0, 1}, 400, 260);
    // the wheels are there; on a slope the body leans to the side
    EXPECT_NEAR(mean_column(picture, is_red), 200 + 200 * (position + 0.3), 12) << position;
  }
}

TEST(LinearQuadraticDrawing, ShowsTheMassWhereItIs) {
  const auto block = [](const Pixel& p) { return p[2] > p[0] + 90; };
  for (double position : {-1.0, 0.0, 0.8}) {
    const Picture picture = drawn_at("LinearQuadratic-v0", {position, 0}, 340, 160);
    EXPECT_NEAR(mean_column(picture, block), 170 + 100 * (position + 0.1), 2) << position;
  }
}

TEST(PointReachDrawing, ShowsThePointWhereItIs) {
  const auto blue = [](const Pixel& p) { return p[2] > p[0] + 90; };
  for (double x : {-0.8, 0.0, 0.5}) {
    const Picture picture = drawn_at("PointReach-v0", {x, 0.2, -1, 0, 0, 0, 0.9, 0.9, 0}, 240, 240);
    EXPECT_NEAR(mean_column(picture, blue), 120 + 100 * x, 2) << x;
  }
}

class ClassicDrawing : public ::testing::TestWithParam<const char*> {};

TEST_P(ClassicDrawing, IsSmoothAndFitsAnySize) {
  const auto environment = make_environment(GetParam());
  RandomStream random(5);
  std::vector<double> observation(static_cast<std::size_t>(environment->specification().observation_size));
  environment->reset(random, observation);
  for (const auto& [width, height] : {std::pair{1, 1}, {641, 359}, {64, 300}}) {
    const Picture picture = drawn(*environment, width, height);
    EXPECT_EQ(picture.rgb.size(), 3u * static_cast<unsigned>(width * height));
  }
  // anti-aliased: edges have colours between those of the shapes
  const Picture picture = drawn(*environment, 320, 240);
  std::vector<Pixel> colours;
  for (int y = 0; y < picture.height; y++)
    for (int x = 0; x < picture.width; x++) colours.push_back(pixel(picture, x, y));
  std::sort(colours.begin(), colours.end());
  EXPECT_GT(std::unique(colours.begin(), colours.end()) - colours.begin(), 30);
}

TEST_P(ClassicDrawing, ChangesNothing) {
  const auto watched = make_environment(GetParam()), alone = make_environment(GetParam());
  const Specification& s = watched->specification();
  std::vector<double> seen(static_cast<std::size_t>(s.observation_size)), unseen = seen;
  RandomStream random(3), same(3), actions(4);
  watched->reset(random, seen);
  alone->reset(same, unseen);
  std::vector<Picture> pictures;
  for (int step = 0; step < 50; step++) {
    const std::vector<double> before = watched->save_state();
    pictures.push_back(drawn(*watched));
    ASSERT_EQ(watched->save_state(), before);
    std::vector<float> action;
    for (std::size_t i = 0; i < s.action_low.size(); i++)
      action.push_back(static_cast<float>(actions.uniform(s.action_low[i], s.action_high[i])));
    ASSERT_EQ(watched->step(action, seen).reward, alone->step(action, unseen).reward);
    ASSERT_EQ(seen, unseen);
  }
  EXPECT_NE(pictures.front().rgb, pictures.back().rgb);
  EXPECT_EQ(drawn(*watched).rgb, drawn(*alone).rgb);
}

INSTANTIATE_TEST_SUITE_P(Tasks, ClassicDrawing,
                         ::testing::Values("Pendulum-v1", "MountainCarContinuous-v0", "LinearQuadratic-v0",
                                           "PointReach-v0"),
                         [](const auto& task) {
                           std::string name = task.param;
                           return name.substr(0, name.find('-'));
                         });

template <class Call>
std::string error_of(const Call& call) {
  try {
    call();
  } catch (const UsageError& error) {
    return std::string("usage: ") + error.what();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// A task that is one grey, of two cameras.
class Grey final : public Environment {
 public:
  const Specification& specification() const override { return specification_; }
  void reset(RandomStream&, std::span<double>) override {}
  StepResult step(std::span<const float>, std::span<double>) override { return {}; }
  std::vector<std::string> cameras() const override { return {"front", "side"}; }

 protected:
  void draw_state(Picture& picture, const std::string& camera) const override {
    std::fill(picture.rgb.begin(), picture.rgb.end(), camera == "side" ? 200 : 100);
  }

 private:
  Specification specification_{"Grey-v0", 1, {-1}, {1}, 10};
};

class Unseen final : public Environment {
 public:
  const Specification& specification() const override { return specification_; }
  void reset(RandomStream&, std::span<double>) override {}
  StepResult step(std::span<const float>, std::span<double>) override { return {}; }

 private:
  Specification specification_{"Unseen-v0", 1, {-1}, {1}, 0};
};

TEST(Draw, ReachesAnEnvironmentOfYourOwnThroughItsTimeLimit) {
  const std::unique_ptr<Environment> environment = std::make_unique<TimeLimit>(std::make_unique<Grey>());
  EXPECT_EQ(environment->cameras(), (std::vector<std::string>{"front", "side"}));
  Picture picture;
  picture.width = 4;
  picture.height = 2;
  environment->draw(picture);
  EXPECT_EQ(picture.rgb, std::vector<std::uint8_t>(24, 100));
  environment->draw(picture, "side");
  EXPECT_EQ(picture.rgb, std::vector<std::uint8_t>(24, 200));
  EXPECT_THAT(error_of([&] { environment->draw(picture, "sid"); }),
              AllOf(HasSubstr("usage: [Grey-v0]"), HasSubstr("\"sid\""), HasSubstr("front, side")));
}

TEST(Draw, SaysWhatIsWrong) {
  Picture picture;
  EXPECT_THAT(error_of([&] { Unseen().draw(picture); }), AllOf(HasSubstr("[Unseen-v0]"), HasSubstr("no picture")));
  const auto pendulum = make_environment("Pendulum-v1");
  EXPECT_THAT(error_of([&] { pendulum->draw(picture, "track"); }), AllOf(HasSubstr("usage: "), HasSubstr("\"track\"")));
  picture.height = 0;
  EXPECT_THAT(error_of([&] { pendulum->draw(picture); }), AllOf(HasSubstr("usage: "), HasSubstr("found 640x0")));
}

}  // namespace
}  // namespace ddpg
