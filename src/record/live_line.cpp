#include "record/live_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "record/text.h"

namespace ddpg {

namespace {

constexpr int kShortestBar = 6, kLongestBar = 30;
constexpr double kTimeConstant = 5;  // seconds

std::string bar(double share, int columns) {
  const int done = static_cast<int>(share * columns);
  return fmt::format("[{:#<{}}{:-<{}}]", "", done, "", columns - done);
}

// The parts after the bar, most important first. All are plain ASCII, so that bytes are columns.
std::vector<std::string> parts(const LiveState& state, double share) {
  std::vector<std::string> texts = {fmt::format("{:3} %", static_cast<int>(share * 100))};
  if (state.steps_per_second > 0) {
    const double left = static_cast<double>(state.steps - state.step) / state.steps_per_second;
    texts.push_back(speed(state.steps_per_second));
    texts.push_back(human_seconds(left) + " left");
  }
  const auto add = [&](const char* name, double value) {
    if (!std::isnan(value)) texts.push_back(fmt::format("{} {}", name, significant(value)));
  };
  add("return", state.evaluation_return);
  add("loss", state.critic_loss);  // the critic's
  add("Q", state.mean_q);
  return texts;
}

}  // namespace

std::string live_line(const LiveState& state, int width) {
  const double steps = static_cast<double>(std::max<std::int64_t>(state.steps, 1));
  const double share = std::clamp(static_cast<double>(state.step) / steps, 0.0, 1.0);
  std::string after_bar;
  for (const std::string& part : parts(state, share)) {
    const std::string longer = after_bar + (after_bar.empty() ? " " : "  ") + part;
    if (static_cast<int>(longer.size()) + kShortestBar + 2 > width) break;
    after_bar = longer;
  }
  const int columns = std::min(kLongestBar, width - 2 - static_cast<int>(after_bar.size()));
  return columns < 1 ? "" : bar(share, columns) + after_bar;
}

void Rate::measure(std::int64_t step, double seconds) {
  const double elapsed = seconds - last_seconds_;
  if (elapsed > 0 && step > last_step_) {
    const double kept = kTimeConstant / (kTimeConstant + elapsed);
    steps_ = kept * steps_ + static_cast<double>(step - last_step_);
    seconds_ = kept * seconds_ + elapsed;
  } else if (seconds_ > 0) {
    return;  // no step since: the time counts for the next one
  }
  last_step_ = step;
  last_seconds_ = seconds;
}

}  // namespace ddpg
