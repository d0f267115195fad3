// A critic with one output, Q(s, a), and the mean of a loss of Q - y: of its square, without a half (eq. 4), or
// Huber's.
#include <cmath>

#include "agent/critic_head.h"

namespace ddpg {
namespace {

class ScalarHead final : public CriticHead {
 public:
  explicit ScalarHead(Loss loss) : loss_(loss) {}

  void back_up(const Minibatch& minibatch, ConstPanels next, Panels y) const override {
    for (int r = 0; r < y.rows; r++) {
      const auto i = static_cast<std::size_t>(r);
      y.at(r, 0) = std::fma(minibatch.discount[i], next.at(r, 0), minibatch.reward[i]);
    }
  }

  void loss(const Minibatch& minibatch, ConstPanels q, ConstPanels y, Panels dq, std::span<float> errors,
            Measures& measures) const override {
    const double sum = kernels().scalar_loss(loss_, q, y, minibatch.weight.data(), errors.data(), dq);
    measures.add(&Progress::critic_loss, sum / q.rows);
    measures.add(&Progress::mean_q, mean(q));
    measures.add(&Progress::mean_target, mean(y));
  }

  void ascend(ConstPanels q, Panels dq) const override {
    for (int r = 0; r < q.rows; r++) dq.at(r, 0) = -1.0f / static_cast<float>(q.rows);
  }

 private:
  static double mean(ConstPanels x) {
    double sum = 0;
    for (int r = 0; r < x.rows; r++) sum += x.at(r, 0);
    return sum / x.rows;
  }

  Loss loss_;
};

}  // namespace

constinit const Part<CriticHead> squared_error_head = {
    [](const Options&) { return true; },
    [](const Options&) -> std::unique_ptr<CriticHead> { return std::make_unique<ScalarHead>(Loss::squared_error); }};

constinit const Part<CriticHead> huber_head = {
    [](const Options& options) { return options.critic.head == Head::huber; },
    [](const Options&) -> std::unique_ptr<CriticHead> { return std::make_unique<ScalarHead>(Loss::huber); }};

}  // namespace ddpg
