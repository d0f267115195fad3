// ddpg evaluate: plays test episodes with a trained policy, in the environment that its file names.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>

#include "ddpg/train.h"
#include "program/interrupt.h"
#include "program/output.h"
#include "program/policy_file.h"
#include "program/verbs.h"
#include "record/text.h"
#include "support/json.h"

namespace ddpg::cli {

namespace {

struct EvaluateArguments {
  std::string target;  // a run folder or a policy file
  int episodes = 100;
  std::uint64_t seed = 0;
};

int run_evaluate(const EvaluateArguments& evaluate, const Common& common) {
  const std::filesystem::path file = policy_file(evaluate.target, "evaluate");
  Policy policy = Policy::load(file.string());
  const std::string& name = policy.provenance().environment;
  const auto environment = environment_of(policy, file);

  const std::atomic<bool>& stop = listen_for_interrupt(false);

  const auto before = std::chrono::steady_clock::now();
  const Evaluation result = ddpg::evaluate(policy, *environment, evaluate.episodes, evaluate.seed, 0, &stop);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
  const double steps_per_second = result.mean_length * result.episodes / seconds;

  if (common.json) {
    print_json({{"environment", name},
                {"policy", file.string()},
                {"episodes", result.episodes},
                {"seed", evaluate.seed},
                {"mean_return", result.mean_return},
                {"std_return", result.std_return},
                {"min_return", result.min_return},
                {"max_return", result.max_return},
                {"mean_length", result.mean_length},
                {"seconds", seconds},
                {"steps_per_second", steps_per_second}});
    return kDone;
  }
  print(table({{"environment", name},
               {"policy", fmt::format("{}, trained for {}", file.string(), counted(policy.provenance().step, "step"))},
               {"episodes", fmt::format("{}, seed {}", grouped(result.episodes), evaluate.seed)},
               {"return", with_deviation(result.mean_return, result.std_return)},
               {"range", fmt::format("{:.1f} to {:.1f}", result.min_return, result.max_return)},
               {"mean length", fmt::format("{:.1f} steps", result.mean_length)},
               {"speed", speed(steps_per_second)}}));
  return kDone;
}

}  // namespace

Run add_evaluate(Flags& flags) {
  const auto evaluate = std::make_shared<EvaluateArguments>();
  add_target(flags, evaluate->target);
  flags.number("--episodes", evaluate->episodes, 1, 1'000'000'000, "episodes to play [100]");
  flags.number("--seed", evaluate->seed, 0, kNoLimit, "decides the starting states [0]");
  return [evaluate](const Common& common) { return run_evaluate(*evaluate, common); };
}

}  // namespace ddpg::cli
