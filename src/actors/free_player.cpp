// A player on its own: see free_player.h.
#include "actors/free_player.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "actors/sent.h"
#include "ddpg/error.h"
#include "group/waiting.h"
#include "run/make_copy.h"
#include "run/task_record.h"
#include "support/divergence.h"

namespace ddpg {

FreePlayer::FreePlayer(Group& group, Unpacking& asked) : group_(group), random_(0), means_(0) {
  apply_toml(options_, asked.get_text(), "the options of process 0");
  const auto actor = static_cast<std::uint64_t>(asked.get<std::int32_t>());
  actors_ = asked.get<std::int32_t>();
  first_step_ = asked.get<std::int64_t>();
  environment_ = make_copy(options_, static_cast<int>(actor) + 1, breakdowns_);
  group_.send(0, Parcel(Word::ready).put_text(to_json(task_record(*environment_))).take());
  const Specification& specification = environment_->specification();
  // streams of its own, and others than before the checkpoint of a training that is resumed
  random_ = RandomStream(options_.seed, fmt::format("player from step {}", first_step_), actor);
  options_.seed = random_.bits();
  collector_.emplace(options_, specification, 1, Compute{&best_kernels(), nullptr},
                     Rung{static_cast<int>(actor), static_cast<int>(actors_)});
  mu_.emplace(options_, specification, 1);
  policy_.body = mu_->body();
  if (collector_->normaliser()) {
    policy_.mean.resize(static_cast<std::size_t>(specification.observation_size));
    policy_.deviation = policy_.mean;
  }
  means_ = EpisodeMeans(specification.metric_names.size());
  observation_ = ObservationRoom(specification.observation_size);
  metrics_.resize(specification.metric_names.size());
  action_.resize(static_cast<std::size_t>(specification.action_size()));
}

void FreePlayer::play() {
  for (Waiting waiting; version_ < 0 && !over_; waiting.once()) hear();
  if (!over_) {
    block_.put(version_);
    begin_episode();
  }
  while (!over_) {
    step();
    if (Clock::now() - heard_at_ >= kBetweenLooks) hear();
  }
}

void FreePlayer::hear() {
  heard_at_ = Clock::now();
  try {
    while (const std::optional<Message> message = group_.receive(0)) {
      Unpacking parcel(message->bytes);
      if (parcel.word() == Word::end) over_ = true;
      if (parcel.word() == Word::policy) take_policy(parcel);
    }
  } catch (const Lost& lost) {
    if (lost.rank() == 0) throw;
  }
}

void FreePlayer::take_policy(Unpacking& parcel) {
  version_ = parcel.get<std::int64_t>();
  const auto step = parcel.get<std::int64_t>();
  unpack(parcel, policy_);
  weights_ = mu_->parts(policy_.tensors);
  if (!policy_.mean.empty())
    collector_->take_normaliser(policy_.mean, policy_.deviation, std::max<std::int64_t>(2, step));
}

void FreePlayer::begin_episode() {
  environment_->reset(random_, observation_.cleared());
  observation_.check(*environment_);
  check(0);
  first_steps_.begin_episode();
  collector_->begin_episode(0, observation_.numbers());
  means_.clear();
  block_.put(Event::begins).put_all(std::as_const(observation_).numbers());
  pack(breakdowns_->take_counts(), block_);
}

void FreePlayer::step() {
  const int self = 0;
  const PolicyWeights mu{&weights_.actor, weights_.encoder ? &*weights_.encoder : nullptr};
  collector_->act(std::span(&self, 1), first_step_ + steps_ * actors_, mu, action_);
  const StepResult result = environment_->step(action_, observation_.cleared());
  observation_.check(*environment_);
  const bool ended = ends_episode(result);
  if (result.broke_down) {
    first_steps_.step_broke_down(*environment_);
  } else {
    steps_++;
    check(result.reward);
    first_steps_.step_came_back();
    collector_->observe(self, result, observation_.numbers());
  }
  block_.put(Event::step).put_all(std::span<const float>(action_)).put(result);
  block_.put_all(std::as_const(observation_).numbers());
  if (!metrics_.empty() && !result.broke_down) {
    environment_->metrics(metrics_);
    means_.add(metrics_);
  }
  if (ended && !metrics_.empty()) block_.put_all(std::span<const double>(means_.means()));
  if (++in_block_ >= kBlockSteps) send();
  if (ended && !over_) begin_episode();
}

// As in one process: before the normaliser and the learner see it.
void FreePlayer::check(double reward) const {
  const std::span<const double> observation = observation_.numbers();
  const auto fail = [&](const std::string& what, double value) {
    throw Error(fmt::format("[environment {}] step {} of this player: {} is {}, expected a finite number (of 32 bits)",
                            environment_->specification().name, steps_, what, value));
  };
  for (std::size_t i = 0; i < observation.size(); i++)
    if (!finite_as_float(observation[i])) fail(fmt::format("observation[{}]", i), observation[i]);
  if (!finite_as_float(reward)) fail("the reward", reward);
}

// Waits while the learner is behind, and hears it meanwhile.
void FreePlayer::send() {
  block_.put(Event::full).put(static_cast<std::int32_t>(group_.underway(0)));
  for (Waiting waiting; group_.underway(0) >= kBlocksUnderway && !over_; waiting.once()) hear();
  if (!over_) group_.send(0, std::exchange(block_, Parcel(Word::lived)).take());
  block_.put(version_);
  in_block_ = 0;
}

}  // namespace ddpg
