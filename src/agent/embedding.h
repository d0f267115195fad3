// What actor and critics read. Without an encoder: s, and (s, u). With one (encoder.h): [s] and z_s beside it;
// [s, u] and [z_sa, z_s] beside it. The way back leads from there to u. Here is the working memory of some rows; the
// weights are the encoder's.
#pragma once

#include <optional>

#include "agent/encoder.h"
#include "nn/passes.h"

namespace ddpg {

// As forward() takes them.
struct Inputs {
  ConstPanels observation, beside;
};

class Embedding {
 public:
  // `encoder` may be null; it must stay where it is. `learns`: gradients are asked for.
  Embedding(const Encoder* encoder, int observation_size, int action_size, int rows, bool learns);

  // What the actor reads of s.
  Inputs of_state(Age age, const Compute& compute, ConstPanels s);
  // The same of the s asked for last.
  Inputs of_same_state(ConstPanels s);
  // What critics read of s, the same again, and u.
  Inputs of_action(Age age, const Compute& compute, ConstPanels s, ConstPanels u);

  // How many columns the gradient to what a critic reads has.
  int gradient_width() const { return work_ ? work_->first_of_inputs + work_->joined.view().width : action_size_; }
  // From trace.output_gradient() of a critic's forward pass: that gradient [rows, gradient_width()].
  void critic_down(const Network& critic, const Compute& compute, const Weights& weights, Trace& trace, Panels d) const;
  // And from there to the u asked for last, at Age::fixed: the first columns of d [rows, action_size].
  Panels to_action(const Compute& compute, Panels d);

 private:
  struct Work {
    Work(const Encoder& encoder, int observation_size, int action_size, int rows, bool learns);

    const Encoder& encoder;
    Trace f, g;
    PanelMatrix joined;   // [s, u]
    PanelMatrix beside;   // [z_sa, z_s]
    PanelMatrix da;       // [rows, action_size]
    int first_of_inputs;  // of the columns of a gradient: those to z_sa before, those to [s, u] from here on
  };

  int observation_size_, action_size_;
  std::optional<Work> work_;
};

}  // namespace ddpg
