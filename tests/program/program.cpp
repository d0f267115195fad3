#include "program/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>
#include <utility>

namespace ddpg::testing {

namespace fs = std::filesystem;

nlohmann::json Finished::json() const {
  std::string last, line;
  for (std::istringstream lines(out); std::getline(lines, line);) last = line;
  return nlohmann::json::parse(last, nullptr, false);
}

Workplace::Workplace(std::string program) : program_(std::move(program)) {
  std::string name = (fs::path(::testing::TempDir()) / "ddpg_cli_XXXXXX").string();
  folder_ = ::mkdtemp(name.data());
}

Workplace::~Workplace() {
  fs::remove_all(folder_);
}

::pid_t Workplace::begin(const std::vector<std::string>& arguments, bool leads_group) {
  std::vector<std::string> words = {fs::path(program_).filename().string()};  // as found in PATH: advice repeats it
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const std::string out = folder_ / ".out", err = folder_ / ".err", folder = folder_;
  const ::pid_t process = ::fork();
  if (process != 0) return process;
  // from here on the child: nothing but system calls
  if (leads_group) ::setpgid(0, 0);
  const int flags = O_WRONLY | O_CREAT | O_TRUNC;
  const bool ready = ::chdir(folder.c_str()) == 0 && ::dup2(::open(out.c_str(), flags, 0600), STDOUT_FILENO) >= 0 &&
                     ::dup2(::open(err.c_str(), flags, 0600), STDERR_FILENO) >= 0;
  if (ready) ::execv(program_.c_str(), pointers.data());
  ::_exit(127);
}

Finished Workplace::wait(::pid_t process) {
  int status = 0;
  ::waitpid(process, &status, 0);
  Finished finished;
  if (WIFEXITED(status)) finished.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) finished.signal = WTERMSIG(status);
  finished.out = text_of(folder_ / ".out");
  finished.err = text_of(folder_ / ".err");
  return finished;
}

Finished Workplace::run(const std::vector<std::string>& arguments) {
  return wait(begin(arguments));
}

Finished Workplace::train(const std::vector<std::string>& more) {
  return run(small_training(more));
}

std::string Workplace::errors_so_far() const {
  return text_of(folder_ / ".err");
}

std::vector<std::string> small_training(const std::vector<std::string>& more) {
  std::vector<std::string> words = {"train", "Pendulum-v1", "--steps", "600"};
  for (const char* option :
       {"warmup_steps=100", "learning_starts=100", "batch_size=8", "replay_capacity=1000", "actor.hidden=8",
        "critic.hidden=8", "evaluation_episodes=2", "evaluation_interval=300", "log_interval=200"}) {
    words.insert(words.end(), {"--set", option});
  }
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 6'000; i++) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

bool has_row(const fs::path& run, const std::string& step) {
  return text_of(run / "progress.csv").find("\n" + step + ",") != std::string::npos;
}

std::string without_clock(const std::string& table) {
  std::string kept, line;
  for (std::istringstream lines(table); std::getline(lines, line);) {
    for (int i = 0; i < 3; i++) line.erase(line.rfind(','));
    kept += line + "\n";
  }
  return kept;
}

void write_text(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

}  // namespace ddpg::testing
