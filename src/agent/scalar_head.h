// A critic with one output, Q(s, a). `Loss` has two static functions of one row's error Q - y: value() and
// derivative().
#pragma once

#include <cmath>

#include "agent/critic_head.h"

namespace ddpg {

template <class Loss>
class ScalarHead final : public CriticHead {
 public:
  void back_up(const Minibatch& minibatch, ConstPanels next, Panels y) const override {
    for (int r = 0; r < y.rows; r++) {
      const auto i = static_cast<std::size_t>(r);
      y.at(r, 0) = std::fma(minibatch.discount[i], next.at(r, 0), minibatch.reward[i]);
    }
  }

  void loss(const Minibatch& minibatch, ConstPanels q, ConstPanels y, Panels dq, std::span<float> errors,
            Measures& measures) const override {
    const float batch = static_cast<float>(q.rows);
    double loss = 0, q_sum = 0, y_sum = 0;
    for (int r = 0; r < q.rows; r++) {
      const auto i = static_cast<std::size_t>(r);
      const float error = q.at(r, 0) - y.at(r, 0);
      errors[i] = error;
      dq.at(r, 0) = minibatch.weight[i] * Loss::derivative(error) / batch;
      loss += static_cast<double>(minibatch.weight[i]) * Loss::value(error);
      q_sum += q.at(r, 0);
      y_sum += y.at(r, 0);
    }
    measures.add(&Progress::critic_loss, loss / batch);
    measures.add(&Progress::mean_q, q_sum / batch);
    measures.add(&Progress::mean_target, y_sum / batch);
  }

  void ascend(ConstPanels q, Panels dq) const override {
    const float batch = static_cast<float>(q.rows);
    for (int r = 0; r < q.rows; r++) dq.at(r, 0) = -1.0f / batch;
  }
};

}  // namespace ddpg
