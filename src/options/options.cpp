// Validation of a whole set of options, and setting one of them from text.
#include "ddpg/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "agent/exploration.h"
#include "agent/hindsight.h"
#include "ddpg/agent.h"
#include "ddpg/error.h"
#include "options/check_targets.h"
#include "options/option_changes.h"
#include "options/option_table.h"
#include "support/shown.h"
#include "support/specification.h"
#include "support/utf8.h"

namespace ddpg {
namespace {

// find() throws what is wrong with a name; its text becomes a violation
template <class Find>
void check_name(const Find& find, Violations& violations) {
  try {
    find();
  } catch (const UsageError& error) {
    violations.emplace_back(error.what());
  }
}

void check_environment(const Options& options, Violations& violations) {
  if (options.environment.empty()) {
    violations.emplace_back("environment = \"\" must name a task, such as \"Pendulum-v1\"");
  } else {
    check_name([&] { find_environment(options.environment); }, violations);
  }
}

void check_settings(const EnvironmentSettings& settings, Violations& violations) {
  const auto nan = [](double number) { return std::isnan(number); };
  for (const auto& [key, setting] : settings) {
    const auto* number = std::get_if<double>(&setting);
    const auto* list = std::get_if<std::vector<double>>(&setting);
    if (number && !std::isfinite(*number))
      violations.push_back(fmt::format("env.{} = {} must be finite", key, to_toml_value(setting)));
    if (list && std::any_of(list->begin(), list->end(), nan))  // infinite is fine: the open end of a range
      violations.push_back(fmt::format("env.{} = {} must not hold nan", key, to_toml_value(setting)));
  }
}

// TOML and JSON take no other bytes: config.toml could not be read again, no checkpoint be written.
void check_texts(const Options& options, Violations& violations) {
  const auto check = [&](const std::string& key, const std::string& text) {
    if (is_utf8(key) && is_utf8(text)) return;
    violations.push_back(fmt::format("{} must be UTF-8, found {}; rename the file or folder", shown(key), shown(text)));
  };
  for (const OptionEntry& entry : option_table()) check(entry.name, entry.value(options));
  for (const auto& [key, setting] : options.env) check("env." + key, to_toml_value(setting));
}

void check_normalisation(const Options& options, const NetworkOptions& network, std::string_view name,
                         Violations& violations) {
  if (network.batch_norm && network.layer_norm) {
    violations.push_back(fmt::format("{0}.batch_norm = true must not stand with {0}.layer_norm = true", name));
  }
  if (network.batch_norm && options.batch_size == 1) {
    violations.push_back(fmt::format("batch_size = 1 must be >= 2 with {}.batch_norm = true", name));
  }
}

// What bodies with a normalisation of their own cannot be. A block of SimBa is four times as wide inside, and no file
// of a policy has wider layers.
void check_body(const NetworkOptions& network, std::string_view name, Violations& violations) {
  constexpr int kWidest = 16'384;
  if (network.body == Body::mlp) return;
  const auto refuse = [&](const std::string& key, const std::string& value, std::string_view must_be) {
    violations.push_back(fmt::format("{0}.{1} = {2} must be {3} with {0}.body = {4}", name, key, value, must_be,
                                     to_toml_value(network.body)));
  };
  const std::vector<int>& widths = network.hidden;
  if (network.body == Body::simba) {
    if (std::ranges::adjacent_find(widths, std::ranges::not_equal_to()) != widths.end())
      refuse("hidden", to_toml_value(widths), "one width for each block, all alike, such as [256, 256],");
    if (!widths.empty() && widths[0] > kWidest) refuse("hidden", to_toml_value(widths), "at most 16384 wide");
  }
  if (network.batch_norm) refuse("batch_norm", "true", "false");
  if (network.layer_norm) refuse("layer_norm", "true", "false, for it has layer normalisation of its own,");
}

// Embeddings change when they are copied, and no sooner; they join where a dense layer takes them in.
void check_encoder(const Options& options, Violations& violations) {
  if (options.encoder.kind == EncoderKind::none) return;
  const auto refuse = [&](std::string_view what, std::string_view why) {
    violations.push_back(
        fmt::format("{} must not stand with encoder.kind = {}, {}", what, to_toml_value(options.encoder.kind), why));
  };
  if (options.hard_update_interval == 0)
    refuse("hard_update_interval = 0",
           "whose embeddings actor and critics know from their last copies; TD7 copies every 250 updates");
  if (options.actor.batch_norm || options.critic.batch_norm)
    refuse("batch_norm = true", "whose embeddings have a scale of their own");
  if (options.critic.action_layer != 1)
    refuse(fmt::format("critic.action_layer = {}", options.critic.action_layer),
           "with which the action is beside the observation, layer 1");
  for (const auto& [name, network] : {std::pair<const char*, const NetworkOptions*>{"actor", &options.actor},
                                      std::pair<const char*, const NetworkOptions*>{"critic", &options.critic}})
    if (network->body == Body::avg_l1_norm && network->hidden.size() < 2)
      refuse(fmt::format("{}.hidden = {}", name, to_toml_value(network->hidden)),
             "whose embeddings join behind the first layer: give a second one, such as [256, 256, 256]");
}

// What is assessed is one policy that plays whole episodes.
void check_assessment(const Options& options, Violations& violations) {
  if (options.assessment.episodes == 0) return;
  if (options.environments > 1)
    violations.push_back(fmt::format(
        "environments = {} must be 1 with assessment.episodes = {}, for a policy is assessed by episodes that are "
        "played one after the other; assessment.episodes = 0 leaves them out",
        options.environments, options.assessment.episodes));
  if (options.overlap)
    violations.push_back(
        fmt::format("overlap = true must not stand with assessment.episodes = {}, for nothing is learnt during an "
                    "episode that a policy is assessed by",
                    options.assessment.episodes));
}

// Checkpoints keep added transitions as part of the replay buffer alone.
void check_added(const Options& options, Violations& violations) {
  if (options.keep_replay && options.initial_run.empty())
    violations.emplace_back("keep_replay = true must not stand without initial_run, whose transitions it keeps");
  if (options.checkpoint_replay || (options.data.empty() && !options.keep_replay)) return;
  violations.push_back(
      fmt::format("checkpoint_replay = false must not stand with {}, whose transitions a resumed run would be without",
                  options.data.empty() ? "keep_replay = true" : "data"));
}

// Whether tests are played once all changes have come. True where these are wrong, too: check_changes() says so.
bool has_tests_in_the_end(const Options& options) try {
  return with_changes(options, options.changes.size()).evaluation_episodes != 0;
} catch (const UsageError&) {
  return true;
}

// Tests may begin by a change in the middle, and end by one.
void check_criteria(const Options& options, Violations& violations) {
  const StopOptions& stop = options.stop;
  const bool by_return = stop.at_return < std::numeric_limits<double>::infinity();
  if ((!by_return && stop.no_progress_for <= 0) || has_tests_in_the_end(options)) return;
  violations.push_back(
      fmt::format("{} must not stand with evaluation_episodes = 0{}, for without tests it is never met",
                  by_return ? fmt::format("stop.at_return = {}", to_toml_value(stop.at_return))
                            : fmt::format("stop.no_progress_for = {}", stop.no_progress_for),
                  options.changes.empty() ? "" : " after the last of changes"));
}

void check_relations(const Options& options, Violations& violations) {
  if (options.batch_size >= 1 && options.replay_capacity >= 1 && options.batch_size > options.replay_capacity) {
    violations.push_back(
        fmt::format("batch_size = {} must be <= replay_capacity = {}", options.batch_size, options.replay_capacity));
  }
  if (options.environments >= 1 && options.replay_capacity >= 1 && options.environments > options.replay_capacity) {
    violations.push_back(fmt::format("environments = {} must be <= replay_capacity = {}", options.environments,
                                     options.replay_capacity));
  }
  if (options.hard_update_interval > 0 && options.target.period > 1) {
    violations.push_back(fmt::format(
        "target.period = {} must be 1 with hard_update_interval = {}, which says when the targets are copied",
        options.target.period, options.hard_update_interval));
  }
  if (options.actor.aggregate == Aggregate::min && options.critic.count > 1 && options.critic.batch_norm) {
    violations.emplace_back(
        "actor.aggregate = \"min\" must not stand with critic.batch_norm = true, which ties the rows together of which "
        "each would follow another critic; take \"first\" or \"mean\"");
  }
  if (!options.initial_policy.empty() && !options.initial_run.empty())
    violations.emplace_back("initial_policy must not stand with initial_run, which has a policy of its own");
  check_added(options, violations);
  if (options.offline_updates > 0 && options.data.empty() && !options.keep_replay)
    violations.push_back(
        fmt::format("offline_updates = {} must not stand without data (--data FILE) or keep_replay, whose transitions "
                    "it learns from",
                    options.offline_updates));
  check_normalisation(options, options.actor, "actor", violations);
  check_normalisation(options, options.critic, "critic", violations);
  check_body(options.actor, "actor", violations);
  check_body(options.critic, "critic", violations);
  if (options.critic.body != Body::mlp && options.critic.action_layer != 1)
    violations.push_back(fmt::format("critic.action_layer = {} must be 1 with critic.body = {}",
                                     options.critic.action_layer, to_toml_value(options.critic.body)));
  if (options.exploration.noise == Noise::own && options.exploration.process.empty())
    violations.emplace_back(
        "exploration.process = \"\" must name a noise that the program registered, with exploration.noise = \"own\"");
  if (options.exploration.decay_steps > 0 && !options.exploration.sigma.is_constant())
    violations.push_back(fmt::format("exploration.decay_steps = {} must be 0 with a schedule in exploration.sigma",
                                     options.exploration.decay_steps));
  check_targets(options, violations);
  check_encoder(options, violations);
  check_assessment(options, violations);
  const std::size_t layers = options.critic.hidden.size() + 1;
  const int joins = options.critic.action_layer;
  if (joins >= 1 && static_cast<std::size_t>(joins) > layers) {
    violations.push_back(
        fmt::format("critic.action_layer = {} must be <= {}, the layers of the critic ({} hidden ones "
                    "and the output layer)",
                    joins, layers, layers - 1));
  }
}

// What they lead to must be as sound as what they begin with.
void check_learning(const Options& options, Violations& violations);
void check_changes(const Options& options) {
  for (std::size_t count = 1; count <= options.changes.size(); count++) {
    Options now = with_changes(options, count);
    now.changes.clear();
    Violations wrong;
    check_learning(now, wrong);
    if (!wrong.empty()) throw UsageError(fmt::format("changes: \"{}\": {}", options.changes[count - 1], wrong[0]));
  }
}

void check_learning(const Options& options, Violations& violations) {
  check_name([&] { find_preset(options.preset); }, violations);
  check_settings(options.env, violations);
  check_texts(options, violations);
  for (const OptionEntry& entry : option_table()) {
    std::string violation = entry.violation(options);
    if (!violation.empty()) violations.push_back(std::move(violation));
  }
  check_relations(options, violations);
  check_name([&] { check_changes(options); }, violations);
}

}  // namespace

std::vector<std::string> violations(const Options& options) {
  Violations violations;
  check_environment(options, violations);
  check_learning(options, violations);
  check_criteria(options, violations);
  return violations;
}

std::vector<std::string> violations(const Options& options, const Specification& specification) {
  Violations violations;
  check_learning(options, violations);
  check_criteria(options, violations);
  try {
    check_specification("specification", specification);
  } catch (const Error& error) {
    violations.emplace_back(error.what());
  }
  if (std::string why = why_no_hindsight(options, specification); !why.empty()) violations.push_back(std::move(why));
  for (std::string& wrong : exploration_violations(options.exploration, specification.action_size()))
    violations.push_back(std::move(wrong));
  return violations;
}

void validate(const Options& options) {
  const Violations wrong = violations(options);
  if (wrong.empty()) return;
  if (wrong.size() == 1) throw UsageError("[options] " + wrong.front());
  throw UsageError(fmt::format("[options] {} are wrong:\n  {}", wrong.size(), fmt::join(wrong, "\n  ")));
}

void set_option(Options& options, std::string_view key, std::string_view value) {
  constexpr std::string_view environment = "env.";
  if (key.starts_with(environment) && key.size() > environment.size()) {
    const std::string setting(key.substr(environment.size()));
    options.env[setting] = to_setting(raw_from_text(value, Reading::any));
    return;
  }
  const OptionEntry* entry = find_option(key);
  if (!entry) throw UsageError(unknown_option(key));
  if (key == "preset") {
    throw UsageError(fmt::format("preset = {} cannot be set after other options: name it first, by --preset", value));
  }
  const RawValue raw = raw_from_text(value, entry->reading);
  const std::string expected = entry->set(options, raw);
  if (!expected.empty()) throw UsageError(fmt::format("{}: expected {}, found {}", key, expected, describe(raw)));
}

}  // namespace ddpg
