// A training under which calls of the operating system fail, one after the other: it says what and where, and either
// continues or ends with code 1; what was saved before is whole; resumed on a sound disk it ends on the same bits,
// and nothing half written is left. fail_calls.cpp makes the calls fail. DDPG_FAULTS_EVERY says how many calls are
// passed over between two that fail: 1 is every one (tests/faults.sh).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <tuple>

#include "ddpg/policy.h"
#include "places.h"
#include "program/run_comparison.h"

namespace ddpg::testing {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

std::vector<std::string> training(const std::string& run) {
  std::vector<std::string> words = {"train", "Pendulum-v1", "--envs", "2", "--steps", "160", "--run", run, "--quiet"};
  for (const char* option : {"warmup_steps=20", "learning_starts=20", "batch_size=4", "replay_capacity=90",
                             "actor.hidden=4", "critic.hidden=4", "evaluation_interval=80", "evaluation_episodes=1",
                             "log_interval=50", "checkpoint_interval=40", "checkpoints_kept=2"})
    words.insert(words.end(), {"--set", option});
  words.insert(words.end(), {"--jsonl", "--tensorboard"});
  return words;
}

// What a call that failed is allowed to be silent about: what is cleaned up later, and files only read or closed.
bool may_be_silent(const std::string& call) {
  return call.starts_with("unlink ") || call.starts_with("close ") || call.starts_with("open ");
}

class Faults : public ::testing::TestWithParam<std::tuple<int, bool>> {
 protected:
  void SetUp() override {
    set("LD_PRELOAD", fail_calls_file());
    ASSERT_EQ(here_.run(training("straight")).code, 0);
  }
  void TearDown() override {
    for (const char* name : {"LD_PRELOAD", "DDPG_FAULT_FOLDER", "DDPG_FAULT_AT", "DDPG_FAULT_ERRNO",
                             "DDPG_FAULT_FOREVER", "DDPG_FAULT_TOLD"})
      ::unsetenv(name);
  }

  static void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }

  // The call that failed; "" when all succeeded.
  std::string run_with_fault(int at, const std::vector<std::string>& words, Finished& finished) {
    fs::remove(here_ / "told");
    set("DDPG_FAULT_FOLDER", fs::canonical(here_ / "") / "cut");
    set("DDPG_FAULT_AT", std::to_string(at));
    set("DDPG_FAULT_ERRNO", std::to_string(std::get<0>(GetParam())));
    set("DDPG_FAULT_FOREVER", std::get<1>(GetParam()) ? "1" : "0");
    set("DDPG_FAULT_TOLD", here_ / "told");
    finished = here_.run(words);
    set("DDPG_FAULT_AT", "0");
    std::string call = text_of(here_ / "told");
    return call.substr(0, call.find('\n'));
  }

  void expect_told(const Finished& finished, const std::string& call) {
    EXPECT_EQ(finished.signal, 0);
    EXPECT_THAT(finished.code, AnyOf(0, 1));
    if (finished.code == 0 && finished.err.empty()) {
      EXPECT_TRUE(may_be_silent(call)) << "nothing was told";
      return;
    }
    EXPECT_THAT(finished.err, HasSubstr(std::strerror(std::get<0>(GetParam()))));
    EXPECT_THAT(finished.err, HasSubstr("cut"));
  }

  void expect_whole(const fs::path& run) {
    for (const char* name : {"policy.ddpg", "best.ddpg"})
      if (fs::exists(run / name)) {
        EXPECT_NO_THROW(Policy::load(run / name)) << name;
      }
    for (const fs::path& file : list_checkpoints(run / "checkpoints")) EXPECT_NO_THROW(load_checkpoint(file)) << file;
  }

  void go_on() {
    const fs::path run = here_ / "cut";
    if (fs::exists(run / "config.toml") && read_status(run).state == "finished") return;
    const Finished finished = here_.run(
        fs::exists(run / "config.toml") ? std::vector<std::string>{"resume", "cut", "--quiet"} : training("cut"));
    EXPECT_EQ(finished.code, 0) << finished.err;
  }

  // From `prepared`, or from nothing.
  void fail_each_call(const fs::path& prepared, const std::vector<std::string>& words) {
    const char* text = std::getenv("DDPG_FAULTS_EVERY");
    const int every = text ? std::atoi(text) : 31;
    std::map<int, int> codes;
    for (int at = 1 + every / 2; !HasFailure(); at += every) {
      fs::remove_all(here_ / "cut");
      if (!prepared.empty()) fs::copy(prepared, here_ / "cut", fs::copy_options::recursive);
      Finished finished;
      const std::string call = run_with_fault(at, words, finished);
      SCOPED_TRACE(fmt::format("call {} failed: {}\n{}", at, call, finished.err));
      if (call.empty()) {
        EXPECT_EQ(finished.code, 0);
        fmt::print("{} calls, one in {} failed: {} trainings went on, {} ended with code 1\n", at - 1, every, codes[0],
                   codes[1]);
        std::fflush(stdout);
        return;
      }
      codes[finished.code]++;
      expect_told(finished, call);
      expect_whole(here_ / "cut");
      go_on();
      expect_same_runs(here_ / "straight", here_ / "cut");
    }
  }

  Workplace here_;
};

TEST_P(Faults, InATrainingCostNothingThatWasEarned) {
  fail_each_call({}, training("cut"));
}

TEST_P(Faults, InAResumedTrainingCostNothingThatWasEarned) {
  // a run that ends early, as if it had been killed there
  std::vector<std::string> words = training("killed");
  words.insert(words.end(), {"--steps", "90"});
  ASSERT_EQ(here_.run(words).code, 0);
  std::string config = text_of(here_ / "killed/config.toml");
  config.replace(config.find("steps = 90"), 10, "steps = 160");
  write_text(here_ / "killed/config.toml", config);
  fs::remove(here_ / "killed/status.json");
  fs::remove(here_ / "killed/summary.json");
  fail_each_call(here_ / "killed", {"resume", "cut", "--quiet"});
}

INSTANTIATE_TEST_SUITE_P(Each, Faults,
                         ::testing::Combine(::testing::Values(ENOSPC, EIO), ::testing::Values(false, true)),
                         [](const auto& instance) {
                           return std::string(std::get<0>(instance.param) == ENOSPC ? "DiskFull" : "InputOutputError") +
                                  (std::get<1>(instance.param) ? "FromThenOn" : "Once");
                         });

}  // namespace
}  // namespace ddpg::testing
