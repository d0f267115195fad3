// How a list of steps is computed: each step, or a step with what is fused into it, as a node that reads and writes
// slots. Fusing is a peephole over the list and changes no bit: an activation goes into the step before it, so that it
// is done while the numbers are in registers. A join is part of the dense step behind it, which reads two inputs and
// whose weights lie in two segments.
#pragma once

#include <vector>

#include "nn/body.h"

namespace ddpg {

enum class Fusing { on, off };  // off: for the test that it changes no bit

inline constexpr int kObservationSlot = -1;  // the caller's observation: read, never written

// A slot is the memory of one value, [rows, width], and, in training, of the gradient to it. A node that works number
// by number, or keeps what its derivative needs elsewhere, writes where it reads.
struct Node {
  StepKind kind = StepKind::dense;
  Activation activation = Activation::linear;  // of what it gives
  int step = 0;                                // of what is fused: the one that gives the node its kind
  int index = 0;                               // dense: its place in Network::layers(); norms: in Network::norms()
  int in = kObservationSlot;                   // slot that it reads
  int out = 0;                                 // slot that it writes
  int added = 0;                               // add, append: the slot of the earlier value
  int in_width = 0, out_width = 0;             // in_width: without the action
  int joined = 0;                              // dense: numbers of the action beside x; join: the same
  // Of the value that it reads, for the way back: the activation that made it, whose derivative is due, and whether
  // steps farther up add it, whose gradients are collected in the slot's `shortcut`.
  Activation in_activation = Activation::linear;
  bool in_is_added = false;
};

struct Slot {
  int width = 0;
  bool is_added = false;     // a step adds it again, later
  bool is_averaged = false;  // AvgL1Norm gives it, and keeps what it divided by
};

struct Plan {
  std::vector<Node> nodes;
  std::vector<Slot> slots;
};

Plan make_plan(const NetworkBody& body, Fusing fusing);

}  // namespace ddpg
