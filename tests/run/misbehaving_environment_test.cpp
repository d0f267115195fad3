// Environments that throw or give what is no number: the error names environment, copy and step; what was learnt until
// then is saved, the run says that it failed, and it resumes from its last checkpoint once the environment behaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "agent/test_environments.h"
#include "ddpg/error.h"
#include "ddpg/train.h"
#include "run/checkpoint_contents.h"
#include "run/run_folder.h"
#include "run/run_status.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

// What goes wrong, and in which call of step() or reset() over all episodes of the copy.
enum class Fault { none, throws, throws_nothing_known, nan_reward, infinite_observation, throws_in_reset };
Fault fault = Fault::none;
constexpr int kAt = 250;

testing::Script faulty() {
  testing::Script script = testing::point();
  script.specification.name = "Misbehaving-v0";
  const auto calls = std::make_shared<int>(0);
  const auto good = script.step;
  script.step = [good, calls](int step, std::span<const float> action, std::span<double> observation) {
    StepResult result = good(step, action, observation);
    if (++*calls < kAt) return result;
    if (fault == Fault::throws) throw std::runtime_error("the simulator exploded");
    if (fault == Fault::throws_nothing_known) throw 42;
    if (fault == Fault::nan_reward) result.reward = std::nan("");
    if (fault == Fault::infinite_observation) observation[0] = INFINITY;
    return result;
  };
  const auto begin = script.reset;
  script.reset = [begin, calls](RandomStream& random, std::span<double> observation) {
    if (fault == Fault::throws_in_reset && *calls >= kAt) throw std::runtime_error("no new episode today");
    begin(random, observation);
  };
  return script;
}

testing::Script good() {
  testing::Script script = testing::point();
  script.specification.name = "Misbehaving-v0";
  return script;
}

class Misbehaving : public ::testing::Test {
 protected:
  Misbehaving() {
    register_environment({.name = "Misbehaving-v0",
                          .summary = "a point that goes wrong",
                          .expected = "",
                          .make = [made = made_, copies = copies_](const EnvironmentSettings&) {
                            // the first is for evaluation; of the copies only the last goes wrong
                            return testing::scripted((*made)++ == *copies ? faulty() : good());
                          }});
    options_.environment = "Misbehaving-v0";
    options_.steps = 700;
    options_.actor.hidden = options_.critic.hidden = {8};
    options_.batch_size = 8;
    options_.warmup_steps = options_.learning_starts = 50;
    options_.evaluation_interval = options_.log_interval = 100;
    options_.evaluation_episodes = 1;
    options_.checkpoint_interval = 100;
  }
  ~Misbehaving() override { fault = Fault::none; }

  std::string error_of_training(Fault kind) {
    fault = kind;
    *made_ = 0;
    *copies_ = options_.environments;
    RunFolder folder = RunFolder::at(run_, true);
    try {
      train(options_, {&folder}, nullptr, folder.checkpoints());
    } catch (const UsageError& error) {
      return std::string("usage: ") + error.what();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  void expect_nothing_is_lost(const std::string& error) {
    const nlohmann::json status = nlohmann::json::parse(read_file(run_ / "status.json")),
                         summary = nlohmann::json::parse(read_file(run_ / "summary.json"));
    EXPECT_EQ(status.at("state"), "failed");
    EXPECT_EQ(status.at("message"), error);
    EXPECT_EQ(summary.at("outcome"), "failed");
    const std::int64_t step = status.at("step");
    EXPECT_GE(step, kAt - 1);
    EXPECT_EQ(Policy::load(run_ / "policy.ddpg").provenance().step, step);

    const std::int64_t kept = testing::step_of(list_checkpoints(run_ / "checkpoints").front());
    EXPECT_GT(kept, 0);
    EXPECT_LE(kept, step);
    fault = Fault::none;
    RunFolder folder = RunFolder::resume(run_);
    struct Begins : Observer {
      void started(const RunStart& start) override { step = start.step; }
      std::int64_t step = 0;
    } begins;
    const Summary finished = resume(folder.options(), folder.checkpoints(), {&folder, &begins}).summary;
    EXPECT_EQ(begins.step, kept);
    EXPECT_EQ(finished.outcome, Outcome::finished);
    EXPECT_EQ(finished.steps, 700);
  }

  testing::TemporaryFolder folder_;
  const fs::path run_ = folder_.path() / "run";
  Options options_;
  // the registry keeps the environment for longer than the test lives
  const std::shared_ptr<int> made_ = std::make_shared<int>(0), copies_ = std::make_shared<int>(1);
};

TEST_F(Misbehaving, AloneIsNamedWithItsStep) {
  for (const auto& [kind, what] : {std::pair(Fault::throws,
                                             "[training] step 249: [environment Misbehaving-v0] the "
                                             "simulator exploded"),
                                   std::pair(Fault::throws_nothing_known,
                                             "[training] step 249: [environment "
                                             "Misbehaving-v0] it threw something"),
                                   std::pair(Fault::throws_in_reset,
                                             "[training] step 259: [environment "
                                             "Misbehaving-v0] no new episode today"),
                                   std::pair(Fault::nan_reward,
                                             "[environment Misbehaving-v0] step 250: the reward is "
                                             "nan"),
                                   std::pair(Fault::infinite_observation,
                                             "[environment Misbehaving-v0] step 250: "
                                             "observation[0] is inf")}) {
    const std::string error = error_of_training(kind);
    EXPECT_THAT(error, HasSubstr(what));
    expect_nothing_is_lost(error);
  }
}

TEST_F(Misbehaving, AmongManyIsNamedWithItsCopy) {
  for (const bool overlap : {false, true})
    for (const Fault kind : {Fault::throws, Fault::throws_nothing_known, Fault::throws_in_reset, Fault::nan_reward,
                             Fault::infinite_observation}) {
      options_.environments = 2;
      options_.threads = 2;
      options_.overlap = overlap;
      const std::string error = error_of_training(kind);
      EXPECT_THAT(error, AllOf(HasSubstr("[environment Misbehaving-v0] copy 1 (of 0 to 1)"), HasSubstr("step ")));
      expect_nothing_is_lost(error);
    }
}

TEST_F(Misbehaving, InAnEvaluationIsNamedWithTheStepOfTheTraining) {
  *made_ = 0;
  fault = Fault::throws;
  register_environment({.name = "Misbehaving-v0",
                        .summary = "a point whose evaluations go wrong",
                        .expected = "",
                        .make = [made = made_](const EnvironmentSettings&) {
                          return testing::scripted((*made)++ == 0 ? faulty() : good());
                        }});
  RunFolder folder = RunFolder::at(run_, true);
  // 20 steps an evaluation: the call that goes wrong is in that after step 1200
  options_.steps = 2000;
  try {
    train(options_, {&folder}, nullptr, folder.checkpoints());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("[training] step 1200, evaluation on Misbehaving-v0"),
                                    HasSubstr("the simulator exploded")));
  }
  EXPECT_EQ(read_status(run_).state, "failed");
}

// Specifications that cannot be are refused before anything is trained or left.
TEST_F(Misbehaving, ASpecificationThatCannotBeIsRefusedAtTheStart) {
  const auto error_with = [&](const std::function<void(Specification&, int)>& change) {
    const auto made = std::make_shared<int>(0);
    register_environment({.name = "Misbehaving-v0",
                          .summary = "a point of another kind",
                          .expected = "",
                          .make = [made, change](const EnvironmentSettings&) {
                            testing::Script script = testing::point();
                            change(script.specification, (*made)++);
                            return testing::scripted(script);
                          }});
    options_.environments = 2;
    try {
      train(options_, {}, nullptr, run_);
    } catch (const std::exception& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_THAT(error_with([](Specification& s, int) { std::swap(s.action_low, s.action_high); }), HasSubstr("action"));
  EXPECT_THAT(error_with([](Specification& s, int) { s.action_low = {NAN}; }), HasSubstr("action"));
  EXPECT_THAT(error_with([](Specification& s, int) { s.action_high = {1, 1}; }), HasSubstr("action"));
  EXPECT_THAT(error_with([](Specification& s, int) { s.observation_size = 0; }), HasSubstr("observation"));
  EXPECT_THAT(error_with([](Specification& s, int number) { s.observation_size += number == 2 ? 1 : 0; }),
              HasSubstr("copy 1"));
  EXPECT_THAT(error_with([](Specification& s, int number) { s.action_high[0] += number == 2 ? 1.0f : 0.0f; }),
              HasSubstr("copy 1"));
}

}  // namespace
}  // namespace ddpg
