#include "record/metrics.h"

#include <fmt/format.h>

#include <iterator>
#include <type_traits>
#include <vector>

#include "agent/measures.h"

namespace ddpg {

namespace {

// The member that `path`, a chain of pointers to member, leads to.
template <auto... path>
MetricValue at(const Progress& progress) {
  const auto value = (progress.*....*path);
  if constexpr (std::is_integral_v<decltype(value)>) {
    return static_cast<std::int64_t>(value);
  } else {
    return static_cast<double>(value);
  }
}
template <auto member>
constexpr auto kOf = at<member>;
template <auto member>
constexpr auto kOfEvaluation = at<&Progress::evaluation, member>;

constexpr const char* kCounters = "agent/agent_core.cpp";
constexpr const char* kEvaluation = "run/evaluation.cpp";
constexpr const char* kTraining = "run/training.cpp";
constexpr const char* kPlayers = "actors/free_players.cpp";

const Metric kCounts[] = {
    {"step", "", "steps", "environment steps done", kCounters, kOf<&Progress::step>},
    {"episodes", "train/episodes", "episodes", "training episodes finished", kCounters, kOf<&Progress::episodes>},
    {"updates", "train/updates", "updates", "gradient updates of both networks", kCounters, kOf<&Progress::updates>},
    {"breakdowns", "train/breakdowns", "episodes",
     "training episodes that a failure of the environment ended, in all (on_breakdown)", kCounters,
     kOf<&Progress::breakdowns>},
};

const Metric kOthers[] = {
    {"evaluation_episodes", "", "episodes", "test episodes played at this row; 0: none", kEvaluation,
     kOfEvaluation<&Evaluation::episodes>},
    {"evaluation_mean_return", "evaluation/mean_return", "reward", "mean undiscounted return of the test episodes",
     kEvaluation, kOfEvaluation<&Evaluation::mean_return>},
    {"evaluation_std_return", "evaluation/std_return", "reward",
     "population standard deviation of the return between the test episodes", kEvaluation,
     kOfEvaluation<&Evaluation::std_return>},
    {"evaluation_min_return", "evaluation/min_return", "reward", "least return of a test episode", kEvaluation,
     kOfEvaluation<&Evaluation::min_return>},
    {"evaluation_max_return", "evaluation/max_return", "reward", "greatest return of a test episode", kEvaluation,
     kOfEvaluation<&Evaluation::max_return>},
    {"evaluation_mean_length", "evaluation/mean_length", "steps", "mean length of the test episodes", kEvaluation,
     kOfEvaluation<&Evaluation::mean_length>},
    {"evaluation_predicted_q", "evaluation/predicted_q", "reward",
     "mean of Q(s, mu(s)) over the states visited in the test episodes", kEvaluation,
     kOfEvaluation<&Evaluation::predicted_q>},
    {"evaluation_discounted_return", "evaluation/discounted_return", "reward",
     "mean of the discounted return really obtained from those states, a truncated episode completed by discount^n Q "
     "at its last state; predicted_q less this is the over-estimation",
     kEvaluation, kOfEvaluation<&Evaluation::discounted_return>},
};

const Metric kOfClock[] = {
    {"seconds", "time/seconds", "s", "wall-clock time since the start", kTraining, kOf<&Progress::seconds>},
    {"steps_per_second", "time/steps_per_second", "1/s",
     "environment steps per second since the row before, evaluation left out", kTraining,
     kOf<&Progress::steps_per_second>},
    {"updates_per_second", "time/updates_per_second", "1/s", "updates per second, likewise", kTraining,
     kOf<&Progress::updates_per_second>},
};

double element(const std::vector<double>& values, std::size_t i) {
  return i < values.size() ? values[i] : kNotMeasured;
}

void add_of_task(std::vector<Metric>& all, const std::string& name, std::size_t i) {
  all.push_back({kTrainingMetric + name, "train/metric/" + name, "",
                 "mean of the task's metric over the training episodes finished since the row before", kCounters,
                 [i](const Progress& progress) { return MetricValue(element(progress.training_metrics, i)); }});
  all.push_back({kEvaluationMetric + name, "evaluation/metric/" + name, "",
                 "mean of the task's metric over the test episodes", kEvaluation,
                 [i](const Progress& progress) { return MetricValue(element(progress.evaluation.metrics, i)); }});
}

template <double PlayerProgress::*member>
void add_of_player(std::vector<Metric>& all, std::size_t i, const char* name, const char* unit, const char* meaning) {
  all.push_back({fmt::format("player_{}_{}", i + 1, name), fmt::format("players/{}/{}", name, i + 1), unit, meaning,
                 kPlayers, [i](const Progress& progress) {
                   return MetricValue(i < progress.players.size() ? progress.players[i].*member : kNotMeasured);
                 }});
}

void add_player(std::vector<Metric>& all, std::size_t i) {
  add_of_player<&PlayerProgress::steps_per_second>(
      all, i, "steps_per_second", "1/s",
      "steps of the player in that process that were learnt from, since the row before, evaluation left out");
  add_of_player<&PlayerProgress::staleness>(
      all, i, "staleness", "updates",
      "how old what it plays is: updates done since the policy with which a block of its steps was begun; the mean");
  add_of_player<&PlayerProgress::backlog>(
      all, i, "backlog", "blocks",
      "blocks still on their way when it had filled another, the mean; at most 2, where it waits for the learner");
}

}  // namespace

std::vector<Metric> metrics_of(const RunStart& start) {
  const std::vector<std::string>& of_task = start.specification.metric_names;
  std::vector<Metric> all(std::begin(kCounts), std::end(kCounts));
  for (const MeasureRow& row : measure_table())
    all.push_back({row.name, row.tag, row.unit, row.meaning, row.source,
                   [measure = row.measure](const Progress& progress) { return MetricValue(progress.*measure); }});
  all.insert(all.end(), std::begin(kOthers), std::end(kOthers));
  for (std::size_t i = 0; i < of_task.size(); i++) add_of_task(all, of_task[i], i);
  all.insert(all.end(), std::begin(kOfClock), std::end(kOfClock));
  for (int player = 0; player < start.players; player++) add_player(all, static_cast<std::size_t>(player));
  return all;
}

std::span<const Metric> metrics() {
  static const std::vector<Metric> all = metrics_of({});
  return all;
}

}  // namespace ddpg
