// What each actor sees and does: see collector.h.
#include "agent/collector.h"

#include <algorithm>

#include "agent/exchange_stream.h"

namespace ddpg {

Collector::Collector(const Options& options, const Specification& specification, int actors, Compute compute,
                     std::optional<Rung> rung)
    : warmup_steps_(options.warmup_steps),
      random_chance_(options.exploration.random_chance),
      bounds_(specification.action_low, specification.action_high),
      compute_(compute),
      mu_(options, specification, actors),
      noise_(static_cast<std::size_t>(specification.action_size())),
      observations_(actors, specification.observation_size) {
  if (options.normalise_observations) normaliser_.emplace(specification.observation_size, options.observation_clip);
  if (options.normalise_rewards) reward_normaliser_.emplace(options.discount, actors + 1);
  for (int actor = 0; actor < actors; actor++)
    actors_.push_back(
        {RandomStream(options.seed, "exploration", static_cast<std::uint64_t>(actor)),
         Exploration(options.exploration, specification.action_size(), rung.value_or(Rung{actor, actors})),
         std::vector<double>(static_cast<std::size_t>(specification.observation_size))});
}

void Collector::begin_episode(int actor, std::span<const double> observation) {
  learn_first(actor, observation);
  at(actor).exploration.reset();
  at(actor).episode_return = 0;
  at(actor).played = false;
  resume_episode(actor, observation);
}

void Collector::resume_episode(int actor, std::span<const double> observation) {
  std::ranges::copy(observation, at(actor).observation.begin());
  at(actor).playing = true;
  set_acting(at(actor), false);
}

void Collector::end_episode(int actor) {
  at(actor).playing = false;
  set_acting(at(actor), false);
}

void Collector::set_acting(Actor& actor, bool acting) {
  acting_ += static_cast<int>(acting) - static_cast<int>(actor.acting);
  actor.acting = acting;
}

// One forward pass computes mu(s) for all of them. While all of them warm up it is left out.
void Collector::act(std::span<const int> actors, std::int64_t steps, const PolicyWeights& weights,
                    std::span<float> actions) {
  const int rows = static_cast<int>(actors.size());
  ConstPanels u;
  if (steps + acting_ + rows > warmup_steps_) {
    const Panels observations = observations_.view(rows);
    for (int r = 0; r < rows; r++) load(observation(actors[static_cast<std::size_t>(r)]), observations.block(r, r + 1));
    u = mu_(compute_, weights, observations);
  }
  const std::size_t size = noise_.size();
  for (int r = 0; r < rows; r++) {
    Actor& actor = at(actors[static_cast<std::size_t>(r)]);
    set_acting(actor, false);
    act(actor, steps + acting_, u.block(r, r + 1), actions.subspan(static_cast<std::size_t>(r) * size, size));
    set_acting(actor, true);
  }
}

void Collector::act(Actor& actor, std::int64_t step, ConstPanels u, std::span<float> action) {
  if (step < warmup_steps_) return act_randomly(actor, action);
  actor.exploration.sample(actor.random, step, noise_);
  if (random_chance_ > 0 && actor.random.uniform() < random_chance_) return act_randomly(actor, action);
  for (std::size_t i = 0; i < action.size(); i++) {
    const float noise = static_cast<float>(noise_[i]) * bounds_.half_range[i];
    action[i] = bounds_.clip(i, bounds_.scale(i, u.at(0, static_cast<int>(i))) + noise);
  }
}

void Collector::act_randomly(Actor& actor, std::span<float> action) const {
  for (std::size_t i = 0; i < action.size(); i++)
    action[i] = bounds_.clip(i, static_cast<float>(actor.random.uniform(bounds_.low[i], bounds_.high[i])));
}

void Collector::learn_first(int actor, std::span<const double> observation) {
  if (normaliser_) normaliser_->update(observation);
  if (reward_normaliser_) reward_normaliser_->begin_episode(actor);
}

void Collector::learn_step(int actor, double reward, std::span<const double> next_observation) {
  if (normaliser_) normaliser_->update(next_observation);
  if (reward_normaliser_) reward_normaliser_->update(reward, actor);
}

void Collector::observe(int actor, const StepResult& result, std::span<const double> next_observation) {
  learn_step(actor, result.reward, next_observation);
  Actor& own = at(actor);
  own.steps++;
  own.played = true;
  own.episode_return += result.reward;
  resume_episode(actor, next_observation);
  own.playing = !result.terminated && !result.truncated;
}

void load(const Normaliser* normaliser, std::span<const double> observation, Panels row) {
  if (normaliser) return normaliser->apply(observation, row);
  for (int i = 0; i < row.width; i++) row.at(0, i) = static_cast<float>(observation[static_cast<std::size_t>(i)]);
}

void Collector::exchange_normalisers(Snapshot& snapshot) {
  if (normaliser_) snapshot.inside("normaliser", [&] { normaliser_->exchange(snapshot); });
  if (reward_normaliser_) snapshot.inside("reward_normaliser", [&] { reward_normaliser_->exchange(snapshot); });
}

void Collector::take_normalisers(Snapshot& snapshot) {
  if (normaliser_) snapshot.inside("normaliser", [&] { normaliser_->exchange(snapshot); });
  if (reward_normaliser_)
    snapshot.inside("reward_normaliser", [&] { reward_normaliser_->exchange_statistics(snapshot); });
}

void Collector::take_normaliser(std::span<const double> mean, std::span<const double> deviation, std::int64_t count) {
  if (normaliser_) normaliser_->start_from(mean, deviation, count);
}

void Collector::exchange_actor(Snapshot& snapshot, int actor) {
  Actor& own = at(actor);
  exchange_stream(snapshot, "exploration_random", own.random);
  snapshot.inside("exploration", [&] { own.exploration.exchange(snapshot); });
  snapshot.value("episode_return", own.episode_return);
  snapshot.value("steps", own.steps);
  if (!snapshot.restores() || snapshot.has("played")) snapshot.value("played", own.played);
}

void Collector::exchange_episode(Snapshot& snapshot, int actor) {
  Actor& own = at(actor);
  snapshot.array("observation", own.observation);
  snapshot.value("playing", own.playing);
  bool acting = own.acting;
  snapshot.value("acting", acting);
  set_acting(own, acting);
}

}  // namespace ddpg
