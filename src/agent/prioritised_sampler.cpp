// Transitions in proportion to how wrong the critics were about them, by a sum tree. Three laws:
//   lap   max(|Q(s, a) - y|, floor)^alpha. Fujimoto et al. 2020, "An Equivalence between Loss Functions and Non-Uniform
//         Sampling in Experience Replay", section 5. Rows have no weights: with Huber's loss (critic.head), which
//         the paper takes, none are needed.
//   per   (|Q(s, a) - y| + epsilon)^alpha, proportional PER of Schaul et al. 2016, "Prioritized Experience Replay",
//         arXiv:1511.05952. Rows have weights.
//   fade  lap's, times max(decay^age, decay_floor) (aged_places.h).
// The error is that of the critic that is farthest off. A transition that was not drawn yet has the largest priority
// that there ever was, or, with renew_largest, that was stored at the last copy or came since.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "agent/aged_places.h"
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
        options_(options.replay),
        largest_(options_.priority == Priority::per ? 1 : priority(0)),
        tree_(capacity_),
        aged_(options_.decay, options_.decay_floor, capacity_) {}

  void sample(const Replay& replay, RandomStream& random, Minibatch& minibatch, std::int64_t step) override {
    if (replay.capacity() != capacity_) throw std::logic_error("[sampler] another capacity than the replay buffer's");
    take_in(replay.kept());
    const std::int64_t oldest = replay.kept().begin, first = oldest % capacity_;
    for (std::int64_t& index : minibatch.index) {
      const std::int64_t place = options_.priority == Priority::fade ? aged_.draw(tree_, replay.kept(), random)
                                                                     : tree_.find(random.uniform() * tree_.total());
      index = oldest + place - first + (place < first ? capacity_ : 0);
    }
    if (options_.priority == Priority::per) weigh(minibatch, options_.beta.at(step));
    replay.gather_returns(minibatch.index, discount_, steps_, minibatch);
  }

  void learnt(const Minibatch& minibatch, std::span<const float> errors) override {
    for (std::size_t i = 0; i < errors.size(); i++) {
      const float now = priority(errors[i]);
      largest_ = std::max(largest_, now);
      tree_.set(minibatch.index[i] % capacity_, now);
    }
  }

  void copied() override {
    if (!options_.renew_largest || seen_ == 0) return;
    double most = 0;
    for (std::int64_t place = 0; place < places(); place++) most = std::max(most, tree_.at(place));
    largest_ = static_cast<float>(most);
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

  // A float: it is kept as one, and above 0.
  float priority(float error) const {
    const double size = std::isfinite(error) ? std::fabs(static_cast<double>(error)) : 0;
    const double base = options_.priority == Priority::per ? size + options_.epsilon : std::max(size, options_.floor);
    constexpr double kLeast = std::numeric_limits<float>::min(), kMost = std::numeric_limits<float>::max();
    return static_cast<float>(std::clamp(pinned_exp(options_.alpha * pinned_log(base)), kLeast, kMost));
  }

  // w = (N P)^-beta, P the chance of a row, over the largest w of the minibatch (Schaul et al. 2016, section 3.4): a
  // factor that all rows share cancels.
  void weigh(Minibatch& minibatch, double beta) const {
    const auto priority_of = [&](std::int64_t index) { return tree_.at(index % capacity_); };
    double least = std::numeric_limits<double>::infinity();
    for (const std::int64_t index : minibatch.index) least = std::min(least, priority_of(index));
    for (std::size_t i = 0; i < minibatch.index.size(); i++)
      minibatch.weight[i] = static_cast<float>(pinned_exp(beta * pinned_log(least / priority_of(minibatch.index[i]))));
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
  ReplayOptions options_;
  float largest_;
  SumTree tree_;  // a leaf for each place of the replay buffer's ring
  AgedPlaces aged_;
  std::int64_t seen_ = 0;  // transitions that have a priority, counted since the first
};

}  // namespace

constinit const Part<Sampler> prioritised_sampler = {
    [](const Options& options) { return options.replay.priority != Priority::uniform; },
    [](const Options& options) -> std::unique_ptr<Sampler> { return std::make_unique<PrioritisedSampler>(options); }};

}  // namespace ddpg
