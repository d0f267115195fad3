#include "report/episode.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "ddpg/error.h"
#include "ddpg/interrupted.h"
#include "draw/drawable.h"
#include "draw/drawing.h"
#include "envs/wrapper.h"
#include "report/html.h"
#include "report/polyline.h"
#include "run/evaluation.h"
#include "support/shown.h"
#include "support/stop.h"

namespace ddpg {
namespace {

constexpr std::size_t kMostFrames = 2'000;
constexpr double kUnits = 2'000;   // the width of the view, in the whole numbers of the script
constexpr double kUsualRate = 30;  // frames in a second, for a task that does not say how long a step takes

// The drawings of an episode: every shape once, however many frames show it.
class Film {
 public:
  void add(const Drawing& drawing) {
    if (frames_.empty()) first_ = drawing;
    std::string frame;
    for (const Shape& shape : drawing.shapes) {
      const auto [place, added] = known_.try_emplace(as_script(shape), known_.size());
      if (added) shapes_ += (shapes_.empty() ? "" : ",\n") + place->first;
      frame += (frame.empty() ? "" : ",") + std::to_string(place->second);
    }
    frames_.push_back(frame);
  }

  std::size_t frames() const { return frames_.size(); }
  double aspect() const { return first_.view.width / first_.view.height; }

  std::string script(double rate, const std::vector<double>& rewards) const {
    std::string frames;
    for (const std::string& frame : frames_) frames += (frames.empty() ? "[" : ",[") + frame + "]";
    return fmt::format(
        "{{\"width\":{:.0f},\"height\":{:.0f},\"background\":\"{}\",\"rate\":{:g},\n\"shapes\":[{}],\n\"frames\":[{}],"
        "\n"
        "\"rewards\":{}}}",
        kUnits, kUnits / aspect(), colour(first_.background), rate, shapes_, frames, script_numbers(rewards));
  }

 private:
  static std::string colour(const Colour& colour) {
    const auto byte = [](double value) { return static_cast<int>(std::lround(255 * std::clamp(value, 0.0, 1.0))); };
    return fmt::format("#{:02x}{:02x}{:02x}", byte(colour.red), byte(colour.green), byte(colour.blue));
  }

  // [kind, size, colour, x, y, x, y, ...], y down
  std::string as_script(const Shape& shape) const {
    const View& view = first_.view;
    const double scale = kUnits / view.width;
    std::vector<Point> points;
    for (const Point& p : shape.points) {
      points.push_back(
          {(p.x - view.centre.x + view.width / 2) * scale, (view.centre.y + view.height / 2 - p.y) * scale});
    }
    if (shape.kind != Shape::disc) points = simplified(points, 0.6);
    std::string text =
        fmt::format("[{},{:.0f},\"{}\"", static_cast<int>(shape.kind), shape.size * scale, colour(shape.colour));
    for (const Point& p : points) text += fmt::format(",{},{}", whole(p.x), whole(p.y));
    return text + "]";
  }

  static long whole(double value) { return std::isfinite(value) ? std::lround(std::clamp(value, -1e6, 1e6)) : 0; }

  Drawing first_;
  std::map<std::string, std::size_t> known_;
  std::string shapes_;
  std::vector<std::string> frames_;
};

const Drawable* drawable(const Environment& environment) {
  return dynamic_cast<const Drawable*>(&innermost(environment));
}

// The run whose last test return is the middle one: neither the luckiest seed nor the unluckiest.
const RunRecord* middle_run(const RunGroup& group) {
  std::vector<std::pair<double, const RunRecord*>> scored;
  std::error_code ignored;
  for (const RunRecord* run : group.runs) {
    if (!std::filesystem::is_regular_file(run->path / "policy.ddpg", ignored)) continue;
    const double score = run->progress.last("evaluation_mean_return");
    scored.emplace_back(std::isnan(score) ? -HUGE_VAL : score, run);
  }
  if (scored.empty()) return nullptr;
  std::stable_sort(scored.begin(), scored.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return scored[(scored.size() - 1) / 2].second;
}

void play(ShownEpisode& shown, const std::atomic<bool>* stop) {
  Policy policy = Policy::load((shown.run->path / "policy.ddpg").string());
  const auto environment = make_environment(policy.provenance().environment, policy.provenance().env);
  const Drawable* look = drawable(*environment);
  if (look == nullptr) {
    shown.problem = fmt::format("{} is not drawn in the page; this makes a film of it: ddpg video {} --out film.mp4",
                                environment->specification().name, typed(shown.run->path));
    return;
  }
  check_policy_fits(policy, *environment);
  RandomStream random = evaluation_stream(0);
  Film film;
  const Episode episode = play_episode(policy, *environment, random, {}, [&] {
    throw_if_stopped(stop, "a report");
    film.add(look->drawing());
    return film.frames() < kMostFrames;
  });
  const double period = environment->specification().control_period;
  shown.script = film.script(period > 0 ? 1 / period : kUsualRate, episode.rewards);
  shown.steps = static_cast<int>(episode.rewards.size());
  shown.total = episode.sum();
  shown.trained = policy.provenance().step;
  shown.aspect = film.aspect();
}

}  // namespace

ShownEpisode shown_episode(const RunGroup& group, const std::atomic<bool>* stop) {
  ShownEpisode shown;
  shown.run = middle_run(group);
  if (shown.run == nullptr) {
    shown.problem = "No run of this group has saved a policy yet.";
    return shown;
  }
  try {
    play(shown, stop);
  } catch (const Interrupted&) {
    throw;
  } catch (const std::exception& error) {
    shown.script.clear();
    shown.problem = error.what();
  }
  return shown;
}

}  // namespace ddpg
