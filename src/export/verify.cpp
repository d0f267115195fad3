// An exported policy beside the trained one: at the same observations, and on its own.
#include "ddpg/error.h"
#include "ddpg/export.h"
#include "export/difference.h"
#include "export/exported_policy.h"
#include "run/evaluation.h"
#include "support/stop.h"

namespace ddpg {
namespace {

Verification verification(const std::string& path, const ExportedPolicy& exported, const DifferenceMeter& meter) {
  Verification verification;
  verification.format = export_format(path);
  verification.int8 = exported.int8;
  verification.difference = meter.result();
  return verification;
}

}  // namespace

Verification verify_export(const std::string& path, Policy& policy, Environment& environment, int episodes,
                           std::uint64_t seed, const VerifyPrograms& programs, const std::atomic<bool>* stop) {
  check_policy_fits(policy, environment);
  check_episodes("verify", episodes);
  const ExportedPolicy exported = open_exported(path, policy, programs, stop);
  DifferenceMeter meter(policy.action_low(), policy.action_high());
  std::vector<float> answer(static_cast<std::size_t>(policy.action_size()));
  std::vector<double> given;
  const Actor both = [&](std::span<const double> observation, std::span<float> action) {
    given.assign(observation.begin(), observation.end());
    if (exported.takes_floats)
      for (double& x : given) x = static_cast<double>(static_cast<float>(x));
    policy.act(given, action);
    exported.actor(given, answer);
    meter.add(action, answer);
    policy.act(observation, action);
  };
  const Evaluation trained = evaluate_actor(both, environment, episodes, seed, 0, 1, {}, stop);
  Verification found = verification(path, exported, meter);
  found.trained = trained;
  found.exported = evaluate_actor(exported.actor, environment, episodes, seed, 0, 1, {}, stop);
  return found;
}

Verification verify_export(const std::string& path, Policy& policy, const PolicyPairs& pairs,
                           const VerifyPrograms& programs, const std::atomic<bool>* stop) {
  const auto rows = static_cast<std::size_t>(pairs.rows), n = static_cast<std::size_t>(policy.observation_size()),
             m = static_cast<std::size_t>(policy.action_size());
  if (rows == 0 || pairs.observations.size() != rows * n || pairs.actions.size() != rows * m)
    throw UsageError("[export] verifying needs an environment, or pairs of observations and actions of this policy");
  const ExportedPolicy exported = open_exported(path, policy, programs, stop);
  DifferenceMeter meter(policy.action_low(), policy.action_high());
  std::vector<float> answer(m);
  for (std::size_t row = 0; row < rows; row++) {
    throw_if_stopped(stop, "verifying an export");
    const auto floats = std::span(pairs.observations).subspan(row * n, n);
    exported.actor(std::vector<double>(floats.begin(), floats.end()), answer);
    meter.add(std::span(pairs.actions).subspan(row * m, m), answer);
  }
  return verification(path, exported, meter);
}

}  // namespace ddpg
