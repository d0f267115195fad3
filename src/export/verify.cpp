// An exported policy beside the trained one: at the same observations, and on its own.
#include "ddpg/export.h"
#include "export/difference.h"
#include "export/exported_policy.h"
#include "run/evaluation.h"

namespace ddpg {

Verification verify_export(const std::string& path, Policy& policy, Environment& environment, int episodes,
                           std::uint64_t seed, const VerifyPrograms& programs) {
  check_policy_fits(policy, environment);
  check_episodes("verify", episodes);
  const ExportedPolicy exported = open_exported(path, policy, programs);
  DifferenceMeter meter(policy.action_low(), policy.action_high());
  std::vector<float> answer(static_cast<std::size_t>(policy.action_size()));
  const Actor both = [&](std::span<const double> observation, std::span<float> action) {
    policy.act(observation, action);
    exported.actor(observation, answer);
    meter.add(action, answer);
  };
  Verification verification;
  verification.format = export_format(path);
  verification.int8 = exported.int8;
  verification.trained = evaluate_actor(both, environment, episodes, seed);
  verification.exported = evaluate_actor(exported.actor, environment, episodes, seed);
  verification.difference = meter.result();
  return verification;
}

}  // namespace ddpg
