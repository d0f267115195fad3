// What a process that plays answers to process 0: see player.h.
#include "actors/player.h"

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/free_player.h"
#include "actors/parcel.h"
#include "ddpg/environment.h"
#include "ddpg/options.h"
#include "envs/observation_room.h"
#include "run/task_record.h"

namespace ddpg {
namespace {

class RoundPlayer {
 public:
  explicit RoundPlayer(Group& group) : group_(group) {}

  void reply(Unpacking& asked) {
    try {
      group_.send(0, answer(asked).take());
    } catch (const Lost&) {
      throw;
    } catch (...) {
      group_.send(0, failure().take());
    }
  }

 private:
  Parcel answer(Unpacking& asked) {
    switch (asked.word()) {
      case Word::rounds:
        return make(asked);
      case Word::play:
        return play(asked);
      case Word::reset:
        return reset(asked);
      case Word::save:
        return save(asked);
      case Word::restore:
        return restore(asked);
      case Word::purpose:
        return set_purpose(asked);
      default:
        throw Error("[actors] it was asked for what it does not know: do all processes run the same ddpg?");
    }
  }

  Parcel make(Unpacking& asked) {
    Options options;
    apply_toml(options, asked.get_text(), "the options of process 0");
    copies_.clear();
    const auto count = asked.get<std::uint32_t>();
    const std::unique_ptr<Environment> first = make_environment(options.environment, options.env);
    const Specification& specification = first->specification();
    for (std::uint32_t i = 0; i < count; i++) copies_.push_back(make_environment(options.environment, options.env));
    action_.resize(static_cast<std::size_t>(specification.action_size()));
    observation_ = ObservationRoom(specification.observation_size);
    metrics_.resize(specification.metric_names.size());
    Parcel ready(Word::ready);
    return std::move(ready.put_text(to_json(task_record(*first))));
  }

  Environment& copy_of(Unpacking& asked) { return *copies_.at(asked.get<std::uint32_t>()); }

  Parcel play(Unpacking& asked) {
    Parcel played(Word::played);
    for (std::size_t i = 0; i < copies_.size() && !asked.empty(); i++) {
      asked.get_all(std::span(action_));
      step(*copies_[i], played);
    }
    return played;
  }

  void step(Environment& copy, Parcel& played) try {
    const StepResult result = copy.step(action_, observation_.cleared());
    observation_.check(copy);
    if (!metrics_.empty() && !result.broke_down) copy.metrics(metrics_);
    played.put(false).put(result).put_all(std::as_const(observation_).numbers());
    played.put_all(std::span<const double>(metrics_));
  } catch (...) {
    played.put(true);
    pack_failure(played);
  }

  Parcel reset(Unpacking& asked) {
    Environment& copy = copy_of(asked);
    RandomStream random(0);
    random.set_state(asked.get<std::array<std::uint64_t, 4>>());
    copy.reset(random, observation_.cleared());
    observation_.check(copy);
    Parcel began(Word::began);
    return std::move(began.put(random.state()).put_all(std::as_const(observation_).numbers()));
  }

  Parcel save(Unpacking& asked) {
    const std::vector<double> numbers = copy_of(asked).save_state();
    Parcel state(Word::state);
    return std::move(state.put(static_cast<std::uint64_t>(numbers.size())).put_all(std::span<const double>(numbers)));
  }

  Parcel restore(Unpacking& asked) {
    Environment& copy = copy_of(asked);
    std::vector<double> numbers(asked.get_count(sizeof(double)));
    asked.get_all(std::span(numbers));
    copy.restore_state(numbers);
    return Parcel(Word::ready);
  }

  Parcel set_purpose(Unpacking& asked) {
    Environment& copy = copy_of(asked);
    copy.set_purpose(asked.get<Purpose>());
    return Parcel(Word::ready);
  }

  Group& group_;
  std::vector<std::unique_ptr<Environment>> copies_;
  std::vector<float> action_;
  ObservationRoom observation_;
  std::vector<double> metrics_;
};

// That another player is lost is for process 0 to deal with.
Message next_of_learner(Group& group) {
  for (;;) try {
      return wait_for_message(group, 0);
    } catch (const Lost& lost) {
      if (lost.rank() == 0) throw;
    }
}

void play_freely(Group& group, Unpacking& asked) {
  try {
    FreePlayer(group, asked).play();
  } catch (const Lost&) {
    throw;
  } catch (...) {
    group.send(0, failure().take());
  }
}

}  // namespace

bool play_for(Group& group) try {
  RoundPlayer rounds(group);
  for (;;) {
    const Message message = next_of_learner(group);
    Unpacking asked(message.bytes);
    if (asked.word() == Word::end) break;
    if (asked.word() == Word::free) {
      play_freely(group, asked);
      break;
    }
    rounds.reply(asked);
  }
  group.send(0, Parcel(Word::end).take());
  return true;
} catch (const Lost&) {  // process 0
  return false;
}

}  // namespace ddpg
