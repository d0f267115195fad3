// A simulator that hangs becomes an error that names the step; one that does not is the same as without.
#include "envs/step_timeout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <future>
#include <thread>

#include "agent/test_environments.h"
#include "ddpg/error.h"
#include "ddpg/train.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// A point that hangs in the given step of an episode until it is let go.
testing::Script hanging(int at, const std::shared_future<void>& until) {
  testing::Script script = testing::point();
  script.step = [step = script.step, at, until](int number, auto action, auto observation) {
    if (number == at) until.wait();
    return step(number, action, observation);
  };
  return script;
}

TEST(StepTimeout, ChangesNothingWhereStepsComeBack) {
  StepTimeout watched(make_environment("Pendulum-v1"), 60);
  const auto plain = make_environment("Pendulum-v1");
  RandomStream a(1), b(1);
  std::vector<double> x(3), y(3);
  watched.reset(a, x);
  plain->reset(b, y);
  EXPECT_EQ(x, y);
  EXPECT_EQ(a.state(), b.state());
  for (int i = 0; i < 200; i++) {
    const std::vector<float> action = {static_cast<float>(a.uniform(-2, 2))};
    const StepResult p = watched.step(action, x), q = plain->step(action, y);
    ASSERT_EQ(p.reward, q.reward);
    ASSERT_EQ(p.truncated, i == 199);
    ASSERT_EQ(x, y);
  }
  EXPECT_EQ(watched.save_state(), plain->save_state());
}

TEST(StepTimeout, NamesTheStepThatHangs) {
  std::promise<void> let_go;
  StepTimeout watched(testing::scripted(hanging(4, let_go.get_future().share())), 1);
  RandomStream random(1);
  std::vector<double> observation(1);
  const std::vector<float> action(1);
  watched.reset(random, observation);
  for (int i = 0; i < 4; i++) watched.step(action, observation);
  EXPECT_EQ(error_of([&] { watched.step(action, observation); }),
            "[environment point] step 5 of the episode did not come back within 1 s (step_timeout)");
  EXPECT_THAT(error_of([&] { watched.reset(random, observation); }), HasSubstr("hangs"));
  let_go.set_value();
}

// A robot that parks when it is destroyed, which takes a while.
class Parking final : public Environment {
 public:
  Parking(testing::Script script, std::shared_ptr<std::promise<void>> parked)
      : world_(std::move(script)), parked_(std::move(parked)) {}
  ~Parking() override {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    parked_->set_value();
  }
  const Specification& specification() const override { return world_.specification(); }
  void reset(RandomStream& random, std::span<double> observation) override { world_.reset(random, observation); }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    return world_.step(action, observation);
  }

 private:
  testing::ScriptedEnvironment world_;
  std::shared_ptr<std::promise<void>> parked_;
};

TEST(StepTimeout, DestroysTheEnvironmentWithItself) {
  const auto parked = std::make_shared<std::promise<void>>();
  {
    StepTimeout watched(std::make_unique<Parking>(testing::point(), parked), 60);
    RandomStream random(1);
    std::vector<double> observation(1);
    watched.reset(random, observation);
    watched.step(std::vector<float>(1), observation);
  }
  EXPECT_EQ(parked->get_future().wait_for(std::chrono::seconds(0)), std::future_status::ready);
}

// Its destruction does not wait for what hangs, which takes the environment along.
TEST(StepTimeout, WhatHangsDestroysTheEnvironmentWhenItComesBack) {
  const auto parked = std::make_shared<std::promise<void>>();
  std::promise<void> let_go;
  {
    StepTimeout watched(std::make_unique<Parking>(hanging(0, let_go.get_future().share()), parked), 0.2);
    RandomStream random(1);
    std::vector<double> observation(1);
    watched.reset(random, observation);
    EXPECT_THAT(error_of([&] { watched.step(std::vector<float>(1), observation); }), HasSubstr("did not come back"));
  }
  std::future<void> at_rest = parked->get_future();
  EXPECT_EQ(at_rest.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  let_go.set_value();
  at_rest.wait();
}

TEST(StepTimeout, GivesBackWhatTheEnvironmentThrows) {
  testing::Script script = testing::point();
  script.step = [](int, auto, auto) -> StepResult { throw Error("broken"); };
  StepTimeout watched(testing::scripted(script), 60);
  RandomStream random(1);
  std::vector<double> observation(1);
  watched.reset(random, observation);
  for (int i = 0; i < 2; i++) EXPECT_EQ(error_of([&] { watched.step(std::vector<float>(1), observation); }), "broken");
}

TEST(StepTimeout, MayBeLongerThanAClockCounts) {
  StepTimeout watched(testing::scripted(testing::point()), 1e300);
  RandomStream random(1);
  std::vector<double> observation(1);
  watched.reset(random, observation);
  EXPECT_NO_THROW(watched.step(std::vector<float>(1), observation));
}

// The clock runs on while the process is stopped, and the environment does not.
TEST(StepTimeout, DoesNotCountTheTimeInWhichTheProcessIsStopped) {
  testing::Script script = testing::point();
  script.step = [step = script.step](int number, auto action, auto observation) {
    for (int i = 0; i < 20; i++) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return step(number, action, observation);
  };
  StepTimeout watched(testing::scripted(script), 1);
  RandomStream random(1);
  std::vector<double> observation(1);
  watched.reset(random, observation);
  const std::string process = std::to_string(::getpid());
  ASSERT_EQ(std::system(("(sleep 0.05; kill -STOP " + process + "; sleep 1.3; kill -CONT " + process + ") &").c_str()),
            0);
  for (int i = 0; i < 3; i++) EXPECT_NO_THROW(watched.step(std::vector<float>(1), observation));
}

// The whole way: the training ends with an error that names step and copy, and what was learnt until then is reported.
TEST(StepTimeout, EndsATrainingThatHangs) {
  std::promise<void> let_go;
  const std::shared_future<void> until = let_go.get_future().share();
  const auto made = std::make_shared<std::atomic<int>>(0);  // the registry keeps what is registered
  register_environment({.name = "StepTimeoutTest-v0",
                        .summary = "a point that hangs",
                        .expected = "",
                        .make = [made, until](const EnvironmentSettings&) {
                          // the first is for evaluation; of the copies number 1 hangs
                          return testing::scripted((*made)++ == 2 ? hanging(9, until) : testing::point());
                        }});
  struct Told : Observer {
    void ended(const Summary& told, const Policy&) override { summary = told; }
    Summary summary;
  } observer;
  Options options;
  options.environment = "StepTimeoutTest-v0";
  options.environments = 3;
  options.steps = 300;
  options.step_timeout = 1;
  const std::string error = error_of([&] { train(options, {&observer}); });
  EXPECT_THAT(error, AllOf(HasSubstr("[training] step 27"), HasSubstr("copy 1"), HasSubstr("step 10 of the episode")));
  EXPECT_EQ(observer.summary.outcome, Outcome::failed);
  EXPECT_EQ(observer.summary.error, error);
  EXPECT_EQ(observer.summary.steps, 27);
  let_go.set_value();
}

}  // namespace
}  // namespace ddpg
