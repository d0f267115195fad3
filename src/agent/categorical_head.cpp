// A critic whose outputs are a distribution over values: C51 of Bellemare et al. 2017, "A distributional perspective on
// reinforcement learning", arXiv:1707.06887, with the policy gradient of Barth-Maron et al. 2018, "Distributed
// distributional deterministic policy gradients" (D4PG), arXiv:1804.08617. Q(s, a) is the mean of the distribution.
#include <cmath>
#include <span>
#include <vector>

#include "agent/critic_head.h"

namespace ddpg {
namespace {

class CategoricalHead : public CriticHead {
 public:
  explicit CategoricalHead(const Options& options)
      : atoms_(options.critic.atoms),
        support_{static_cast<float>(options.critic.v_min),
                 static_cast<float>((options.critic.v_max - options.critic.v_min) / (options.critic.atoms - 1))},
        p_(options.batch_size, atoms_),
        p_of_one_(1, atoms_),
        values_(static_cast<std::size_t>(options.batch_size)),
        targets_(values_),
        log_sums_(values_) {}

  int outputs() const override { return atoms_; }

  float value(ConstPanels q, int row) const override {
    float log_sum = 0, value = 0;
    kernels().softmax(q.block(row, row + 1), p_of_one_.view(), &log_sum);
    kernels().expectations(p_of_one_.view(), support_, &value);
    return value;
  }

  // Where each value's probability goes when its value becomes r + discount z, projected onto the values there are.
  void back_up(const Minibatch& minibatch, ConstPanels next, Panels y) const override {
    kernels().softmax(next, p_.view(next.rows), log_sums_.data());
    kernels().project(p_.view(next.rows), minibatch.reward.data(), minibatch.discount.data(), support_, y);
  }

  // The cross-entropy of the two distributions; its unit is none of the rewards'.
  void loss(const Minibatch& minibatch, ConstPanels q, ConstPanels y, Panels dq, std::span<float> errors,
            Measures& measures) const override {
    means_of(q);
    kernels().expectations(y, support_, targets_.data());
    const double sum = kernels().cross_entropy(q, p_.view(q.rows), log_sums_.data(), y, minibatch.weight.data(), dq);
    for (std::size_t i = 0; i < errors.size(); i++) errors[i] = values_[i] - targets_[i];
    measures.add_without_unit(&Progress::critic_loss, sum / q.rows);
    measures.add(&Progress::mean_q, mean(values_, q.rows));
    measures.add(&Progress::mean_target, mean(targets_, q.rows));
  }

  void ascend(ConstPanels q, Panels dq) const override {
    const std::span<const float> values = means_of(q);
    kernels().ascend_expectation(p_.view(q.rows), values.data(), support_, dq);
  }

 protected:
  Support support() const { return support_; }
  // The means of the distributions of these logits, which p_ holds then; valid until the next call of anything.
  std::span<const float> means_of(ConstPanels logits) const {
    const Panels p = p_.view(logits.rows);
    kernels().softmax(logits, p, log_sums_.data());
    kernels().expectations(p, support_, values_.data());
    return values_;
  }

 private:
  static double mean(const std::vector<float>& x, int rows) {
    double sum = 0;
    for (int r = 0; r < rows; r++) sum += x[static_cast<std::size_t>(r)];
    return sum / rows;
  }

  int atoms_;
  Support support_;
  // working memory of a minibatch
  mutable PanelMatrix p_, p_of_one_;                        // [batch, atoms], [1, atoms]
  mutable std::vector<float> values_, targets_, log_sums_;  // [batch]
};

// y is one number, r + discount Q', and its distribution the two atoms that it lies between, in shares that have it for
// their mean: what is learnt is Q, as by the squared error, but by a loss whose gradient does not grow with y.
// Farebrother et al. 2024, "Stop regressing: training value functions via classification for scalable deep RL",
// arXiv:2403.03950, section 3.1; Schrittwieser et al. 2020 (MuZero), appendix F.
class TwoHotHead final : public CategoricalHead {
 public:
  explicit TwoHotHead(const Options& options)
      : CategoricalHead(options),
        certain_(options.batch_size, options.critic.atoms),
        y_(static_cast<std::size_t>(options.batch_size)),
        nothing_(y_) {
    for (int r = 0; r < options.batch_size; r++) certain_.view().at(r, 0) = 1;
  }

  void back_up(const Minibatch& minibatch, ConstPanels next, Panels y) const override {
    const std::span<const float> values = means_of(next);
    for (std::size_t i = 0; i < y_.size(); i++) y_[i] = std::fma(minibatch.discount[i], values[i], minibatch.reward[i]);
    // what is certain of any value comes to lie at y
    kernels().project(certain_.view(next.rows), y_.data(), nothing_.data(), support(), y);
  }

 private:
  PanelMatrix certain_;           // [batch, atoms]
  mutable std::vector<float> y_;  // [batch]
  std::vector<float> nothing_;    // [batch]: discounts of 0
};

}  // namespace

constinit const Part<CriticHead> categorical_head = {
    [](const Options& options) { return options.critic.head == Head::categorical; },
    [](const Options& options) -> std::unique_ptr<CriticHead> { return std::make_unique<CategoricalHead>(options); }};

constinit const Part<CriticHead> two_hot_head = {
    [](const Options& options) { return options.critic.head == Head::two_hot; },
    [](const Options& options) -> std::unique_ptr<CriticHead> { return std::make_unique<TwoHotHead>(options); }};

}  // namespace ddpg
