#include "experiment/experiment_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "record/text.h"
#include "support/shown.h"

namespace ddpg {

namespace {

std::string seeds_text(SeedRange range) {
  if (range.count == 1) return fmt::format("seed {}", range.first);
  return fmt::format("{} seeds, {} to {}", range.count, range.first, range.last());
}

// "-145.3", always with one decimal or more, so that a column of them is read easily.
std::string return_text(double value) {
  return std::isnan(value) ? "-" : fmt::format("{:.{}f}", value, std::fabs(value) >= 10 ? 1 : 3);
}

std::string live_seed(const SeedProgress& seed, const std::string& label, std::size_t width) {
  const double steps = static_cast<double>(std::max<std::int64_t>(seed.steps, 1));
  const double share = std::clamp(static_cast<double>(seed.step) / steps, 0.0, 1.0);
  std::string line =
      fmt::format("{:<{}}  {:<11} {:3.0f} %", label, width, state_name(seed.state), std::floor(100 * share));
  line += fmt::format("  step {:>{}}", grouped(seed.step), grouped(seed.steps).size());
  if (!std::isnan(seed.last_return)) {
    line += fmt::format("  return {:>8}  best {:>8}", return_text(seed.last_return), return_text(seed.best_return));
  }
  if (seed.state == SeedState::running && seed.steps_per_second > 0) line += "  " + speed(seed.steps_per_second);
  if (seed.state == SeedState::failed) line += "  " + seed.error.substr(0, seed.error.find('\n'));
  return line;
}

std::string counts_text(const std::vector<SeedProgress>& seeds, int jobs) {
  std::string text;
  for (const SeedState state :
       {SeedState::finished, SeedState::running, SeedState::waiting, SeedState::interrupted, SeedState::failed}) {
    const auto count = std::count_if(seeds.begin(), seeds.end(), [&](const auto& seed) { return seed.state == state; });
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, state_name(state));
  }
  const double left = seconds_left(seeds, jobs);
  return std::isnan(left) ? text : fmt::format("{}  {} left", text, human_seconds(left));
}

// Cut to the width; nothing but printable text, since errors quote what files hold.
std::string fitted(std::string line, int width) {
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7F; }, '?');
  return line.substr(0, static_cast<std::size_t>(std::max(width - 1, 1)));
}

// "finished by stop.at_return = -150": what follows the colon is in the run's own summary.
std::string outcome_text(const SeedProgress& seed) {
  if (seed.criterion.empty()) return state_name(seed.state);
  return fmt::format("{} by {}", state_name(seed.state), shown(seed.criterion.substr(0, seed.criterion.find(':'))));
}

std::string result_table(const std::vector<SeedProgress>& seeds) {
  std::string text = fmt::format("{:>6}  {:>12}  {:>12}  {:>12}  {}\n", "seed", "return", "best", "steps", "outcome");
  for (const SeedProgress& seed : seeds) {
    text += fmt::format("{:>6}  {:>12}  {:>12}  {:>12}  {}\n", seed.seed, return_text(seed.last_return),
                        return_text(seed.best_return), grouped(seed.step), outcome_text(seed));
  }
  return text;
}

// The best first.
std::string trial_table(const ExperimentPlan& plan, const std::vector<SeedProgress>& seeds) {
  std::string text = fmt::format("{:>6}  {:>8}  {:>12}  {:>12}  {}\n", "trial", "finished", "IQM", "mean", "sets");
  for (const TrialResult& result : over_trials(plan, seeds))
    text += fmt::format("{:>6}  {:>8}  {:>12}  {:>12}  {}\n", result.trial,
                        fmt::format("{} of {}", result.over.seeds, plan.seeds.count),
                        return_text(result.over.interquartile_mean), return_text(result.over.mean),
                        shown(fmt::format("{}", fmt::join(plan.trials[result.trial], " "))));
  return text;
}

}  // namespace

ExperimentView::ExperimentView(const ExperimentFolder& folder, ExperimentViewOptions options)
    : folder_(folder), options_(std::move(options)) {}

void ExperimentView::started(const std::vector<SeedProgress>& seeds) {
  const ExperimentPlan& plan = folder_.plan();
  options_.write(fmt::format(
      "{}: {}, preset {}, {} each, {} at a time\nexperiment folder {}\n", plan.options.environment,
      (plan.trials.empty() ? "" : counted(static_cast<std::int64_t>(plan.trials.size()), "trial") + " of ") +
          seeds_text(plan.seeds),
      plan.options.preset, counted(plan.options.steps, "step"), at_a_time(), typed(folder_.path())));
  for (const SeedProgress& seed : seeds) {
    const bool finished = seed.state == SeedState::finished;
    if (finished)
      options_.write(fmt::format("{}: has finished before\n", plan.label(seed.key())));
    else if (seed.step > 0)
      options_.write(fmt::format("{}: resumed at step {}\n", plan.label(seed.key()), grouped(seed.step)));
  }
  reported_ = seeds;
  draw(seeds);
}

void ExperimentView::changed(const std::vector<SeedProgress>& seeds) {
  if (options_.live) {
    draw(seeds);
    return;
  }
  for (std::size_t i = 0; i < seeds.size(); i++) report(seeds[i], reported_[i]);
  reported_ = seeds;
}

void ExperimentView::report(const SeedProgress& seed, const SeedProgress& before) {
  const std::string name = folder_.plan().label(seed.key()) + ": ";
  if (seed.state != before.state) {
    if (seed.state == SeedState::running) options_.write(name + "started\n");
    if (seed.state == SeedState::waiting)
      options_.write(fmt::format("{}to be done again: {}\n", name, shown_lines(seed.error)));
    if (seed.state == SeedState::failed) options_.write(fmt::format("{}failed: {}\n", name, shown_lines(seed.error)));
    if (seed.state == SeedState::interrupted) {
      options_.write(fmt::format("{}interrupted at step {}\n", name, grouped(seed.step)));
    }
    if (seed.state == SeedState::finished) {
      options_.write(fmt::format("{}{}, return {}, best {}\n", name, outcome_text(seed), return_text(seed.last_return),
                                 return_text(seed.best_return)));
    }
    return;
  }
  const bool same_return = seed.last_return == before.last_return || std::isnan(seed.last_return);
  if (seed.state != SeedState::running || seed.step == before.step || same_return) return;
  options_.write(fmt::format("{}step {} of {}  return {}  best {}  {}\n", name, seed.step, seed.steps,
                             return_text(seed.last_return), return_text(seed.best_return),
                             speed(seed.steps_per_second)));
}

// Where not all seeds find room, those that run, and as many others as fit.
void ExperimentView::draw(const std::vector<SeedProgress>& seeds) {
  if (!options_.live) return;
  const int width = options_.width();
  const auto room = static_cast<std::size_t>(std::max(options_.height() - 2, 1));
  std::vector<std::string> lines;
  const ExperimentPlan& plan = folder_.plan();
  std::size_t label_width = 0;
  for (const SeedProgress& seed : seeds) label_width = std::max(label_width, plan.label(seed.key()).size());
  for (const SeedProgress& seed : seeds) {
    if (seeds.size() > room && seed.state != SeedState::running) continue;
    if (lines.size() < room) lines.push_back(live_seed(seed, plan.label(seed.key()), label_width));
  }
  lines.push_back(counts_text(seeds, at_a_time()));
  std::string block;
  for (const std::string& line : lines) block += fitted(line, width) + "\x1b[K\n";
  if (block == drawn_) return;
  const auto above = std::count(drawn_.begin(), drawn_.end(), '\n');
  // up to where the block began, and at the end away with what an older and longer one left
  options_.write((above > 0 ? fmt::format("\x1b[{}A\r", above) : "") + block + "\x1b[J");
  drawn_ = block;
}

void ExperimentView::ended(const std::vector<SeedProgress>& seeds) {
  const ExperimentPlan& plan = folder_.plan();
  std::string text = plan.trials.empty() ? result_table(seeds) : trial_table(plan, seeds);
  for (const SeedProgress& seed : seeds) {
    if (!seed.error.empty()) text += fmt::format("{} failed: {}\n", plan.label(seed.key()), shown_lines(seed.error));
  }
  if (const SeedStatistics over = over_seeds(seeds); over.seeds > 0 && plan.trials.empty()) {
    text += fmt::format("return over {}: mean {}, interquartile mean {}, worst {} (seed {}), best {} (seed {})\n",
                        counted(over.seeds, "seed"), with_deviation(over.mean, over.deviation),
                        return_text(over.interquartile_mean), return_text(over.worst), over.worst_seed,
                        return_text(over.best), over.best_seed);
  }
  text += fmt::format("experiment     {}\n", typed(folder_.path()));
  const bool goes_on =  // the log of what failed says what can be done
      std::any_of(seeds.begin(), seeds.end(), [](const auto& seed) { return seed.state == SeedState::interrupted; });
  if (goes_on) text += fmt::format("next           {} resume {}\n", options_.command, typed(folder_.path()));
  options_.write(text);
}

}  // namespace ddpg
