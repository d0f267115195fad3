// Trainings that are killed (SIGKILL, so that no handler runs) at random moments, resumed, killed again, and in
// the end the same to the bit as one that was left alone. DDPG_KILLS says how many kills, DDPG_KILLS_SEED which;
// tests/kill.sh runs many and prints figures. A kill is not a power cut: what the kernel has taken stays.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "ddpg/policy.h"
#include "ddpg/random.h"
#include "program/run_comparison.h"

namespace ddpg::testing {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<std::string> frequently_saving(const std::vector<std::string>& more) {
  std::vector<std::string> words = {"train", "Pendulum-v1", "--envs", "2", "--steps", "1500", "--quiet", "--jsonl"};
  for (const char* option : {"warmup_steps=100",        "learning_starts=100",     "batch_size=16",
                             "replay_capacity=900",     "actor.hidden=[24,16]",    "critic.hidden=[24,16]",
                             "evaluation_interval=200", "evaluation_episodes=1",   "log_interval=70",
                             "checkpoint_interval=30",  "checkpoints_kept=2",      "overlap=true",
                             "critic.count=2",          "target.noise=0.2",        "target.noise_clip=0.5",
                             "actor.period=2",          "target.period=2",         "n_step=2",
                             "replay.priority=fade",    "critic.head=categorical", "critic.v_min=-1500",
                             "critic.v_max=0"})
    words.insert(words.end(), {"--set", option});
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

int number_from(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text ? std::atoi(text) : otherwise;
}

// When a kill comes.
enum class Moment { anywhere, starting, writing };
constexpr std::array kNames = {"anywhere", "starting", "writing a file"};

struct Figures {
  std::array<int, 3> kills{};
  int before_a_checkpoint = 0, in_a_write = 0, came_too_late = 0, runs = 0;
};

class Killed : public ::testing::Test {
 protected:
  void SetUp() override {
    const Clock::time_point begin = Clock::now();
    ASSERT_EQ(here_.run(frequently_saving({"--run", "straight"})).code, 0);
    seconds_ = std::chrono::duration<double>(Clock::now() - begin).count();
  }

  static bool has_ended(::pid_t process) {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<::id_t>(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
  }

  void wait_for(Moment moment, ::pid_t process) {
    const double most = moment == Moment::starting ? 0.03 : seconds_;
    const double wait = random_.uniform(0, moment == Moment::writing ? seconds_ / 2 : most);
    std::this_thread::sleep_for(std::chrono::duration<double>(wait));
    if (moment != Moment::writing) return;
    while (!has_ended(process) && temporaries(here_ / "cut").empty()) {
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(random_.uniform(0, 0.002)));
  }

  // What is there must be whole, whatever was cut.
  void check_after_kill() {
    const fs::path run = here_ / "cut";
    for (const char* name : {"policy.ddpg", "best.ddpg"})
      if (fs::exists(run / name)) {
        EXPECT_NO_THROW(Policy::load((run / name).string())) << name;
      }
    EXPECT_NO_THROW(read_status(run));
    const auto checkpoints = list_checkpoints(run / "checkpoints");
    figures_.before_a_checkpoint += checkpoints.empty() ? 1 : 0;
    figures_.in_a_write += temporaries(run).empty() ? 0 : 1;
    for (const fs::path& checkpoint : checkpoints) EXPECT_NO_THROW(load_checkpoint(checkpoint)) << checkpoint;
  }

  // False when the training ended before the kill came.
  bool kill_once(::pid_t process) {
    const auto moment = static_cast<Moment>(random_.below(3));
    wait_for(moment, process);
    ::kill(process, SIGKILL);
    const Finished finished = here_.wait(process);
    // what was killed after its last file was written has finished, and is not resumed
    const bool had_finished = finished.code == 2 && finished.err.find("has finished its") != std::string::npos;
    EXPECT_TRUE(finished.signal == SIGKILL || finished.code == 0 || had_finished) << finished.err;
    if (finished.signal != SIGKILL) return figures_.came_too_late++, false;
    figures_.kills[static_cast<std::size_t>(moment)]++;
    check_after_kill();
    return true;
  }

  ::pid_t begin_or_go_on() {
    // before there is a config.toml nothing has begun
    if (fs::exists(here_ / "cut/config.toml")) return here_.begin({"resume", "cut", "--quiet"});
    return here_.begin(frequently_saving({"--run", "cut"}));
  }

  Workplace here_;
  double seconds_ = 0;  // that the undisturbed training takes
  RandomStream random_{static_cast<std::uint64_t>(number_from("DDPG_KILLS_SEED", 0)), "kills"};
  Figures figures_;
};

TEST_F(Killed, AtAnyMomentItGoesOnToTheSameBits) {
  const int wanted = number_from("DDPG_KILLS", 12);
  for (int kills = 0; kills < wanted && !HasFailure(); figures_.runs++) {
    SCOPED_TRACE(fmt::format("after {} kills", kills));
    fs::remove_all(here_ / "cut");
    const auto most = static_cast<int>(1 + random_.below(6));  // in this run
    for (int i = 0; i < most && kills < wanted && !HasFailure(); i++) {
      if (!kill_once(begin_or_go_on())) break;
      kills++;
    }
    if (!fs::exists(here_ / "cut/status.json") || read_status(here_ / "cut").state != "finished") {
      const Finished finished = here_.wait(begin_or_go_on());
      ASSERT_EQ(finished.code, 0) << finished.err;
    }
    expect_same_runs(here_ / "straight", here_ / "cut");
  }
  std::string told = fmt::format("{} runs, each the same to the bit in the end;", figures_.runs);
  for (std::size_t i = 0; i < kNames.size(); i++) told += fmt::format(" {} kills {},", figures_.kills[i], kNames[i]);
  fmt::print("{} of which {} before the first checkpoint and {} that left a file half written; {} came after the end\n",
             told, figures_.before_a_checkpoint, figures_.in_a_write, figures_.came_too_late);
}

// Never the old options without the old policy, or the other way round.
TEST_F(Killed, WhileItReplacesARunItLeavesTheOldOneOrTheNewOne) {
  ASSERT_EQ(here_.run(frequently_saving({"--run", "new", "--seed", "1"})).code, 0);
  const int wanted = std::max(4, number_from("DDPG_KILLS", 12) / 3);
  for (int i = 0; i < wanted && !HasFailure(); i++) {
    fs::remove_all(here_ / "cut");
    fs::copy(here_ / "straight", here_ / "cut", fs::copy_options::recursive);
    const ::pid_t process = here_.begin(frequently_saving({"--run", "cut", "--overwrite", "--seed", "1"}));
    while (i % 4 != 0 && !has_ended(process) && !fs::exists(here_ / "cut/.ddpg-begun")) {
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(random_.uniform(0, i % 4 == 0 ? 0.03 : 0.003)));
    ::kill(process, SIGKILL);
    here_.wait(process);
    const Finished resumed = here_.run({"resume", "cut", "--quiet"});
    // the old one has finished, and so has the new one where the kill came too late
    const bool had_finished = resumed.code == 2 && resumed.err.find("has finished its") != std::string::npos;
    EXPECT_TRUE(had_finished || resumed.code == 0) << resumed.err;
    const bool old = read_file(here_ / "cut/config.toml") == read_file(here_ / "straight/config.toml");
    expect_same_runs(here_ / (old ? "straight" : "new"), here_ / "cut");
  }
}

}  // namespace
}  // namespace ddpg::testing
