// ddpg launch: the processes of an MPI job that trains, started with one command. Again when they die: launched_job.h.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>
#include <utility>

#include "ddpg/error.h"
#include "experiment/experiment.h"
#include "group/group.h"
#include "program/actors.h"
#include "program/command_line.h"
#include "program/interrupt.h"
#include "program/launched_job.h"
#include "program/training.h"
#include "run/run_folder.h"
#include "support/shown.h"

namespace ddpg::cli {

namespace {

constexpr const char* kLaunchFooter =
    "Process 0 learns, the others play. For example:\n"
    "  ddpg launch -n 5 -- train HalfCheetah-v5 --run cheetah\n"
    "  ddpg launch -n 5 -- resume cheetah\n"
    "In a job of Slurm it is srun that starts them, elsewhere the mpirun that ddpg was built with.";

struct LaunchArguments {
  int processes = 0;
  std::string mpirun;  // "": the one that fits
  std::vector<std::string> command;
};

bool is_in_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  std::error_code unknown;
  for (std::string folder; std::getline(folders, folder, ':');)
    if (std::filesystem::exists(std::filesystem::path(folder) / program, unknown)) return true;
  return false;
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::vector<std::string> starter(const LaunchArguments& launch) {
  std::vector<std::string> words = mpi_starter();  // also says where there is no MPI at all
  if (!launch.mpirun.empty())
    words = words_of(launch.mpirun);
  else if (std::getenv("SLURM_JOB_ID") != nullptr && is_in_path("srun"))
    words = {"srun", "--kill-on-bad-exit=1"};  // who is left would wait for ever
  if (words.empty())
    throw UsageError("--mpirun: expected a command, such as \"mpirun --hostfile hosts\", found blanks");
  std::error_code unknown;
  const std::string& program = words.front();
  const bool found =
      program.find('/') == std::string::npos ? is_in_path(program) : std::filesystem::exists(program, unknown);
  if (!found)
    throw UsageError(
        fmt::format("[launch] there is no {}, which starts the processes. On Debian `apt-get install "
                    "openmpi-bin` gets mpirun; --mpirun FILE names another",
                    shown(program)));
  words.insert(words.end(), {"-n", std::to_string(launch.processes)});
  return words;
}

void add(std::vector<std::string>& words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
}

// This very program, with what it must load. Its executable by its name: another process starts it.
std::vector<std::string> itself(const Common& common) {
  const std::filesystem::path& interpreter = common.itself.interpreter;
  std::vector<std::string> words = {
      (interpreter.empty() ? std::filesystem::read_symlink(common.itself.file()) : interpreter).string()};
  add(words, common.first_words());
  return words;
}

// What both verbs are told beside their own words: an engine. Checks what they were told of it.
std::vector<std::string> engine(ActorsArguments& actors) {
  if (!actors.engine.empty()) {
    check_actors(actors);
    return {};
  }
  actors.engine = "mpi";
  return {"--actors", "mpi"};
}

struct Told {
  std::filesystem::path run;
  ActorsArguments actors;
  std::vector<std::string> more;  // words
  bool quiet = false, json = false;
  bool made = false;  // the folder, here
};

// Everything is checked here before it is by each process, and a folder is chosen: it must be known to go on in it.
Told told_train(const std::vector<std::string>& words) {
  TrainArguments train;
  Told told;
  told.json = read_words("train", words, [&train](Flags& flags) { add_train_flags(flags, train); });
  if (!train.seeds.empty())
    throw UsageError(
        "[launch] --seeds: what is started again here is a single run. `mpirun -n 9 ddpg train ... --seeds ... "
        "--actors mpi` "
        "trains an experiment, and `ddpg resume` continues it");
  told.more = engine(train.actors);
  told.run = folder_for(train);
  if (train.run.empty()) {
    told.made = std::filesystem::create_directories(told.run);  // nobody else's, from now on
    add(told.more, {"--run", told.run.string()});
  }
  told.actors = train.actors;
  told.quiet = train.quiet;
  return told;
}

Told told_resume(const std::vector<std::string>& words) {
  ResumeArguments resume;
  Told told;
  told.json = read_words("resume", words, [&resume](Flags& flags) { add_resume_flags(flags, resume); });
  if (resume.run.empty())
    throw UsageError("[launch] resume: which run? Such as `-- resume runs/Pendulum-v1/default-seed0`");
  if (ExperimentFolder::is_one(resume.run))
    throw UsageError(
        fmt::format("[launch] {} is an experiment, and what is started again here is a single run: `mpirun -n 9 ddpg "
                    "resume ... --actors mpi`",
                    shown(resume.run)));
  told.more = engine(resume.actors);
  told.run = RunFolder::resume(resume.run).path();
  told.actors = resume.actors;
  told.quiet = resume.quiet;
  return told;
}

// What is told once more where it was told before: whatever else was said is in the run's folder.
std::vector<std::string> words_again(const Told& told) {
  std::vector<std::string> words = {"resume", told.run.string(), "--actors", "mpi"};
  if (told.actors.lockstep) words.push_back("--lockstep");
  if (told.quiet) words.push_back("--quiet");
  if (told.json) words.push_back("--json");
  return words;
}

// A folder that was made for it and in which nothing began goes again.
struct Unused {
  std::filesystem::path run;
  bool made;

  ~Unused() {
    std::error_code kept;
    if (made && std::filesystem::is_empty(run, kept)) std::filesystem::remove(run, kept);
  }
};

int run_launch(const LaunchArguments& launch, const Common& common) {
  if (launch.command.empty())
    throw UsageError("what is to be launched? For example `ddpg launch -n 5 -- train Pendulum-v1`");
  const std::string& verb = launch.command.front();
  if (verb != "train" && verb != "resume")
    throw UsageError(fmt::format(
        "[launch] \"{}\" is no verb that trains in a job: expected train or resume behind `--`", shown(verb)));
  if (launch.processes < 2)
    throw UsageError("[launch] how many processes? One learns and the others play: -n 2 or more");
  LaunchedJob job;
  job.starter = starter(launch);
  const std::vector<std::string> rest(launch.command.begin() + 1, launch.command.end());
  Told told = verb == "train" ? told_train(rest) : told_resume(rest);
  if (common.json && !std::exchange(told.json, true)) told.more.push_back("--json");
  const Unused unused{told.run, told.made};
  job.run = told.run;
  job.first = job.resume = itself(common);
  job.first.push_back(verb);
  add(job.first, told.more);  // before the user's, which may end in a "--" of their own
  add(job.first, rest);
  add(job.resume, words_again(told));
  job.advice = fmt::format("`{} launch -n {}{} -- resume {}{}`", common.command(), launch.processes,
                           launch.mpirun.empty() ? "" : " --mpirun " + typed(launch.mpirun), typed(told.run),
                           told.actors.lockstep ? " --lockstep" : "");
  return JobRestarts(std::move(job), count_interrupts(false)).run();  // the process that learns says that it stops
}

}  // namespace

Run add_launch(Flags& flags) {
  const auto launch = std::make_shared<LaunchArguments>();
  flags.each(
      "-n,--processes", "N",
      [launch](const std::string& text) { launch->processes = static_cast<int>(whole_number("-n", text, 2, 100'000)); },
      "how many processes; the first one learns");
  flags.text("--mpirun", launch->mpirun, "COMMAND",
             "what starts them, such as \"mpirun --hostfile hosts\" [srun in a job of Slurm, else mpirun]");
  flags.command(launch->command, "behind `--`: train or resume, with its words");
  flags.footer(kLaunchFooter);
  return [launch](const Common& common) { return run_launch(*launch, common); };
}

}  // namespace ddpg::cli
