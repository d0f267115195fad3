// An exported policy beside the trained one: at the same observations, and on its own.
#include <functional>
#include <utility>
#include <vector>

#include "ddpg/error.h"
#include "ddpg/export.h"
#include "export/difference.h"
#include "export/exported_policy.h"
#include "export/robot_policy.h"
#include "run/carried.h"
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

constexpr std::size_t kStepsOfPairs = 50;

// Says when an episode begins.
class Announcing final : public Environment {
 public:
  Announcing(Environment& environment, std::function<void()> begins)
      : environment_(environment), begins_(std::move(begins)) {}
  const Specification& specification() const override { return environment_.specification(); }
  void set_purpose(Purpose purpose) override { environment_.set_purpose(purpose); }
  void reset(RandomStream& random, std::span<double> observation) override {
    begins_();
    environment_.reset(random, observation);
  }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    return environment_.step(action, observation);
  }
  void metrics(std::span<double> values) const override { environment_.metrics(values); }

 private:
  Environment& environment_;
  std::function<void()> begins_;
};

std::vector<double> as_floats(std::span<const double> observation) {
  std::vector<double> rounded(observation.begin(), observation.end());
  for (double& x : rounded) x = static_cast<double>(static_cast<float>(x));
  return rounded;
}

// Of a policy that carries wrappers: from step to step, on the robot's own observations.
Verification verify_played(const std::string& path, const Policy& policy, Environment& world, int episodes,
                           std::uint64_t seed, const ExportedPolicy& exported, const std::atomic<bool>* stop) {
  RobotPolicy playing(policy), beside(policy);  // the one beside is given what the exported one is
  DifferenceMeter meter(policy.action_low(), policy.action_high());
  std::vector<float> expected(static_cast<std::size_t>(policy.action_size())), answer(expected.size());
  Announcing both(world, [&] { playing.reset(), beside.reset(), exported.begin(); });
  const Actor compared = [&](std::span<const double> sensors, std::span<float> action) {
    const std::vector<double> given =
        exported.takes_floats ? as_floats(sensors) : std::vector<double>(sensors.begin(), sensors.end());
    beside.play(given, expected);
    exported.actor(given, answer);
    meter.add(expected, answer);
    playing.play(sensors, action);
  };
  const Evaluation trained = evaluate_actor(compared, both, episodes, seed, 0, 1, {}, stop);
  Verification found = verification(path, exported, meter);
  found.trained = trained;
  Announcing alone(world, exported.begin);
  found.exported = evaluate_actor(exported.actor, alone, episodes, seed, 0, 1, {}, stop);
  return found;
}

}  // namespace

Verification verify_export(const std::string& path, Policy& policy, Environment& environment, int episodes,
                           std::uint64_t seed, const VerifyPrograms& programs, const std::atomic<bool>* stop) {
  check_policy_fits(policy, environment);
  check_episodes("verify", episodes);
  const ExportedPolicy exported = open_exported(path, policy, programs, stop);
  if (exported.begin) return verify_played(path, policy, world_of(environment, policy), episodes, seed, exported, stop);
  DifferenceMeter meter(policy.action_low(), policy.action_high());
  std::vector<float> answer(static_cast<std::size_t>(policy.action_size()));
  std::vector<double> given;
  const Actor both = [&](std::span<const double> observation, std::span<float> action) {
    given.assign(observation.begin(), observation.end());
    if (exported.takes_floats) given = as_floats(observation);
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
  RobotPolicy robot(policy);
  for (std::size_t row = 0; row < rows; row++) {
    throw_if_stopped(stop, "verifying an export");
    const auto floats = std::span(pairs.observations).subspan(row * n, n);
    std::vector<double> given(floats.begin(), floats.end());
    std::vector<float> expected(pairs.actions.begin() + static_cast<std::ptrdiff_t>(row * m),
                                pairs.actions.begin() + static_cast<std::ptrdiff_t>((row + 1) * m));
    if (exported.begin) {  // one after the other, as if a robot had made them; several episodes
      if (row % kStepsOfPairs == 0) robot.reset(), exported.begin();
      given = robot.sensors_in(given);
      robot.play(given, expected);
    }
    exported.actor(given, answer);
    meter.add(expected, answer);
  }
  return verification(path, exported, meter);
}

}  // namespace ddpg
