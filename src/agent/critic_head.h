// Lines 12 to 14 of Algorithm 1: what the outputs of a critic mean, and how far they are from y. Not here: who computes
// them (actor_critic.h).
#pragma once

#include <span>

#include "agent/measures.h"
#include "agent/minibatch.h"
#include "agent/part.h"
#include "nn/kernels.h"

namespace ddpg {

class CriticHead {
 public:
  virtual ~CriticHead() = default;

  virtual int outputs() const { return 1; }  // of a critic
  // Q(s, a) from the outputs in that row.
  virtual float value(ConstPanels q, int row) const { return q.at(row, 0); }

  // 12: y [batch, outputs] from a critic's outputs `next` [batch, outputs] at what followed.
  virtual void back_up(const Minibatch& minibatch, ConstPanels next, Panels y) const = 0;
  // 13: measures the loss between a critic's outputs q and y; writes the loss's gradient dq [batch, outputs] and the
  // error Q(s, a) - y of each row.
  virtual void loss(const Minibatch& minibatch, ConstPanels q, ConstPanels y, Panels dq, std::span<float> errors,
                    Measures& measures) const = 0;
  // 14: the gradient dq of -mean Q.
  virtual void ascend(ConstPanels q, Panels dq) const = 0;

  void compute_with(const Kernels& kernels) { kernels_ = &kernels; }

 protected:
  const Kernels& kernels() const { return *kernels_; }

 private:
  const Kernels* kernels_ = &best_kernels();
};

extern const Part<CriticHead> squared_error_head, huber_head, categorical_head, two_hot_head;

}  // namespace ddpg
