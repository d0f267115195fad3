// Observations and the trained policy's actions: for check pairs, and for measuring what an export changes.
#include <fmt/format.h>

#include <string>

#include "ddpg/error.h"
#include "ddpg/export.h"
#include "policy/content.h"
#include "run/evaluation.h"

namespace ddpg {
namespace {

// The observation as pairs keep it, in single precision, and what the policy does there.
void add_pair(PolicyPairs& pairs, Policy& policy, std::vector<double> observation) {
  for (double& x : observation) {
    pairs.observations.push_back(static_cast<float>(x));
    x = static_cast<double>(pairs.observations.back());
  }
  std::vector<float> action(static_cast<std::size_t>(policy.action_size()));
  policy.act(observation, action);
  pairs.actions.insert(pairs.actions.end(), action.begin(), action.end());
  pairs.rows++;
}

// Irwin and Hall: the sum of twelve uniform numbers is nearly normal.
double about_normal(RandomStream& random) {
  double sum = -6;
  for (int i = 0; i < 12; i++) sum += random.uniform(0, 1);
  return sum;
}

void check_rows(const char* where, int rows) {
  if (rows < 0) throw UsageError(fmt::format("[{}] rows = {}, expected at least 0", where, rows));
}

template <class Number>
void copy_row(const std::vector<Number>& from, int row, std::size_t width, std::vector<Number>& to) {
  const auto begin = from.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(row) * width);
  to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
}

}  // namespace

PolicyPairs record_pairs(Policy& policy, Environment& environment, int episodes, std::uint64_t seed,
                         const std::atomic<bool>* stop) {
  check_policy_fits(policy, environment);
  check_episodes("record_pairs", episodes);
  PolicyPairs pairs;
  pairs.origin = std::to_string(episodes) + " episodes of " + environment.specification().name;
  RandomStream random = evaluation_stream(seed);
  const Actor actor = [&](std::span<const double> observation, std::span<float> action) {
    add_pair(pairs, policy, {observation.begin(), observation.end()});
    policy.act(observation, action);
  };
  const std::function<bool()> watch = stop_watch(stop, "the episodes of an export");
  for (int i = 0; i < episodes; i++) play_episode(actor, environment, random, {}, watch);
  return pairs;
}

PolicyPairs carried_pairs(const Policy& policy) {
  const Policy::Content& content = policy.content();
  return {static_cast<int>(content.checks()), content.check_observations, content.check_actions,
          "the check pairs of its policy file"};
}

PolicyPairs random_pairs(Policy& policy, int rows, std::uint64_t seed) {
  const Policy::Content& content = policy.content();
  check_rows("random_pairs", rows);
  PolicyPairs pairs;
  pairs.origin = content.normalise ? "drawn at random by the policy's statistics" : "drawn at random from [-1, 1]";
  RandomStream random(seed, "export");
  std::vector<double> observation(static_cast<std::size_t>(policy.observation_size()));
  for (int row = 0; row < rows; row++) {
    for (std::size_t i = 0; i < observation.size(); i++) {
      observation[i] =
          content.normalise ? content.mean[i] + content.deviation[i] * about_normal(random) : random.uniform(-1, 1);
    }
    add_pair(pairs, policy, observation);
  }
  return pairs;
}

PolicyPairs thinned(const PolicyPairs& pairs, int rows) {
  check_rows("thinned", rows);
  const auto whole = [&](const std::vector<float>& values) {
    return pairs.rows > 0 ? values.size() % static_cast<std::size_t>(pairs.rows) == 0 : values.empty();
  };
  if (pairs.rows < 0 || !whole(pairs.observations) || !whole(pairs.actions)) {
    throw UsageError(fmt::format("[thinned] pairs of {} rows cannot hold {} observations and {} actions", pairs.rows,
                                 pairs.observations.size(), pairs.actions.size()));
  }
  if (pairs.rows <= rows) return pairs;
  PolicyPairs few;
  few.rows = rows;
  few.origin = pairs.origin;
  const auto width = [&](const std::vector<float>& values) {
    return values.size() / static_cast<std::size_t>(pairs.rows);
  };
  for (int i = 0; i < rows; i++) {
    const int row = static_cast<int>(static_cast<std::int64_t>(pairs.rows) * i / rows);
    copy_row(pairs.observations, row, width(pairs.observations), few.observations);
    copy_row(pairs.actions, row, width(pairs.actions), few.actions);
  }
  return few;
}

}  // namespace ddpg
