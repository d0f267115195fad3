#include "agent/measures.h"

#include <iterator>
#include <stdexcept>

namespace ddpg {
namespace {

constexpr const char* kHead = "agent/scalar_head.cpp";
constexpr const char* kNetworks = "agent/actor_critic.cpp";
constexpr const char* kCore = "agent/agent_core.cpp";
constexpr const char* kReport = "agent/agent_report.cpp";

constexpr MeasureRow kTable[] = {
    {&Progress::critic_loss, "critic_loss", "train/critic_loss", "reward^2",
     "mean squared Bellman error, or what critic.head makes of it, without the L2 penalty; of several critics the mean",
     Averaged::mean, 2, kHead},
    {&Progress::actor_loss, "actor_loss", "train/actor_loss", "reward",
     "-mean Q(s, mu(s)), as actor.aggregate takes it of several critics", Averaged::mean, 1, kNetworks},
    {&Progress::mean_q, "mean_q", "train/mean_q", "reward", "mean Q(s, a) over the minibatches, and over the critics",
     Averaged::mean, 1, kHead},
    {&Progress::mean_target, "mean_target", "train/mean_target", "reward",
     "mean y = r + discount (1 - terminated) Q'(s', mu'(s')), as critic.aggregate and target.noise make it",
     Averaged::mean, 1, kHead},
    {&Progress::critic_gradient_norm, "critic_gradient_norm", "train/critic_gradient_norm", "",
     "L2 norm of the gradient of all critics before clipping, of the last update", Averaged::at_row, 0, kReport},
    {&Progress::actor_gradient_norm, "actor_gradient_norm", "train/actor_gradient_norm", "",
     "the same of the actor, of its last step", Averaged::at_row, 0, kReport},
    {&Progress::saturated_share, "saturated_share", "train/saturated_share", "0 to 1",
     "share of the components of mu(s) beyond 99 % of the half-range, in the minibatches", Averaged::mean, 0,
     kNetworks},
    {&Progress::exploration_sigma, "exploration_sigma", "train/exploration_sigma", "half-ranges",
     "noise in force; not measured during the random warm-up", Averaged::at_row, 0, kReport},
    {&Progress::training_return, "training_return", "train/return", "reward",
     "mean undiscounted return, with noise, of the training episodes finished since the row before", Averaged::mean, 0,
     kCore},
};

}  // namespace

std::span<const MeasureRow> measure_table() {
  return kTable;
}

Measures::Measures() : sums_(std::size(kTable)) {}

std::size_t Measures::place(Measure measure) {
  for (std::size_t place = 0; place < std::size(kTable); place++)
    if (kTable[place].measure == measure) return place;
  throw std::logic_error("[measures] a measure without a row in the table of agent/measures.cpp");
}

void Measures::add(Measure measure, double value) {
  const std::size_t i = place(measure);
  double in_units = value;
  for (int factor = 0; factor < kTable[i].rewards; factor++) in_units *= unit_of_rewards_;
  add_to(i, value, in_units);
}

void Measures::add_without_unit(Measure measure, double value) {
  add_to(place(measure), value, value);
}

void Measures::add_to(std::size_t place, double value, double in_units) {
  sums_[place].count++;
  sums_[place].newest = value;
  sums_[place].sum += in_units;
}

void Measures::means(Progress& progress) const {
  for (std::size_t i = 0; i < sums_.size(); i++)
    if (sums_[i].count > 0) progress.*kTable[i].measure = sums_[i].sum / static_cast<double>(sums_[i].count);
}

void Measures::clear() {
  for (Sum& sum : sums_) sum = {};
}

void Measures::exchange(Snapshot& snapshot) {
  for (std::size_t i = 0; i < sums_.size(); i++)
    snapshot.inside(kTable[i].name, [&] {
      snapshot.value("sum", sums_[i].sum);
      snapshot.value("count", sums_[i].count);
    });
}

}  // namespace ddpg
