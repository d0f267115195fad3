// From rows as logs have them to transitions: what followed, where a row does not say it, stands in the next row of the
// same episode.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ddpg/data.h"

namespace ddpg {

using TakeTransition = std::function<void(const Transition&)>;

class Episodes {
 public:
  // `rows_have_next`: each row's next_observation is set.
  Episodes(const Specification& specification, bool rows_have_next, TakeTransition take);

  // To be filled for the next call of add().
  Transition& row() { return row_; }
  // The next row of the log. `begins`: it is known to begin an episode, as by another number of the episode.
  void add(bool begins);
  // There are no more rows. `last`: the observation that followed the last one, where it is known.
  void end(std::span<const double> last = {});

  const DataSummary& summary() const { return summary_; }

 private:
  void give();
  bool ended() const { return waiting_.terminated || waiting_.truncated; }

  const Specification& specification_;
  bool rows_have_next_;
  TakeTransition take_;
  Transition row_, waiting_;
  bool waits_ = false;  // waiting_ was added and not given yet
  DataSummary summary_;
};

// Everything of one size, as the specification says. Nothing is finite unless a reader has seen to it.
Transition empty_transition(const Specification& specification);

}  // namespace ddpg
