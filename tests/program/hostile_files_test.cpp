// What lies on a disk and what a system refuses: each is one message that names it, in words of ours, and hides nothing
// else. What a terminal would obey is shown, and paths in commands that are advised are quoted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "places.h"
#include "program/program.h"
#include "support/shown.h"

namespace ddpg::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class HostileFiles : public ::testing::Test {
 protected:
  // `command` in a shell, in which $ddpg is the program.
  Finished shell(const std::string& command) {
    const fs::path script = here_ / ".script";
    std::ofstream(script) << "cd '" << (here_ / "").string() << "'\nddpg='" << program_file() << "'\n"
                          << command << "\n";
    const int status = std::system(
        ("bash " + script.string() + " >" + (here_ / ".out").string() + " 2>" + (here_ / ".err").string()).c_str());
    Finished finished;
    if (WIFEXITED(status)) finished.code = WEXITSTATUS(status);
    finished.out = text_of(here_ / ".out");
    finished.err = text_of(here_ / ".err");
    return finished;
  }

  Workplace here_;
};

std::string repeated(std::string_view part, int times) {
  std::string text;
  for (int i = 0; i < times; i++) text += part;
  return text;
}

TEST_F(HostileFiles, AreNamedWithTheCauseInOurWords) {
  fs::create_symlink("loop", here_ / "loop");
  write_text(here_ / "deep.toml", repeated("a.", 40'000) + "a = 1\n");
  const std::string name(300, 'n');
  struct Case {
    std::vector<std::string> arguments;
    std::string named;
    int code;
  };
  const Case cases[] = {
      {{"runs", "loop"}, "loop: Too many levels of symbolic links", 1},
      {{"report", "loop"}, "loop: Too many levels of symbolic links", 1},
      {{"evaluate", "loop"}, "loop: Too many levels of symbolic links", 1},
      {{"resume", "loop"}, "loop: Too many levels of symbolic links", 1},
      {{"train", "Pendulum-v1", "--run", "loop"}, "loop: Too many levels of symbolic links", 1},
      {{"train", "Pendulum-v1", "--run", "loop/inside"}, "loop", 1},
      {{"runs", name}, "File name too long", 1},
      {{"evaluate", name}, "File name too long", 1},
      {{"train", "Pendulum-v1", "--run", name}, "File name too long", 1},
      {{"train", "Pendulum-v1", "--seeds", "2", "--run", name}, "File name too long", 1},
      {{"train", "Pendulum-v1", "--config", "deep.toml"}, "deep.toml:1: expected a key of at most 8 parts", 2},
      {{"train", "Pendulum-v1", "--config", "/dev/zero"}, "/dev/zero: it is longer than", 2},
      {{"evaluate", "/dev/zero"}, "/dev/zero: it is a device", 1}};
  for (const Case& one : cases) {
    const Finished finished = here_.run(one.arguments);
    EXPECT_EQ(finished.code, one.code) << finished.err;
    EXPECT_THAT(finished.err, AllOf(HasSubstr(one.named), Not(HasSubstr("filesystem error")), Not(HasSubstr("json."))));
  }
}

TEST_F(HostileFiles, HideNoOtherRun) {
  ASSERT_EQ(here_.train({"--quiet", "--run", "runs/good"}).code, 0);
  for (const char* run : {"toml", "json"}) {
    fs::create_directories(here_ / "runs" / run);
    write_text(here_ / "runs" / run / "config.toml", "");
    write_text(here_ / "runs" / run / "status.json", repeated("[", 50'000));
  }
  write_text(here_ / "runs/toml/config.toml", "[" + repeated("a.", 40'000) + "a]\n");
  fs::create_directory(here_ / "runs/\x1b[2J\nnext");
  fs::copy(here_ / "runs/good", here_ / "runs/\x1b[2J\nnext");
  const Finished finished = here_.run({"runs"});
  EXPECT_EQ(finished.code, 0);
  for (const char* run : {"runs/good", "runs/toml", "runs/json", "runs/\\x1b[2J\\x0anext"})
    EXPECT_THAT(finished.out, HasSubstr(run));
  EXPECT_THAT(finished.err, AllOf(HasSubstr("runs/toml/config.toml:1: expected a key"), Not(HasSubstr("\x1b"))));
  EXPECT_EQ(here_.run({"report", "runs", "--csv", "a.csv"}).code, 0);
}

// Root may read all, unless it leaves that right.
TEST_F(HostileFiles, AFolderThatMayNotBeReadIsNamed) {
  ASSERT_EQ(here_.train({"--quiet", "--run", "runs/good"}).code, 0);
  const std::string as_user =
      "user=; [ $(id -u) != 0 ] || user='setpriv --bounding-set=-dac_override,-dac_read_search'; ";
  const std::string locked = "mkdir -p runs/locked/run; chmod 000 runs/locked; " + as_user;
  const Finished listed = shell(locked + "$user \"$ddpg\" runs");
  EXPECT_EQ(listed.code, 0);
  EXPECT_THAT(listed.out, HasSubstr("runs/good"));
  EXPECT_THAT(listed.err, HasSubstr("runs/locked cannot be read, nor what is in it: Permission denied"));
  EXPECT_THAT(shell(as_user + "$user \"$ddpg\" report runs --csv a.csv").err,
              HasSubstr("left out: runs/locked cannot"));
  EXPECT_THAT(shell(as_user + "$user \"$ddpg\" evaluate runs/locked/run").err,
              HasSubstr("runs/locked/run: Permission denied"));
  EXPECT_EQ(shell("chmod 700 runs/locked").code, 0);
}

TEST_F(HostileFiles, FewDescriptorsHideNoRun) {
  ASSERT_EQ(here_.train({"--quiet", "--run", "runs/a/b/c/d/e/f/g/h/run"}).code, 0);
  const Finished few = shell("ulimit -n 8; \"$ddpg\" runs");
  EXPECT_EQ(few.code, 0) << few.err;
  EXPECT_THAT(few.out, HasSubstr("runs/a/b/c/d/e/f/g/h/run"));
}

TEST_F(HostileFiles, AFileThatMayGrowNoFurtherIsNamed) {
  const Finished finished = shell("ulimit -f 1; \"$ddpg\" train Pendulum-v1 --steps 50 --run run --quiet");
  EXPECT_EQ(finished.code, 1) << finished.err;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("run/"), HasSubstr("File too large")));
}

TEST_F(HostileFiles, CommandsThatAreAdvisedAreQuoted) {
  const std::string folder = "sp; echo pwn";
  ASSERT_EQ(here_.train({"--quiet", "--seeds", "1", "--run", folder}).code, 0);
  const Finished refused = here_.train({"--seeds", "1", "--run", folder});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("ddpg resume 'sp; echo pwn'`"));
}

// The library says "ddpg resume"; what works is what this program was started as.
TEST_F(HostileFiles, CommandsThatAreAdvisedAreTheOnesToType) {
  fs::create_directory(here_ / "my programs");
  fs::create_symlink(program_file(), here_ / "my programs/mine");
  ASSERT_EQ(here_.train({"--quiet", "--run", "run"}).code, 0);
  fs::remove_all(here_ / "run/checkpoints");
  const std::string mine = "'" + (here_ / "my programs/mine").string() + "'", plugin = typed(plugin_file("tanks"));
  EXPECT_THAT(shell(mine + " resume run --steps 700").err,
              HasSubstr("in a new folder: " + mine + " train --config run/config.toml"));
  EXPECT_THAT(shell(mine + " --load " + plugin + " train Pendulum-v1 --run run").err,
              HasSubstr("`" + mine + " --load " + plugin + " resume` to continue"));
  EXPECT_THAT(shell(mine + " train --json").out, HasSubstr("`" + mine + " envs` lists them"));
  EXPECT_THAT(shell(mine + " runs run/../run").err, Not(HasSubstr("ddpg ddpg")));
  EXPECT_THAT(shell(mine + " --load " + plugin + " -- trian").err, HasSubstr("unknown verb \"trian\""));
  fs::create_symlink(program_file(), here_ / "my programs/ddpg");
  const std::string as_ddpg = "PATH=\"my programs:$PATH\" ddpg --load " + plugin;
  EXPECT_THAT(shell(as_ddpg + " train Pendulum-v1 --steps 50 --run other").err,
              AllOf(HasSubstr("ddpg --load " + plugin + " evaluate other"), Not(HasSubstr(plugin + " --load"))));
}

TEST_F(HostileFiles, AFolderForTemporariesThatIsNotThereIsNamed) {
  ASSERT_EQ(here_.train({"--quiet", "--run", "run"}).code, 0);
  const Finished finished = shell("TMPDIR=/nonexistent \"$ddpg\" export run --out a.h --verify");
  EXPECT_NE(finished.code, 0);
  EXPECT_THAT(finished.err, AllOf(HasSubstr("TMPDIR must name one"), Not(HasSubstr("filesystem error"))));
}

// Whatever the memory that there is: done, or a message and code 1.
TEST_F(HostileFiles, TooLittleMemoryIsAMessage) {
  for (int megabytes = 20; megabytes <= 120; megabytes += 8) {
    const std::string limit = "ulimit -v " + std::to_string(megabytes * 1024) + "; ";
    if (shell(limit + "\"$ddpg\" version").code != 0) continue;  // the system can hardly start it
    const Finished finished =
        shell(limit + "\"$ddpg\" train Pendulum-v1 --steps 300 --envs 64 --overlap --quiet --run run" +
              std::to_string(megabytes));
    EXPECT_TRUE(finished.code == 0 || finished.code == 1) << megabytes << ": " << finished.code << finished.err;
    EXPECT_TRUE(finished.code == 0 || finished.err.starts_with("ddpg: ")) << megabytes << ": " << finished.err;
  }
}

// Where none of MuJoCo's tasks can be loaded any more, the others are listed nevertheless.
TEST_F(HostileFiles, TooLittleMemoryForAModelIsAMessage) {
  for (int megabytes = 20; megabytes <= 60; megabytes += 2) {
    const std::string limit = "ulimit -v " + std::to_string(megabytes * 1024) + "; ";
    if (shell(limit + "\"$ddpg\" version").code != 0) continue;  // the system can hardly start it
    const Finished finished = shell(limit + "\"$ddpg\" envs");
    EXPECT_TRUE(finished.code == 0 || (finished.code == 1 && finished.err.starts_with("ddpg: ")))
        << megabytes << ": " << finished.code << finished.err;
  }
}

// Whose trials would fill gigabytes.
TEST_F(HostileFiles, AGridIsCountedBeforeItIsMade) {
  const std::string values = " = [" + repeated("0.5,", 9'000) + "]\n";
  write_text(here_ / "grid.toml",
             "environment = \"Pendulum-v1\"\n[sweep]\n[sweep.values]\ndiscount" + values + "tau" + values);
  const std::string limit = "ulimit -v 1000000; ";
  if (shell(limit + "\"$ddpg\" version").code != 0) return;  // a sanitizer takes more to start
  const Finished finished = shell(limit + "\"$ddpg\" sweep grid.toml --run grid");
  EXPECT_EQ(finished.code, 2) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("81000000 trials of 1 seeds are 81000000 trainings, more than 10000"));
}

}  // namespace
}  // namespace ddpg::testing
