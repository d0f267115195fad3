// Trainings on the processes of a group: see trainings_elsewhere.h.
#include "experiment/trainings_elsewhere.h"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <thread>
#include <utility>

#include "actors/parcel.h"
#include "ddpg/error.h"

namespace ddpg {

TrainingsElsewhere::TrainingsElsewhere(std::shared_ptr<Group> group, std::filesystem::path program)
    : group_(std::move(group)), program_(std::move(program)), watchers_(static_cast<std::size_t>(group_->size() - 1)) {}

int TrainingsElsewhere::places() const {
  int count = 0;
  for (int process = 1; process < group_->size(); process++) count += group_->is_lost(process) ? 0 : 1;
  return count;
}

// One that is free; where a run was killed another than the one it was killed at, if there is a choice.
int TrainingsElsewhere::choose(std::size_t run) {
  const auto killed = killed_at_.find(run);
  int chosen = 0;
  for (int process = group_->size() - 1; process > 0; process--) {
    if (group_->is_lost(process) || watcher(process).busy) continue;
    if (chosen == 0 || killed == killed_at_.end() || killed->second != process) chosen = process;
  }
  return chosen;
}

void TrainingsElsewhere::begin(std::size_t run, const std::vector<std::string>& words,
                               const std::filesystem::path& log) {
  const int process = choose(run);
  Parcel parcel(Word::train);
  parcel.put_text(std::filesystem::current_path().string()).put_text(program_.string()).put_text(log.string());
  parcel.put(static_cast<std::uint64_t>(words.size()));
  for (const std::string& word : words) parcel.put_text(word);
  group_->send(process, parcel.take());
  watcher(process) = {true, run};
}

std::optional<TrainingEnd> TrainingsElsewhere::ended() {
  for (;;) try {
      const std::optional<Message> message = group_->receive();
      if (!message) return std::nullopt;
      if (!group_->is_lost(message->from)) return taken(*message);  // else its training was given up
    } catch (const Lost& loss) {
      if (std::optional<TrainingEnd> end = lose(loss)) return end;
    }
}

TrainingEnd TrainingsElsewhere::taken(const Message& message) {
  Unpacking parcel(message.bytes);
  if (parcel.word() != Word::trained)
    throw Error(fmt::format("[experiment] process {} sent what was not asked for", message.from));
  Watcher& from = watcher(message.from);
  TrainingEnd end{.run = from.run};
  end.end.code = parcel.get<std::int32_t>();
  end.end.signal = parcel.get<std::int32_t>();
  end.error = parcel.get_text();
  if (!end.error.empty()) end.error = fmt::format("process {}: {}", message.from, end.error);
  end.again = end.end.signal != 0 && killed_at_.emplace(from.run, message.from).second;
  if (end.again) end.error = fmt::format("killed by signal {} at process {}", end.end.signal, message.from);
  from.busy = false;
  return end;
}

std::optional<TrainingEnd> TrainingsElsewhere::lose(const Lost& lost) {
  if (places() == 0)
    throw Error(
        fmt::format("{}, and no other is left to train; resume the experiment, with or without --actors", lost.what()));
  Watcher& gone = watcher(lost.rank());
  if (!std::exchange(gone.busy, false)) return std::nullopt;
  return TrainingEnd{.run = gone.run, .error = fmt::format("lost: {}", lost.what()), .again = true};
}

void TrainingsElsewhere::stop() {
  for (int process = 1; process < group_->size(); process++)
    if (watcher(process).busy) group_->send(process, Parcel(Word::stop).take());
}

namespace {

// Between two looks: a training takes minutes.
constexpr std::chrono::milliseconds kDoze{10};

class TrainingWatcher {
 public:
  explicit TrainingWatcher(Group& group) : group_(group) {}
  ~TrainingWatcher() {
    // once, and not SIGTERM: that follows when this process ends, and a second one would not let it save
    if (training_) training_->send(SIGUSR1);
  }
  TrainingWatcher(const TrainingWatcher&) = delete;
  TrainingWatcher& operator=(const TrainingWatcher&) = delete;

  void watch() {
    for (; hear(); std::this_thread::sleep_for(kDoze)) look();
    group_.send(0, Parcel(Word::end).take());
  }

 private:
  // False: it is over.
  bool hear() {
    try {
      while (const std::optional<Message> message = group_.receive(0)) {
        Unpacking asked(message->bytes);
        if (asked.word() == Word::end) return false;
        if (asked.word() == Word::stop && training_) training_->send(SIGTERM);
        if (asked.word() == Word::train) begin(asked);
      }
    } catch (const Lost& lost) {
      if (lost.rank() == 0) throw;
    }
    return true;
  }

  void begin(Unpacking& asked) try {
    std::filesystem::current_path(asked.get_text());
    const std::string program = asked.get_text(), log = asked.get_text();
    std::vector<std::string> words(asked.get_count(sizeof(std::uint64_t)));
    for (std::string& word : words) word = asked.get_text();
    training_.emplace(start_training(program, words, log));
  } catch (const std::filesystem::filesystem_error& error) {
    tell({}, fmt::format("{}: {}; the processes of an experiment need the same files", error.path1().string(),
                         error.code().message()));
  } catch (const Error& error) {
    tell({}, error.what());
  }

  void look() {
    if (!training_) return;
    const std::optional<ProcessEnd> end = training_->ended();
    if (!end) return;
    training_.reset();
    tell(*end, "");
  }

  void tell(const ProcessEnd& end, const std::string& error) {
    Parcel parcel(Word::trained);
    parcel.put(static_cast<std::int32_t>(end.code)).put(static_cast<std::int32_t>(end.signal)).put_text(error);
    group_.send(0, parcel.take());
  }

  Group& group_;
  std::optional<Process> training_;
};

}  // namespace

bool train_for(Group& group) try {
  TrainingWatcher(group).watch();
  return true;
} catch (const Lost&) {  // process 0
  return false;
}

}  // namespace ddpg
