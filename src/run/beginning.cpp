#include "run/beginning.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <filesystem>
#include <utility>
#include <vector>

#include "data/data_file.h"
#include "ddpg/error.h"
#include "ddpg/interrupted.h"
#include "envs/source_files.h"
#include "options/option_changes.h"
#include "options/option_table.h"
#include "policy/content.h"
#include "run/kept_replay.h"
#include "run/read_transitions.h"
#include "support/json.h"
#include "support/paths.h"
#include "support/shown.h"

namespace ddpg {
namespace {

using Texts = std::vector<std::string>;

template <class Value>
void compare(const char* what, const Value& here, const Value& there, Texts& differences) {
  if (here != there) differences.push_back(fmt::format("{} is {}, there {}", what, here, there));
}

void refuse(const char* what, const std::string& file, const Texts& differences) {
  if (differences.empty()) return;
  throw UsageError(fmt::format("{} {} is not what this training has: {}. Give this one the same, or start from another",
                               what, shown(file), fmt::join(differences, "; ")));
}

void compare_sizes(const Specification& here, const Specification& there, Texts& differences) {
  compare("observation_size", here.observation_size, there.observation_size, differences);
  compare("action_size", here.action_size(), there.action_size(), differences);
}

void compare_bounds(const Specification& here, const Specification& there, Texts& differences) {
  compare("action_low", here.action_low, there.action_low, differences);
  compare("action_high", here.action_high, there.action_high, differences);
}

Json record_of(const std::string& file, std::int64_t size, std::uint32_t checksum) {
  return {{"file", file}, {"size", size}, {"checksum", checksum}};
}

Json take_policy(const Options& options, AgentCore& agent) {
  const std::string& path = options.initial_policy;
  const Policy policy = Policy::load(path);
  const Policy::Content& content = policy.content();
  const Specification& here = agent.specification();
  Texts differences;
  compare_sizes(here, policy.specification(), differences);
  if (differences.empty()) compare_bounds(here, policy.specification(), differences);
  const NetworkBody body = agent.policy_body();
  if (body != content.body)
    differences.push_back(fmt::format(
        "the actor's network is {}, there {} (actor.body, actor.hidden, actor.activation, actor.layer_norm, "
        "actor.batch_norm, encoder.kind)",
        in_words(body), in_words(content.body)));
  compare("normalise_observations", options.normalise_observations, content.normalise, differences);
  refuse("[initial_policy] the policy", path, differences);
  agent.take_policy(policy);
  const DataFile file(path);
  Json record = record_of(path, static_cast<std::int64_t>(file.size()), file.checksum());
  const Provenance& from = policy.provenance();
  record["environment"] = from.environment;
  record["seed"] = from.seed;
  record["step"] = from.step;
  return record;
}

// What decides the networks' shape, and in which units they see the world.
constexpr std::array kOfNetworks = {
    "actor.body",          "actor.hidden",  "actor.activation",  "actor.batch_norm",       "actor.layer_norm",
    "critic.body",         "critic.hidden", "critic.activation", "critic.batch_norm",      "critic.layer_norm",
    "critic.action_layer", "critic.count",  "normalise_rewards", "normalise_observations", "encoder.kind",
    "encoder.hidden",      "encoder.size",  "encoder.activation"};

// What decides the outputs of critics that are distributions, and what they mean.
constexpr std::array kOfDistributions = {"critic.head", "critic.atoms", "critic.v_min", "critic.v_max"};

Texts differences_of_run(const Options& options, const Options& kept, const Specification& here,
                         const Specification& there) {
  Texts differences;
  compare_sizes(here, there, differences);
  for (const char* name : kOfNetworks) {
    const OptionEntry& entry = *find_option(name);
    compare(name, entry.value(options), entry.value(kept), differences);
  }
  if (is_distribution(options.critic.head) || is_distribution(kept.critic.head))
    for (const char* name : kOfDistributions) {
      const OptionEntry& entry = *find_option(name);
      compare(name, entry.value(options), entry.value(kept), differences);
    }
  return differences;
}

// The floats of a version that knew no units are those of this one where the bounds are +-1.
void check_units(const LoadedCheckpoint& checkpoint, const Specification& there) {
  for (std::size_t i = 0; i < there.action_low.size(); i++)
    if (checkpoint.actions_in_units && (there.action_low[i] != -1 || there.action_high[i] != 1))
      throw Error(
          fmt::format("[{}] its networks see actions in the units of {}, as those of an older ddpg do; these see them "
                      "in [-1, 1]. Train it anew, or start from its policy (initial_policy)",
                      shown(checkpoint.file), shown(there.name)));
}

void add_warning(std::string& warning, const std::string& text) {
  if (!text.empty()) warning += (warning.empty() ? "" : "\n") + text;
}

Json take_run(const Options& options, AgentCore& agent, std::string& warning, const std::atomic<bool>* stop) {
  std::string damaged;
  LoadedCheckpoint checkpoint = find_checkpoint(options.initial_run, damaged, stop,
                                                options.keep_replay ? ReplayRows::needed : ReplayRows::not_needed);
  if (!damaged.empty()) add_warning(warning, fmt::format("initial_run: {}; an older one was taken", damaged));
  const Specification there = specification_of(checkpoint);
  const Specification& here = agent.specification();
  refuse("[initial_run] the run", options.initial_run,
         differences_of_run(options, options_of(checkpoint), here, there));
  check_units(checkpoint, there);
  Texts bounds;
  compare_bounds(here, there, bounds);
  if (!bounds.empty())
    add_warning(warning, fmt::format("initial_run: {}; its actor's share of the bounds stays, not the action",
                                     fmt::join(bounds, "; ")));
  Snapshot& snapshot = checkpoint.snapshot;
  std::int64_t step = 0, kept = 0;
  snapshot.inside("algorithm", [&] {
    agent.take_learnt(snapshot);
    snapshot.value("step", step);
  });
  if (options.keep_replay)
    visit_replay(
        checkpoint,
        [&](const StoredTransition& stored, bool begins, bool) {
          agent.keep(stored, begins);
          kept++;
        },
        stop);
  Json record = record_of(checkpoint.file.string(),
                          static_cast<std::int64_t>(std::filesystem::file_size(checkpoint.file)), checkpoint.checksum);
  record["environment"] = there.name;
  record["step"] = step;
  record["transitions"] = kept;
  return record;
}

std::string warning_of(const DataSource& source) {
  const DataSummary& found = source.summary;
  std::string warning = source.warning.empty() ? "" : source.warning + "; an older checkpoint was taken";
  if (found.transitions == 0) add_warning(warning, fmt::format("data: {} holds no transition", shown(source.file)));
  if (found.out_of_bounds > 0)
    add_warning(warning,
                fmt::format("data: {} of {} actions in {} lie beyond the bounds and count as these; are they in other "
                            "units?",
                            found.out_of_bounds, found.transitions, shown(source.file)));
  return warning;
}

Json add_data(const Options& options, AgentCore& agent, std::string& warning, const std::atomic<bool>* stop) {
  Json list = Json::array();
  for (const std::string& path : options.data) {
    const DataSource source = read_source(
        path, agent.specification(), [&](const Transition& transition) { agent.add(transition); }, stop);
    add_warning(warning, warning_of(source));
    Json record = record_of(source.file, source.size, source.checksum);
    record["transitions"] = source.summary.transitions;
    record["left_out"] = source.summary.left_out;
    list.push_back(record);
  }
  return list;
}

// A change of the model's file names it as a setting does.
std::string settled_change(const std::string& text) try {
  Change change = read_change(text);
  const RawValue value = raw_from_text(change.value, Reading::any);
  const auto* const file = std::get_if<std::string>(&value);
  if (change.key != "env.xml_file" || file == nullptr) return text;
  const std::string settled_file = with_absolute_file(change.key, *file);
  if (settled_file == *file) return text;
  change.value = "\"" + settled_file + "\"";
  return change.text();
} catch (const UsageError&) {  // validate() says what is wrong with it
  return text;
}

}  // namespace

bool begins_from_something(const Options& options) {
  return !options.initial_policy.empty() || !options.initial_run.empty() || !options.data.empty();
}

std::string with_absolute_file(std::string_view key, const std::string& text) {
  if (key == "env.xml_file") return std::get<std::string>(settled({{"xml_file", text}}).at("xml_file"));
  if (key == "changes") return settled_change(text);
  const bool file = key == "initial_policy" || key == "initial_run" || key == "data";
  return file && !text.empty() ? absolute_path(text).string() : text;
}

Options with_absolute_files(Options options) {
  options.env = settled(std::move(options.env));
  options.initial_policy = with_absolute_file("initial_policy", options.initial_policy);
  options.initial_run = with_absolute_file("initial_run", options.initial_run);
  for (std::string& file : options.data) file = with_absolute_file("data", file);
  for (std::string& change : options.changes) change = with_absolute_file("changes", change);
  return options;
}

Beginning begin_from(const Options& options, AgentCore& agent, const std::atomic<bool>* stop) try {
  Beginning beginning;
  Json sources;
  if (!options.initial_policy.empty()) sources["initial_policy"] = take_policy(options, agent);
  if (!options.initial_run.empty()) sources["initial_run"] = take_run(options, agent, beginning.warning, stop);
  if (!options.data.empty()) sources["data"] = add_data(options, agent, beginning.warning, stop);
  if (options.keep_replay || !options.data.empty()) agent.end_added();
  const std::int64_t given = agent.replay().kept().end, capacity = agent.replay().capacity();
  if (given > capacity)
    add_warning(beginning.warning,
                fmt::format("there are {} transitions to start from, and the replay buffer holds {}: the last {} stay "
                            "(replay_capacity)",
                            given, capacity, capacity));
  if (sources.is_object()) beginning.sources = sources.dump_lines();
  return beginning;
} catch (const UsageError&) {
  throw;
} catch (const Interrupted&) {
  throw;
} catch (const Error& error) {  // of a file that the options name: nothing was started
  throw UsageError(error.what());
}

}  // namespace ddpg
