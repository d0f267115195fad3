// y of several critics, at an action with noise, and of values that are cut: Fujimoto et al. 2018, "Addressing Function
// Approximation Error in Actor-Critic Methods", sections 4.2 and 5.3. With two critics, their minimum, noise and the
// delays of schedules.cpp it is TD3:
//   y_i = r_i + gamma min_k Q'_k(s_{i+1}, clip(mu'(s_{i+1}) + clip(N(0, sigma), -c, c), -1, 1))
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "agent/aggregate.h"
#include "agent/seen_range.h"
#include "agent/target.h"

namespace ddpg {
namespace {

bool has_ends(double lowest, double highest) {
  return std::isfinite(lowest) || std::isfinite(highest);
}

class JoinedTarget final : public Target {
 public:
  JoinedTarget(const Options& options, const CriticHead& head)
      : noise_(options.target.noise),
        noise_clip_(options.target.noise_clip > 0 ? options.target.noise_clip
                                                  : std::numeric_limits<double>::infinity()),
        aggregate_(options.critic.aggregate),
        cuts_(options.target.clip_to_seen_range),
        lowest_(static_cast<float>(options.target.lowest)),
        highest_(static_cast<float>(options.target.highest)),
        y_of_one_(options.batch_size, head.outputs()),
        cut_(options.batch_size, head.outputs()),
        values_(static_cast<std::size_t>(options.batch_size)) {}

  void compute(const Minibatch& minibatch, ActorCritic& networks, const CriticHead& head, RandomStream& random,
               Panels y) override {
    const ConstPanels next = minibatch.next_observation.view();
    const Panels u = networks.target_action(next);
    if (noise_ > 0) add_noise(random, u);
    const Inputs read = networks.target_inputs(next, u);
    for (std::size_t k = 0; k < asked_of(aggregate_, networks.critics.size()); k++) {
      const ConstPanels said = networks.target_value(k, read), q = cuts_ ? cut(said) : said;
      // the y of each critic are joined, not its q: so it is the same for critics with many outputs
      head.back_up(minibatch, q, k == 0 ? y : y_of_one_.view());
      join_rows(aggregate_, k, head, q, values_, y_of_one_.view(), y);
    }
    if (has_ends(lowest_, highest_)) keep_within_ends(y);
    if (cuts_) range_.see(y);
  }

  void copied() override { range_.renew(); }
  void exchange(Snapshot& snapshot) override {
    if (cuts_) snapshot.inside("range", [&] { range_.exchange(snapshot); });
  }

 private:
  ConstPanels cut(ConstPanels q) {
    for (int r = 0; r < q.rows; r++) cut_.view().at(r, 0) = range_.cut(q.at(r, 0));
    return cut_.view();
  }

  // What is not a number stays, so that it is found.
  void keep_within_ends(Panels y) const {
    for (int r = 0; r < y.rows; r++) {
      float& of_row = y.at(r, 0);
      of_row = of_row < lowest_ ? lowest_ : of_row > highest_ ? highest_ : of_row;
    }
  }

  // Row by row, and in a row action by action.
  void add_noise(RandomStream& random, Panels u) const {
    for (int r = 0; r < u.rows; r++)
      for (int c = 0; c < u.width; c++) {
        const double noise = std::clamp(noise_ * random.normal(), -noise_clip_, noise_clip_);
        u.at(r, c) = std::clamp(u.at(r, c) + static_cast<float>(noise), -1.0f, 1.0f);
      }
  }

  double noise_, noise_clip_;
  Aggregate aggregate_;
  bool cuts_;
  float lowest_, highest_;  // of y
  SeenRange range_;
  PanelMatrix y_of_one_;       // [batch, outputs]
  PanelMatrix cut_;            // [batch, outputs]: what a target critic says, in the range
  std::vector<float> values_;  // [batch]: of the targets joined so far
};

}  // namespace

constinit const Part<Target, CriticHead> joined_target = {
    [](const Options& options) {
      return options.critic.count > 1 || options.target.noise > 0 || options.target.clip_to_seen_range ||
             has_ends(options.target.lowest, options.target.highest);
    },
    [](const Options& options, const CriticHead& head) -> std::unique_ptr<Target> {
      return std::make_unique<JoinedTarget>(options, head);
    }};

}  // namespace ddpg
