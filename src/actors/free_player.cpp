// A player on its own: see free_player.h.
#include "actors/free_player.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "ddpg/error.h"
#include "group/waiting.h"
#include "policy/content.h"
#include "policy/format.h"
#include "run/make_copy.h"
#include "run/task_record.h"
#include "support/divergence.h"

namespace ddpg {

FreePlayer::FreePlayer(Group& group, Unpacking& asked) : group_(group), random_(0), means_(0) {
  apply_toml(options_, asked.get_text(), "the options of process 0");
  const auto actor = static_cast<std::uint64_t>(asked.get<std::int32_t>());
  actors_ = asked.get<std::int32_t>();
  first_step_ = asked.get<std::int64_t>();
  environment_ = make_copy(options_, static_cast<int>(actor) + 1, std::make_shared<BreakdownLog>());
  group_.send(0, Parcel(Word::ready).put_text(to_json(task_record(*environment_))).take());
  const Specification& specification = environment_->specification();
  // streams of its own, and others than before the checkpoint of a training that is resumed
  random_ = RandomStream(options_.seed, fmt::format("player from step {}", first_step_), actor);
  options_.seed = random_.bits();
  collector_.emplace(options_, specification, 1, Compute{&best_kernels(), nullptr});
  mu_.emplace(options_, specification, 1);
  means_ = EpisodeMeans(specification.metric_names.size());
  observation_.resize(static_cast<std::size_t>(specification.observation_size));
  metrics_.resize(specification.metric_names.size());
  action_.resize(static_cast<std::size_t>(specification.action_size()));
}

void FreePlayer::play() {
  for (Waiting waiting; !has_policy_ && !over_; waiting.once()) hear();
  if (!over_) begin_episode();
  while (!over_) {
    step();
    hear();
  }
}

void FreePlayer::hear() {
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
  const auto step = parcel.get<std::int64_t>();
  const Policy::Content content = decode_policy(parcel.get_text(), "the policy of process 0");
  weights_ = mu_->parts(content.tensors);
  if (content.normalise) collector_->take_normaliser(content.mean, content.deviation, std::max<std::int64_t>(2, step));
  has_policy_ = true;
}

void FreePlayer::begin_episode() {
  environment_->reset(random_, observation_);
  collector_->begin_episode(0, observation_);
  means_.clear();
  block_.put(true).put_all(std::span<const double>(observation_));
}

void FreePlayer::step() {
  const int self = 0;
  const PolicyWeights mu{&weights_.actor, weights_.encoder ? &*weights_.encoder : nullptr};
  collector_->act(std::span(&self, 1), first_step_ + steps_ * actors_, mu, action_);
  std::ranges::fill(observation_, std::numeric_limits<double>::quiet_NaN());  // what it does not write is found
  const StepResult result = environment_->step(action_, observation_);
  steps_++;
  collector_->observe(self, result, observation_);
  const bool ended = result.terminated || result.truncated || result.broke_down;
  if (!result.broke_down) check(result);
  block_.put(false).put_all(std::span<const float>(action_)).put(result).put_all(std::span<const double>(observation_));
  if (!metrics_.empty()) {
    environment_->metrics(metrics_);
    means_.add(metrics_);
  }
  const bool measured = ended && !metrics_.empty();
  block_.put(measured);
  if (measured) block_.put_all(std::span<const double>(means_.means()));
  if (++in_block_ >= kSteps) send();
  if (ended && !over_) begin_episode();
}

void FreePlayer::check(const StepResult& result) const {
  const auto finite = [](double number) { return finite_as_float(number); };
  if (finite(result.reward) && std::ranges::all_of(observation_, finite)) return;
  throw Error(fmt::format(
      "[environment {}] step {} of this player: an observation or the reward is no finite number (of 32 bits)",
      environment_->specification().name, steps_));
}

// Waits while the learner is behind, and hears it meanwhile.
void FreePlayer::send() {
  for (Waiting waiting; group_.underway(0) >= kBlocksUnderway && !over_; waiting.once()) hear();
  if (!over_) group_.send(0, std::exchange(block_, Parcel(Word::lived)).take());
  in_block_ = 0;
}

}  // namespace ddpg
