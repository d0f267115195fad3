#include "experiment/sweep.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "ddpg/environment.h"
#include "ddpg/error.h"
#include "ddpg/random.h"
#include "experiment/experiment_toml.h"
#include "options/option_table.h"
#include "options/option_value.h"
#include "options/toml.h"
#include "run/beginning.h"
#include "support/math.h"
#include "support/shown.h"

namespace ddpg {

namespace {

// An option and what is tried of it, as texts that `--set` takes; or a range to draw from.
struct Tried {
  std::string key;
  std::vector<std::string> values = {};
  double low = 0, high = 0;
  bool logarithmic = false, whole = false;
};

class Reader {
 public:
  Reader(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  ExperimentPlan read() {
    const std::size_t begin = begin_of_sweep();
    apply_toml(plan_.options, text_.substr(0, begin), where_);
    const toml::table document = parse_toml(text_.substr(begin), where_);
    for (const auto& [key, node] : document)
      if (key.str() != "sweep") fail(fmt::format("[sweep] must be the last table, found {} behind it", key.str()));
    const toml::table* sweep = document["sweep"].as_table();
    if (sweep == nullptr) fail("sweep must be a table, [sweep]");
    read_seeds_of(*sweep);
    if (const toml::table* values = (*sweep)["values"].as_table()) read_values(*values, "");
    if (tried_.empty()) fail("[sweep.values] names no option to try, such as tau = [0.01, 0.001]");
    const bool grid = is_grid(*sweep);
    for (const auto& [key, node] : *sweep)
      if (key.str() != "method" && key.str() != "trials" && key.str() != "seeds" && key.str() != "seed" &&
          key.str() != "values")
        fail(fmt::format("sweep.{} is none of method, trials, seeds, seed and values", key.str()));
    for (const char* key : {"trials", "seed"})
      if (grid && sweep->contains(key)) fail(fmt::format("sweep.{} is for method = \"random\"; leave it out", key));
    grid ? make_grid() : draw(*sweep);
    check();
    return std::move(plan_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw UsageError(fmt::format("{}: {}", where_, what)); }

  // Of the line that begins it.
  std::size_t begin_of_sweep() const {
    for (std::size_t at = 0; at < text_.size(); at = text_.find('\n', at) + 1) {
      const std::string_view line = text_.substr(at, text_.find('\n', at) - at);
      if (line.starts_with("[sweep]") || line.starts_with("[sweep.")) return at;
      if (text_.find('\n', at) == std::string_view::npos) break;
    }
    fail("there is no [sweep] table that says which options to try; docs/experiments.md shows one");
  }

  std::int64_t whole(const toml::table& table, const char* key, std::int64_t otherwise, std::int64_t low,
                     std::int64_t high) const {
    if (!table.contains(key)) return otherwise;
    const auto number = table[key].value_exact<std::int64_t>();
    if (number && *number >= low && *number <= high) return *number;
    fail(fmt::format("sweep.{} must be an integer from {} to {}", key, low, high));
  }

  bool is_grid(const toml::table& sweep) const {
    if (!sweep.contains("method")) return true;
    const auto method = sweep["method"].value_exact<std::string>();
    if (method == "grid" || method == "random") return method == "grid";
    fail(fmt::format("sweep.method must be \"grid\" or \"random\", found {}",
                     method ? fmt::format("\"{}\"", shown(*method)) : "no text"));
  }

  void read_seeds_of(const toml::table& sweep) {
    std::string seeds = sweep.contains("seeds") ? "" : "1";
    if (const auto number = sweep["seeds"].value_exact<std::int64_t>()) seeds = std::to_string(*number);
    if (const auto text = sweep["seeds"].value_exact<std::string>()) seeds = *text;
    if (seeds.empty()) fail("sweep.seeds must be how many, such as 3, or which, such as \"5-9\"");
    plan_.seeds = read_seeds(seeds, plan_.options.seed);
    plan_.options.seed = plan_.seeds.first;
  }

  void read_values(const toml::table& table, const std::string& group) {
    for (const auto& [name, node] : table) {
      const std::string key = group + std::string(name.str());
      check_key(key);
      if (const toml::array* list = node.as_array()) {
        read_choices(key, *list);
      } else if (const toml::table* inner = node.as_table(); inner != nullptr && inner->contains("low")) {
        read_range(key, *inner);
      } else if (inner != nullptr) {
        read_values(*inner, key + ".");
      } else {
        fail(fmt::format("sweep.values.{} must be a list of values, or a range {{low = 0.1, high = 1}}", key));
      }
    }
  }

  // What the experiment itself gives each training.
  void check_key(const std::string& key) const {
    if (key == "seed") fail("sweep.values.seed: the seeds of each trial are sweep.seeds, such as seeds = \"5-9\"");
    if (key == "steps") fail("sweep.values.steps: all trials take the same steps; give steps = ... before [sweep]");
  }

  // In quotes where it would be taken for a number or a list, or be split by who reads it.
  static std::string quoted(const std::string& key, const std::string& text) {
    const OptionEntry* entry = find_option(key);
    const RawValue read = raw_from_text(text, entry == nullptr ? Reading::any : entry->reading);
    const auto* same = std::get_if<std::string>(&read);
    const bool plain = same != nullptr && *same == text && text.find(' ') == std::string::npos;
    return plain ? text : '"' + text + '"';
  }

  // As `--set` takes it, in every working folder; lists within the list, such as widths of layers, too.
  std::string text_of(const std::string& key, const toml::node& node) const {
    if (const auto* text = node.as_string()) return quoted(key, with_absolute_file(key, text->get()));
    if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
    if (const auto* integer = node.as_integer()) return std::to_string(integer->get());
    if (const auto* real = node.as_floating_point()) return fmt::format("{}", real->get());
    const toml::array* list = node.as_array();
    if (list == nullptr) fail(fmt::format("sweep.values.{} holds what is no value of an option", key));
    std::string text;
    for (const toml::node& element : *list) {
      if (!element.is_number())
        fail(fmt::format("sweep.values.{} holds a list that is not one of numbers, which no trial can set", key));
      text += (text.empty() ? "" : ",") + text_of(key, element);
    }
    return "[" + text + "]";
  }

  void read_choices(const std::string& key, const toml::array& list) {
    Tried tried{.key = key};
    for (const toml::node& node : list) tried.values.push_back(text_of(key, node));
    if (tried.values.empty()) fail(fmt::format("sweep.values.{} is empty", key));
    tried_.push_back(std::move(tried));
  }

  void read_range(const std::string& key, const toml::table& range) {
    Tried tried{.key = key};
    for (const auto& [name, node] : range)
      if (name.str() != "low" && name.str() != "high" && name.str() != "log")
        fail(fmt::format("sweep.values.{}.{} is none of low, high and log", key, name.str()));
    for (const char* end : {"low", "high"})
      if (!range[end].is_number()) fail(fmt::format("sweep.values.{}.{} must be a number", key, end));
    if (range.contains("log") && !range["log"].is_boolean())
      fail(fmt::format("sweep.values.{}.log must be true or false", key));
    const auto low = range["low"].value<double>(), high = range["high"].value<double>();
    tried.logarithmic = range["log"].value_or(false);
    tried.whole = range["low"].is_integer() && range["high"].is_integer();
    if (!low || !high || !(*low < *high) || (tried.logarithmic && *low <= 0))
      fail(fmt::format("sweep.values.{}: low must be below high, and above 0 with log = true", key));
    tried.low = *low, tried.high = *high;
    tried_.push_back(std::move(tried));
  }

  void make_grid() {
    std::vector<Trial> trials = {{}};
    for (const Tried& tried : tried_) {
      if (tried.values.empty()) fail(fmt::format("sweep.values.{}: a range is for method = \"random\"", tried.key));
      check_trainings(trials.size() * tried.values.size(), plan_.seeds.count, where_);
      std::vector<Trial> longer;
      for (const Trial& trial : trials)
        for (const std::string& value : tried.values) {
          longer.push_back(trial);
          longer.back().push_back(tried.key + "=" + value);
        }
      trials = std::move(longer);
    }
    plan_.trials = std::move(trials);
  }

  void draw(const toml::table& sweep) {
    const std::int64_t count = whole(sweep, "trials", 20, 1, static_cast<std::int64_t>(kMostSeeds));
    const std::int64_t seed = whole(sweep, "seed", 0, 0, INT64_MAX);
    check_trainings(static_cast<std::uint64_t>(count), plan_.seeds.count, where_);
    for (std::int64_t i = 0; i < count; i++) {
      RandomStream random(static_cast<std::uint64_t>(seed), "sweep", static_cast<std::uint64_t>(i));
      Trial trial;
      for (const Tried& tried : tried_) trial.push_back(tried.key + "=" + drawn(tried, random));
      plan_.trials.push_back(std::move(trial));
    }
  }

  static std::string drawn(const Tried& tried, RandomStream& random) {
    if (!tried.values.empty()) return tried.values[random.below(tried.values.size())];
    double value = random.uniform(tried.low, tried.high);
    if (tried.logarithmic) value = pinned_exp(random.uniform(pinned_log(tried.low), pinned_log(tried.high)));
    if (tried.whole) return fmt::format("{:.0f}", std::clamp(std::floor(value + 0.5), tried.low, tried.high));
    value = std::clamp(value, tried.low, tried.high);
    const std::string short_text = fmt::format("{:.4g}", value);  // as a person would write it
    double rounded = value;
    read_value(raw_from_text(short_text, Reading::any), rounded);
    return rounded >= tried.low && rounded <= tried.high ? short_text : fmt::format("{}", value);
  }

  void check() {
    Options& options = plan_.options;
    if (options.environment.empty()) fail("environment = \"...\" must name the task");
    options = with_absolute_files(std::move(options));  // as each training has them
    if (options.steps == 0) options.steps = find_environment(options.environment).suggested_steps;
    for (std::size_t trial = 0; trial < plan_.trials.size(); trial++) try {
        const Options of_run = plan_.options_of({plan_.seeds.first, trial});
        validate(of_run);
        make_environment(of_run.environment, of_run.env);
      } catch (const UsageError& error) {
        fail(fmt::format("trial {} ({}): {}", trial, fmt::join(plan_.trials[trial], " "), error.what()));
      }
  }

  std::string_view text_;
  const std::string& where_;
  ExperimentPlan plan_;
  std::vector<Tried> tried_;
};

}  // namespace

ExperimentPlan read_sweep(std::string_view text, const std::string& where) {
  return Reader(text, where).read();
}

}  // namespace ddpg
