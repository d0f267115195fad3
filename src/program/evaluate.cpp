// ddpg evaluate: plays test episodes with a trained policy, in the environment that its file names.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string_view>

#include "ddpg/error.h"
#include "ddpg/train.h"
#include "program/interrupt.h"
#include "program/output.h"
#include "program/policy_file.h"
#include "program/replaceable.h"
#include "program/training.h"
#include "program/verbs.h"
#include "record/text.h"
#include "support/files.h"
#include "support/json.h"

namespace ddpg::cli {

namespace {

struct EvaluateArguments {
  std::string target;  // a run folder, a policy file or a checkpoint
  int episodes = 100;
  std::uint64_t seed = 0;
  bool best = false;
  std::vector<std::string> set;  // env.KEY=VALUE
  std::string csv;               // a file; "" when not given
};

// The policy's own environment, or the one with other settings, which it need not have been trained in.
std::unique_ptr<Environment> environment_for(const Policy& policy, const std::filesystem::path& file,
                                             const std::vector<std::string>& set) {
  if (set.empty()) return environment_of(policy, file);
  Options options;
  options.env = policy.provenance().env;
  for (const std::string& text : set) {
    const auto [key, value] = assignment("--set", text);
    if (!key.starts_with("env."))
      throw UsageError(
          fmt::format("--set {}: an evaluation takes settings of the task, such as "
                      "env.max_episode_steps=500",
                      text));
    set_option(options, key, value);
  }
  return make_environment(policy.provenance().environment, options.env);
}

// A metric of the task that has the name of something beside it here gets a longer one.
std::vector<std::string> told_apart(std::vector<std::string> metrics, std::initializer_list<std::string_view> taken) {
  const auto is_taken = [&](const std::string& name) { return std::ranges::find(taken, name) != taken.end(); };
  for (std::string& name : metrics)
    while (is_taken(name) || std::ranges::count(metrics, name) > 1) name = "metric_" + name;
  return metrics;
}

constexpr std::string_view kCsvHeader = "episode,return,length,terminated";

bool is_table_of_episodes(std::string_view text) {
  return text.starts_with(kCsvHeader);
}

std::string csv_of(const Evaluation& result, const std::vector<std::string>& metrics) {
  std::string text(kCsvHeader);
  for (const std::string& name : told_apart(metrics, {"episode", "return", "length", "terminated"})) text += "," + name;
  for (std::size_t i = 0; i < result.each.size(); i++) {
    const EpisodeResult& one = result.each[i];
    text += fmt::format("\n{},{},{},{}", i, one.episode_return, one.length, one.terminated ? 1 : 0);
    for (const double value : one.metrics) text += std::isnan(value) ? "," : fmt::format(",{}", value);
  }
  return text + "\n";
}

Json named(const std::vector<std::string>& names, const std::vector<double>& values) {
  Json object = Json::object();
  for (std::size_t i = 0; i < names.size(); i++) object[names[i]] = values[i];
  return object;
}

Json each_of(const Evaluation& result, const std::vector<std::string>& metrics) {
  Json all = Json::array();
  for (const EpisodeResult& one : result.each)
    all.push_back({{"return", one.episode_return},
                   {"length", one.length},
                   {"terminated", one.terminated},
                   {"broke_down", one.broke_down},
                   {"metrics", named(metrics, one.metrics)}});
  return all;
}

int run_evaluate(const EvaluateArguments& evaluate, const Common& common) {
  check_replaceable("evaluate", "--csv", evaluate.csv, is_table_of_episodes);
  const std::filesystem::path file = policy_file(evaluate.target, "evaluate", evaluate.best);
  Policy policy = load_policy(file);
  const std::string& name = policy.provenance().environment;
  const auto environment = environment_for(policy, file, evaluate.set);
  const std::vector<std::string>& metrics = environment->specification().metric_names;

  const std::atomic<bool>& stop = listen_for_interrupt(false);

  const auto before = std::chrono::steady_clock::now();
  const Evaluation result = ddpg::evaluate(policy, *environment, evaluate.episodes, evaluate.seed, 0, &stop);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
  const double steps_per_second = result.mean_length * result.episodes / seconds;
  if (!evaluate.csv.empty()) write_file_atomically(evaluate.csv, csv_of(result, metrics));

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
                {"metrics", named(metrics, result.metrics)},
                {"each", each_of(result, metrics)},
                {"seconds", seconds},
                {"steps_per_second", steps_per_second}});
    return kDone;
  }
  std::vector<std::vector<std::string>> rows = {
      {"environment", name},
      {"policy", fmt::format("{}, trained for {}", file.string(), counted(policy.provenance().step, "step"))},
      {"episodes", fmt::format("{}, seed {}", grouped(result.episodes), evaluate.seed)},
      {"return", with_deviation(result.mean_return, result.std_return)},
      {"range", fmt::format("{:.1f} to {:.1f}", result.min_return, result.max_return)},
      {"mean length", fmt::format("{:.1f} steps", result.mean_length)}};
  const auto names = told_apart(metrics, {"environment", "policy", "episodes", "return", "range", "speed"});
  for (std::size_t i = 0; i < names.size(); i++) rows.push_back({names[i], fmt::format("{:.6g}", result.metrics[i])});
  rows.push_back({"speed", speed(steps_per_second)});
  print(table(rows));
  return kDone;
}

}  // namespace

Run add_evaluate(Flags& flags) {
  const auto evaluate = std::make_shared<EvaluateArguments>();
  flags.argument("RUN|POLICY|CHECKPOINT", evaluate->target,
                 "folder of a run, a policy file, or a checkpoint of a run (runs/.../checkpoints/checkpoint-...)");
  flags.yes("--best", evaluate->best, "of a run: the policy of its best test, best.ddpg, in place of the last one");
  flags.each(
      "--set", "env.KEY=VALUE", [evaluate](const std::string& text) { evaluate->set.push_back(text); },
      "another setting of the task, such as env.max_episode_steps=500; may be repeated");
  flags.text("--csv", evaluate->csv, "FILE", "return, length and metrics of each episode as a table");
  flags.number("--episodes", evaluate->episodes, 1, 1'000'000'000, "episodes to play [100]");
  flags.number("--seed", evaluate->seed, 0, kNoLimit, "decides the starting states [0]");
  return [evaluate](const Common& common) { return run_evaluate(*evaluate, common); };
}

}  // namespace ddpg::cli
