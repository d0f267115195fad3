// The trainings of an experiment as processes of this machine: see trainings.h.
#include "experiment/trainings.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>

namespace ddpg {

Process start_training(const std::filesystem::path& program, const std::vector<std::string>& words,
                       const std::filesystem::path& log) {
  return Process(program, words, {fmt::format("DDPG_PARENT={}", ::getpid())}, log);
}

void TrainingsHere::begin(std::size_t run, const std::vector<std::string>& words, const std::filesystem::path& log) {
  processes_.emplace_back(run, start_training(program_, words, log));
}

std::optional<TrainingEnd> TrainingsHere::ended() {
  for (auto at = processes_.begin(); at != processes_.end(); ++at) {
    const std::optional<ProcessEnd> end = at->second.ended();
    if (!end) continue;
    const std::size_t run = at->first;
    processes_.erase(at);
    return TrainingEnd{.run = run, .end = *end};
  }
  return std::nullopt;
}

void TrainingsHere::stop() {
  for (const auto& [run, process] : processes_) process.send(SIGTERM);
}

}  // namespace ddpg
