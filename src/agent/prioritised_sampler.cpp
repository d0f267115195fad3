// Transitions in proportion to how wrong the critics were about them: LAP, Fujimoto et al. 2020, "An Equivalence
// between Loss Functions and Non-Uniform Sampling in Experience Replay", section 5. The priority of a transition is
// max(|Q(s, a) - y|, floor)^alpha, of the critic that is farthest off; one that was not drawn yet has the largest that
// there ever was. Rows have no weights: the floor takes care of small errors, and the Huber loss would of large ones.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "agent/sampler.h"
#include "agent/sum_tree.h"
#include "ddpg/error.h"
#include "support/math.h"

namespace ddpg {
namespace {

class PrioritisedSampler final : public Sampler {
 public:
  explicit PrioritisedSampler(const Options& options)
      : discount_(static_cast<float>(options.discount)),
        steps_(options.n_step),
        capacity_(options.replay_capacity),
        alpha_(options.replay.alpha),
        floor_(options.replay.floor),
        largest_(priority(0)),
        tree_(capacity_) {}

  void sample(const Replay& replay, RandomStream& random, Minibatch& minibatch) override {
    if (replay.capacity() != capacity_) throw std::logic_error("[sampler] another capacity than the replay buffer's");
    take_in(replay.kept());
    const std::int64_t oldest = replay.kept().begin, first = oldest % capacity_;
    for (std::int64_t& index : minibatch.index) {
      const std::int64_t place = tree_.find(random.uniform() * tree_.total());
      index = oldest + place - first + (place < first ? capacity_ : 0);
    }
    replay.gather_returns(minibatch.index, discount_, steps_, minibatch);
  }

  void learnt(const Minibatch& minibatch, std::span<const float> errors) override {
    for (std::size_t i = 0; i < errors.size(); i++) {
      const float now = priority(errors[i]);
      largest_ = std::max(largest_, now);
      tree_.set(minibatch.index[i] % capacity_, now);
    }
  }

  void exchange(Snapshot& snapshot) override {
    snapshot.value("seen", seen_);
    snapshot.value("largest", largest_);
    std::vector<float> priorities;
    if (!snapshot.restores())
      for (std::int64_t place = 0; place < places(); place++) priorities.push_back(static_cast<float>(tree_.at(place)));
    snapshot.list("priorities", priorities);
    if (snapshot.restores()) restore(priorities);
  }

 private:
  std::int64_t places() const { return std::min(seen_, capacity_); }

  // A float: it is kept as one.
  float priority(float error) const {
    const double size = std::isfinite(error) ? std::fabs(static_cast<double>(error)) : 0;
    return static_cast<float>(pinned_exp(alpha_ * pinned_log(std::max(size, floor_))));
  }

  // What came since the last time, each in its place of the ring.
  void take_in(const ReplayRange& kept) {
    if (seen_ > kept.end)
      throw Error(
          fmt::format("[sampler] priorities of {} transitions, found {}; the checkpoint is damaged", seen_, kept.end));
    for (seen_ = std::max(seen_, kept.begin); seen_ < kept.end; seen_++) tree_.set(seen_ % capacity_, largest_);
  }

  void restore(const std::vector<float>& priorities) {
    const auto sound = [](float priority) { return std::isfinite(priority) && priority > 0; };
    if (seen_ < 0 || static_cast<std::int64_t>(priorities.size()) != places() || !sound(largest_) ||
        !std::ranges::all_of(priorities, sound))
      throw Error("[sampler] the priorities cannot be those of a training; the checkpoint is damaged");
    for (std::size_t place = 0; place < priorities.size(); place++)
      tree_.set(static_cast<std::int64_t>(place), priorities[place]);
  }

  float discount_;
  int steps_;
  std::int64_t capacity_;
  double alpha_, floor_;
  float largest_;
  SumTree tree_;           // a leaf for each place of the replay buffer's ring
  std::int64_t seen_ = 0;  // transitions that have a priority, counted since the first
};

}  // namespace

constinit const Part<Sampler> prioritised_sampler = {
    "prioritised", [](const Options& options) { return options.replay.priority == Priority::lap; },
    [](const Options& options) -> std::unique_ptr<Sampler> { return std::make_unique<PrioritisedSampler>(options); }};

}  // namespace ddpg
