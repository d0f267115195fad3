// Rounds on environments of other processes: see rounds_elsewhere.h.
#include "actors/rounds_elsewhere.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "actors/remote_environment.h"
#include "ddpg/error.h"
#include "run/task_record.h"

namespace ddpg {
namespace {

void check_lockstep(const Options& options) {
  const auto refuse = [](const char* what) {
    throw UsageError(fmt::format("[actors] --lockstep: {} needs its environments in one process; leave it out", what));
  };
  const auto is_of_world = [](const std::string& change) { return change.find(" env.") != std::string::npos; };
  if (std::ranges::any_of(options.changes, is_of_world)) refuse("a change of env.* in the middle");
  if (options.step_timeout > 0) refuse("step_timeout");
  if (options.on_breakdown != OnBreakdown::stop) refuse("on_breakdown = \"end_episode\"");
  if (options.evaluation_episodes > 0 && options.evaluate_on == EvaluateOn::training)
    refuse("evaluate_on = \"training\"");
}

}  // namespace

RoundsElsewhere::RoundsElsewhere(std::shared_ptr<Group> group)
    : group_(std::move(group)), awaited_(static_cast<std::size_t>(group_->size())) {}

VectorEnvironment::Copies RoundsElsewhere::copies(const Options& options) {
  check_lockstep(options);
  const std::unique_ptr<Environment> here = make_environment(options.environment, options.env);
  const Specification& specification = here->specification();
  for (int player = 1; player < group_->size(); player++) {
    Parcel parcel(Word::rounds);
    parcel.put_text(to_toml(options));
    parcel.put(static_cast<std::uint32_t>((options.environments + players() - player) / players()));
    group_->send(player, parcel.take());
  }
  const TaskRecord task = task_record(*here);
  for (int player = 1; player < group_->size(); player++) {
    hear(player);
    Unpacking answer(heard_);
    if (answer.word() == Word::failed) throw_failure(answer, player);
    check_same_task(task_from_json(answer.get_text(), "its answer"), task, fmt::format("process {}", player));
  }
  action_size_ = specification.action_size();
  slots_.assign(static_cast<std::size_t>(options.environments),
                {std::vector<double>(static_cast<std::size_t>(specification.observation_size)),
                 std::vector<double>(specification.metric_names.size()),
                 {},
                 {}});
  VectorEnvironment::Copies copies;
  for (int copy = 0; copy < options.environments; copy++)
    copies.push_back(std::make_unique<RemoteEnvironment>(shared_from_this(), specification, copy));
  return copies;
}

void RoundsElsewhere::play(std::span<const float> actions) {
  const std::lock_guard lock(mutex_);
  const auto size = static_cast<std::size_t>(action_size_);
  playing_ = actions.size() / size;
  for (int player = 1; player < group_->size(); player++) {
    if (awaited_[static_cast<std::size_t>(player)]) fetch(player);  // of a round that an error ended
    Parcel parcel(Word::play);
    bool any = false;
    for (std::size_t copy = 0; copy < playing_; copy++) {
      if (player_of(static_cast<int>(copy)) != player) continue;
      parcel.put_all(actions.subspan(copy * size, size));
      any = true;
    }
    if (!any) continue;
    group_->send(player, parcel.take());
    awaited_[static_cast<std::size_t>(player)] = true;
  }
}

void RoundsElsewhere::fetch(int player) {
  awaited_[static_cast<std::size_t>(player)] = false;
  hear(player);
  Unpacking played(heard_);
  for (std::size_t copy = 0; copy < slots_.size() && !played.empty(); copy++) {
    if (player_of(static_cast<int>(copy)) != player) continue;
    Slot& slot = slots_[copy];
    slot.failure.clear();
    if (played.get<bool>()) {
      Parcel failed(Word::failed);
      const bool wrong_use = played.get<bool>();
      slot.failure = failed.put(wrong_use).put_text(played.get_text()).take();
      continue;
    }
    slot.result = played.get<StepResult>();
    played.get_all(std::span(slot.observation));
    played.get_all(std::span(slot.metrics));
  }
}

StepResult RoundsElsewhere::followed(int copy, std::span<double> observation, std::span<double> metrics) {
  const std::lock_guard lock(mutex_);
  const int player = player_of(copy);
  if (awaited_[static_cast<std::size_t>(player)]) fetch(player);
  const Slot& slot = slots_[static_cast<std::size_t>(copy)];
  if (!slot.failure.empty()) {
    Unpacking failed(slot.failure);
    throw_failure(failed, player);
  }
  std::ranges::copy(slot.observation, observation.begin());
  std::ranges::copy(slot.metrics, metrics.begin());
  return slot.result;
}

void RoundsElsewhere::reset(int copy, RandomStream& random, std::span<double> observation) {
  const std::lock_guard lock(mutex_);
  Parcel parcel(Word::reset);
  parcel.put(static_cast<std::uint32_t>(copy / players())).put(random.state());
  Unpacking began = ask(player_of(copy), std::move(parcel), Word::began);
  random.set_state(began.get<std::array<std::uint64_t, 4>>());
  began.get_all(observation);
}

std::vector<double> RoundsElsewhere::save_state(int copy) {
  const std::lock_guard lock(mutex_);
  Parcel parcel(Word::save);
  parcel.put(static_cast<std::uint32_t>(copy / players()));
  Unpacking state = ask(player_of(copy), std::move(parcel), Word::state);
  std::vector<double> numbers(state.get_count(sizeof(double)));
  state.get_all(std::span(numbers));
  return numbers;
}

void RoundsElsewhere::restore_state(int copy, std::span<const double> state) {
  const std::lock_guard lock(mutex_);
  Parcel parcel(Word::restore);
  parcel.put(static_cast<std::uint32_t>(copy / players())).put(static_cast<std::uint64_t>(state.size())).put_all(state);
  ask(player_of(copy), std::move(parcel), Word::ready);
}

void RoundsElsewhere::set_purpose(int copy, Purpose purpose) {
  const std::lock_guard lock(mutex_);
  Parcel parcel(Word::purpose);
  parcel.put(static_cast<std::uint32_t>(copy / players())).put(purpose);
  ask(player_of(copy), std::move(parcel), Word::ready);
}

Unpacking RoundsElsewhere::ask(int player, Parcel parcel, Word expected) {
  if (awaited_[static_cast<std::size_t>(player)]) fetch(player);
  group_->send(player, parcel.take());
  hear(player);
  Unpacking answer(heard_);
  if (answer.word() == Word::failed) throw_failure(answer, player);
  if (answer.word() != expected)
    throw Error(fmt::format("[actors] process {} gave another answer than was asked", player));
  return answer;
}

// Rounds need everybody, so a loss ends them; what a checkpoint holds is resumed by as many as there are then.
void RoundsElsewhere::hear(int player) try {
  heard_ = wait_for_message(*group_, player).bytes;
} catch (const Lost& lost) {
  std::throw_with_nested(
      Error(fmt::format("{}, and --lockstep needs them all: resume the run from its last checkpoint", lost.what())));
}

}  // namespace ddpg
