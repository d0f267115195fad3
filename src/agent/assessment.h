// When a policy is good enough to be kept: TD7's checkpoints (Fujimoto et al. 2023, arXiv:2306.02451, section 4.3, by
// the code published with it). A policy plays whole episodes; it is kept once it has played so many of them, unless one
// of them was worse than the worst of the policy kept so far, which ends its assessment at once. Not here: who plays,
// and what is kept (agent_assessment.cpp).
#pragma once

#include <cstdint>

#include "ddpg/options.h"
#include "support/snapshot.h"

namespace ddpg {

enum class Verdict { undecided, kept, discarded };

class Assessment {
 public:
  explicit Assessment(const AssessmentOptions& options) : options_(options) {}

  // The policy has played a whole episode. Unless undecided, the next one is that of another policy.
  Verdict episode(double episode_return);
  // Before the update after so many. It makes another policy: an assessment that is under way begins anew. At the
  // switch later policies are assessed by more episodes, and the one that is kept, which was by fewer, counts as
  // somewhat worse; where returns are below 0 as better, as in the authors' code.
  void before_update(std::int64_t updates);
  // Whether a policy has proved itself.
  bool has_kept() const { return has_kept_; }

  void exchange(Snapshot& snapshot);

 private:
  AssessmentOptions options_;
  bool switched_ = false;
  std::int64_t episodes_ = 0;  // of the policy that is assessed
  double worst_ = 0;           // of them
  bool has_kept_ = false;
  double worst_of_kept_ = 0;
};

}  // namespace ddpg
