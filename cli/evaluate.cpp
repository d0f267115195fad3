// ddpg evaluate: plays test episodes with a trained policy, in the environment that its file names.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "ddpg/error.h"
#include "ddpg/train.h"
#include "output.h"
#include "record/text.h"
#include "verbs.h"

namespace ddpg::cli {

namespace fs = std::filesystem;

namespace {

fs::path policy_file(const std::string& target) {
  if (target.empty())
    throw UsageError("which run or policy? For example `ddpg evaluate runs/Pendulum-v1/default-seed0`.");
  const fs::path path = target;
  if (!fs::exists(path)) throw UsageError(fmt::format("{}: there is no such run folder or policy file", target));
  if (!fs::is_directory(path)) return path;
  if (fs::exists(path / "policy.ddpg")) return path / "policy.ddpg";
  throw UsageError(
      fmt::format("{}: this folder holds no policy.ddpg; give a run folder in which a policy was saved", target));
}

}  // namespace

int run(const EvaluateArguments& evaluate, const Arguments& common) {
  const fs::path file = policy_file(evaluate.target);
  Policy policy = Policy::load(file.string());
  const std::string& name = policy.provenance().environment;
  const auto environment = make_environment(name, policy.provenance().env);

  const auto before = std::chrono::steady_clock::now();
  const Evaluation result = ddpg::evaluate(policy, *environment, evaluate.episodes, evaluate.seed);
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

}  // namespace ddpg::cli
