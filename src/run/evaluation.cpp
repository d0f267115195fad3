#include "run/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "ddpg/error.h"
#include "envs/observation_room.h"
#include "policy/not_finite.h"
#include "support/divergence.h"
#include "support/episode_means.h"
#include "support/specification.h"
#include "support/stop.h"

namespace ddpg {
namespace {

// Sums over all visited states.
struct Prediction {
  double predicted = 0, obtained = 0;
  std::int64_t states = 0;

  void add(const Episode& episode, double discount) {
    double from_here = episode.tail;
    for (std::size_t t = episode.rewards.size(); t-- > 0;) {
      from_here = episode.rewards[t] + discount * from_here;
      obtained += from_here;
      predicted += episode.values[t];
      states++;
    }
  }
};

// An observation is acted on as 32-bit numbers: what is beyond their range is as bad as infinity, and is the
// environment's, not the policy's.
void check_finite(const Environment& environment, std::size_t step, double reward,
                  std::span<const double> observation) {
  const auto fail = [&](const std::string& what, double value) {
    throw Divergence(
        fmt::format("[environment {}] evaluation, step {}: {} is {}, expected a finite number (of 32 bits)",
                    environment.specification().name, step, what, value));
  };
  if (!std::isfinite(reward)) fail("the reward", reward);
  for (std::size_t i = 0; i < observation.size(); i++)
    if (!finite_as_float(observation[i])) fail(fmt::format("observation[{}]", i), observation[i]);
}

[[noreturn]] void fail_action(const Environment& environment, std::size_t step) {
  throw Divergence(fmt::format("[policy] evaluation on {}, step {}: the action is not a finite number",
                               environment.specification().name, step));
}

void act(const Actor& actor, const Environment& environment, std::size_t step, std::span<const double> observation,
         std::span<float> action) try {
  actor(observation, action);
  if (!std::all_of(action.begin(), action.end(), [](float x) { return std::isfinite(x); }))
    fail_action(environment, step);
} catch (const NotFinite&) {
  fail_action(environment, step);
}

constexpr std::size_t kLongestEpisode = 1'000'000;  // steps; a task without end and time limit would never come back

Actor actor_of(Policy& policy) {
  return [&policy](std::span<const double> observation, std::span<float> action) { policy.act(observation, action); };
}

}  // namespace

Episode play_episode(const Actor& actor, Environment& environment, RandomStream& random, const ValueFunction& value,
                     const std::function<bool()>& watch) {
  ObservationRoom room(environment.specification().observation_size);
  const std::span<const double> observation = room.numbers();
  std::vector<float> action(static_cast<std::size_t>(environment.specification().action_size()));
  const auto limit = static_cast<std::size_t>(environment.specification().time_limit);
  Episode episode;
  EpisodeMeans metrics(environment.specification().metric_names.size());
  std::vector<double> measured(metrics.figures());
  environment.set_purpose(Purpose::testing);
  environment.reset(random, room.cleared());
  room.check(environment);
  check_finite(environment, 0, 0, observation);
  bool watched = !watch || watch();
  for (StepResult result; watched && !result.terminated && !result.truncated;) {
    act(actor, environment, episode.rewards.size(), observation, action);
    const double q = value ? value(observation, action) : 0;
    result = environment.step(action, room.cleared());
    room.check(environment);
    if (result.broke_down) {
      episode.broke_down = true;
      break;
    }
    if (value) episode.values.push_back(q);
    episode.rewards.push_back(result.reward);
    if (!measured.empty()) environment.metrics(measured);
    metrics.add(measured);
    check_finite(environment, episode.rewards.size(), result.reward, observation);
    if (limit > 0 && episode.rewards.size() >= limit) result.truncated = true;  // whoever made the environment
    if (limit == 0 && episode.rewards.size() == kLongestEpisode)
      throw Error("[environment " + environment.specification().name + "] an evaluation episode did not end within " +
                  std::to_string(kLongestEpisode) + " steps; give its specification a time_limit");
    if (value && result.truncated && !result.terminated) {
      act(actor, environment, episode.rewards.size(), observation, action);
      episode.tail = value(observation, action);
    }
    episode.terminated = result.terminated;
    if (watch) watched = watch();
  }
  episode.metrics = metrics.means();
  return episode;
}

bool is_whole(const Evaluation& evaluation) {
  return std::ranges::none_of(evaluation.each, &EpisodeResult::broke_down);
}

Episode play_episode(Policy& policy, Environment& environment, RandomStream& random, const ValueFunction& value,
                     const std::function<bool()>& watch) {
  return play_episode(actor_of(policy), environment, random, value, watch);
}

void check_policy_fits(const Policy& policy, const Environment& environment) {
  const Specification& s = environment.specification();
  check_specification(s.name, s);
  if (policy.observation_size() == s.observation_size && policy.action_size() == s.action_size()) return;
  throw UsageError("[evaluate] the policy has " + std::to_string(policy.observation_size()) + " observations and " +
                   std::to_string(policy.action_size()) + " actions, " + s.name + " has " +
                   std::to_string(s.observation_size) + " and " + std::to_string(s.action_size()));
}

void check_episodes(const char* where, int episodes, int least) {
  if (episodes >= least) return;
  throw UsageError(fmt::format("[{}] episodes = {}, expected at least {}", where, episodes, least));
}

std::function<bool()> stop_watch(const std::atomic<bool>* stop, const char* what) {
  if (stop == nullptr) return {};
  return [stop, what] {
    throw_if_stopped(stop, what);
    return true;
  };
}

RandomStream evaluation_stream(std::uint64_t seed, std::uint64_t index) {
  return RandomStream(seed, "evaluation", index);
}

Evaluation evaluate_with_value(Policy& policy, Environment& environment, int episodes, std::uint64_t seed,
                               std::uint64_t index, double discount, const ValueFunction& value,
                               const std::atomic<bool>* stop) {
  check_policy_fits(policy, environment);
  check_episodes("evaluate", episodes, 0);
  return evaluate_actor(actor_of(policy), environment, episodes, seed, index, discount, value, stop);
}

Evaluation evaluate_actor(const Actor& actor, Environment& environment, int episodes, std::uint64_t seed,
                          std::uint64_t index, double discount, const ValueFunction& value,
                          const std::atomic<bool>* stop) {
  const std::function<bool()> watch = stop_watch(stop, "an evaluation");
  RandomStream random = evaluation_stream(seed, index);
  std::vector<double> returns;
  Prediction prediction;
  EpisodeMeans metrics(environment.specification().metric_names.size());
  std::vector<EpisodeResult> each;
  double steps = 0;
  for (int i = 0; i < episodes; i++) {
    const Episode episode = play_episode(actor, environment, random, value, watch);
    returns.push_back(episode.sum());
    steps += static_cast<double>(episode.rewards.size());
    if (value) prediction.add(episode, discount);
    metrics.add(episode.metrics);
    each.push_back({episode.sum(), static_cast<std::int64_t>(episode.rewards.size()), episode.terminated,
                    episode.metrics, episode.broke_down});
  }
  Evaluation evaluation;
  evaluation.episodes = episodes;
  if (episodes == 0) return evaluation;
  evaluation.metrics = metrics.means();
  evaluation.each = std::move(each);
  double sum = 0, squares = 0;
  for (double r : returns) sum += r;
  evaluation.mean_return = sum / episodes;
  for (double r : returns) squares += (r - evaluation.mean_return) * (r - evaluation.mean_return);
  evaluation.std_return = std::sqrt(squares / episodes);
  evaluation.min_return = *std::min_element(returns.begin(), returns.end());
  evaluation.max_return = *std::max_element(returns.begin(), returns.end());
  evaluation.mean_length = steps / episodes;
  if (value) {
    evaluation.predicted_q = prediction.predicted / static_cast<double>(prediction.states);
    evaluation.discounted_return = prediction.obtained / static_cast<double>(prediction.states);
  }
  return evaluation;
}

Evaluation evaluate(Policy& policy, Environment& environment, int episodes, std::uint64_t seed, std::uint64_t index,
                    const std::atomic<bool>* stop) {
  return evaluate_with_value(policy, environment, episodes, seed, index, 1.0, {}, stop);
}

}  // namespace ddpg
