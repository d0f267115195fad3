#include "record/console.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "record/text.h"
#include "support/shown.h"

namespace ddpg {

namespace {

constexpr double kSecondsBetweenDrawings = 0.1;

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string action_range(const Specification& specification) {
  const auto same = [](const std::vector<float>& bounds) {
    for (float bound : bounds) {
      if (bound != bounds.front()) return false;
    }
    return !bounds.empty();
  };
  if (!same(specification.action_low) || !same(specification.action_high)) return "with bounds of their own";
  return fmt::format("in [{}, {}]", specification.action_low.front(), specification.action_high.front());
}

std::string layers(const NetworkOptions& network) {
  std::string text;
  for (int width : network.hidden) text += fmt::format("{}{}", text.empty() ? "" : "-", width);
  return text;
}

std::string start_text(const RunStart& start, const std::filesystem::path& run) {
  const Options& options = start.options;
  const Specification& task = start.specification;
  std::string text = fmt::format("{}: {}, {} {}", options.environment, counted(task.observation_size, "observation"),
                                 counted(task.action_size(), "action"), action_range(task));
  if (task.time_limit > 0) text += fmt::format(", episodes of at most {}", counted(task.time_limit, "step"));
  text += fmt::format("\npreset {}, seed {}, {}, {} ({})", options.preset, options.seed, counted(options.steps, "step"),
                      counted(options.threads, "thread"), start.kernels);
  if (options.environments > 1) text += fmt::format(", {} environments", options.environments);
  text += options.overlap ? ", physics and updates overlapped\n" : "\n";
  const std::string critics = options.critic.count == 1 ? "critic" : fmt::format("{} critics", options.critic.count);
  text += fmt::format("actor {} ({}), {} {} ({}{}), replay of {} ({})\n", layers(options.actor),
                      counted(start.actor_parameters, "parameter"), critics, layers(options.critic),
                      counted(start.critic_parameters, "parameter"), options.critic.count == 1 ? "" : " each",
                      counted(options.replay_capacity, "transition"), human_bytes(start.replay_bytes));
  if (!run.empty()) text += fmt::format("run folder {}\n", typed(run));
  if (start.step > 0) {
    text += fmt::format("resuming from step {} of {}\n", grouped(start.step), grouped(options.steps));
  }
  return text;
}

std::string evaluation_text(const Evaluation& evaluation) {
  if (evaluation.episodes == 0) return "not evaluated";
  return fmt::format("{} ({})", with_deviation(evaluation.mean_return, evaluation.std_return),
                     counted(evaluation.episodes, "episode"));
}

}  // namespace

Console::Console(ConsoleOptions options) : options_(std::move(options)) {
  if (!options_.seconds) options_.seconds = steady_seconds;
}

Console::~Console() {
  if (!line_open_) return;
  try {
    finish_line();
  } catch (...) {  // nobody is left to read it
  }
}

void Console::started(const RunStart& start) {
  state_.steps = start.options.steps;
  has_evaluations_ = start.options.evaluation_interval > 0 && start.options.evaluation_episodes > 0;
  state_.step = start.step;
  rate_.measure(start.step, options_.seconds());
  options_.write(start_text(start, options_.run));
  if (!start.warning.empty()) options_.write(fmt::format("warning: {}\n", shown_lines(start.warning)));
  draw();
}

void Console::stepped(std::int64_t step) {
  if (!options_.live) return;
  const double now = options_.seconds();
  if (now - last_drawn_ < kSecondsBetweenDrawings) return;
  state_.step = step;
  rate_.measure(step, now);
  draw();
}

void Console::progressed(const Progress& progress, const Policy&) {
  const bool evaluated = progress.evaluation.episodes > 0;
  state_.step = progress.step;
  if (evaluated) state_.evaluation_return = progress.evaluation.mean_return;
  if (!std::isnan(progress.critic_loss)) state_.critic_loss = progress.critic_loss;
  if (!std::isnan(progress.mean_q)) state_.mean_q = progress.mean_q;
  rate_.measure(progress.step, options_.seconds());
  if (!progress.warning.empty()) warn(progress.warning);
  if (options_.live) {
    if (!(options_.seconds() - last_drawn_ < kSecondsBetweenDrawings)) draw();
  } else if (evaluated || !has_evaluations_) {
    write_row(progress);
  }
}

void Console::ended(const Summary& summary, const Policy&) {
  state_.step = summary.steps;
  if (summary.after.episodes > 0) state_.evaluation_return = summary.after.mean_return;
  draw();
  finish_line();
  std::string text;
  if (summary.outcome == Outcome::interrupted) {
    text += fmt::format("Interrupted after {} of {}; the policy so far is saved.\n", grouped(summary.steps),
                        counted(state_.steps, "step"));
  }
  if (!summary.criterion.empty())
    text += fmt::format("Ended after {} of {} by {}\n", grouped(summary.steps), counted(state_.steps, "step"),
                        summary.criterion);
  text += fmt::format("return before  {}\n", evaluation_text(summary.before));
  text += fmt::format("{}   {}\n", summary.outcome == Outcome::interrupted ? "last return " : "return after",
                      evaluation_text(summary.after));
  if (std::isfinite(summary.best_return) && summary.best_return > summary.after.mean_return)
    text += fmt::format("best return    {:.1f}{}\n", summary.best_return,
                        options_.run.empty() ? "" : fmt::format(", kept in {}", typed(options_.run / "best.ddpg")));
  text += fmt::format("work           {} and {} in {:.1f} s, {}\n", counted(summary.steps, "step"),
                      counted(summary.updates, "update"), summary.seconds, speed(summary.steps_per_second));
  if (!options_.run.empty()) {
    text += fmt::format("run            {}\n", typed(options_.run));
    text += fmt::format("next           {} evaluate {}\n", options_.command, typed(options_.run));
  }
  options_.write(text);
}

void Console::draw() {
  if (!options_.live) return;
  last_drawn_ = options_.seconds();
  state_.steps_per_second = rate_.value();
  // carriage return, line, erase what an older and longer line left; the last column stays free, or the terminal would
  // wrap
  options_.write(fmt::format("\r{}\x1b[K", live_line(state_, options_.width() - 1)));
  line_open_ = true;
}

// A line of its own, that stays; the live line continues below it.
void Console::warn(const std::string& warning) {
  options_.write(fmt::format("{}warning: {}\n", line_open_ ? "\r\x1b[K" : "", shown_lines(warning)));
  line_open_ = false;
  draw();
}

void Console::finish_line() {
  if (line_open_) options_.write("\n");
  line_open_ = false;
}

void Console::write_row(const Progress& progress) {
  const double share = static_cast<double>(progress.step) / static_cast<double>(state_.steps);
  std::string line = fmt::format("step {} of {} ({:.0f} %)", progress.step, state_.steps, 100 * share);
  if (progress.evaluation.episodes > 0) line += "  return " + evaluation_text(progress.evaluation);
  if (progress.best && progress.step > 0) line += ", the best so far";
  if (!std::isnan(progress.critic_loss)) line += "  critic loss " + significant(progress.critic_loss);
  if (!std::isnan(progress.mean_q)) line += "  mean Q " + significant(progress.mean_q);
  if (!std::isnan(progress.steps_per_second)) line += "  " + speed(progress.steps_per_second);
  if (rate_.value() > 0) {
    line += fmt::format("  {} left", human_seconds(static_cast<double>(state_.steps - progress.step) / rate_.value()));
  }
  options_.write(line + "\n");
}

}  // namespace ddpg
