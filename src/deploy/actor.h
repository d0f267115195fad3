// A policy's arithmetic from an observation to an action, in memory that is taken once. The one inference path: what
// ddpg::Policy plays its episodes with, and what a robot runs. Not here: files, sizes given by callers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "deploy/kernels.h"
#include "deploy/view.h"

namespace ddpg::deploy {

class Actor {
 public:
  Actor() noexcept = default;
  ~Actor();
  Actor(const Actor&) = delete;
  Actor& operator=(const Actor&) = delete;

  // Copies what it needs out of a view that describes a policy. False when there is not enough memory, or more values
  // wait than there are places for (fault_of in steps.h refuses such a list before). Once only.
  bool build(const PolicyView& view, const Kernels& kernels = best_kernels()) noexcept;

  int observation_size() const noexcept { return observation_size_; }
  int action_size() const noexcept { return action_size_; }
  const float* low() const noexcept { return low_; }
  const float* high() const noexcept { return high_; }
  const Kernels& kernels() const noexcept { return *kernels_; }

  // Takes observation [observation_size] in as row `r` < kRows; false when it is not finite as floats.
  bool load(int r, const float* observation) noexcept { return load_row(r, observation); }
  bool load(int r, const double* observation) noexcept { return load_row(r, observation); }
  // Computes the first `rows` rows.
  void run(int rows) noexcept;
  // Whether the actions of row `r` are all numbers; then writes action [action_size], within the bounds.
  bool finite(int r) const noexcept;
  void action(int r, float* action) const noexcept;

 private:
  struct Norm {
    const float *scale = nullptr, *mean = nullptr, *shift = nullptr;  // mean: batch normalisation only
  };
  // A step, or a step with the activation behind it.
  struct Op {
    StepKind kind = StepKind::dense;
    Activation activation = Activation::linear;
    int width = 0;  // of what it gives
    Dense dense;
    Norm norm;
    // places in kept_: of the earlier value that it takes, and where its result is kept for a later step
    int earlier = -1, kept = -1;
    int earlier_width = 0;  // append: of what it appends
  };
  struct Arena;

  bool lay_out(const PolicyView& view, Arena& arena) noexcept;
  template <class Number>
  bool load_row(int r, const Number* observation) noexcept;
  bool lay_out_steps(const PolicyView& view, Arena& arena) noexcept;
  void read_step(const Step& step, const StepTensors& tensors, int width, Arena& arena, Op& op) noexcept;
  bool takes_along(int n) const noexcept;
  Rows apply(const Op& op, Rows x, Rows next) const noexcept;
  void copy(Rows from, int width, int column, Rows to) const noexcept;
  Rows kept(int place, int count) const noexcept { return {kept_[place], kept_stride_, count}; }

  void* memory_ = nullptr;
  const Kernels* kernels_ = nullptr;
  int observation_size_ = 0, action_size_ = 0, ops_count_ = 0;
  int input_kept_ = -1;  // where the observation is kept for a later step
  Op ops_[kMostSteps];
  bool normalise_ = false;
  double clip_ = 0;
  const double *mean_ = nullptr, *deviation_ = nullptr;                                       // [observation_size]
  const float *low_ = nullptr, *high_ = nullptr, *centre_ = nullptr, *half_range_ = nullptr;  // [action_size]
  float* input_ = nullptr;       // [kRows, padded observation_size]
  float* work_[2] = {};          // [kRows, the widest value that is not written where another was, padded], in turns
  float* kept_[kMostKept] = {};  // [kRows, the widest of those that are kept], values that later steps use again
  std::ptrdiff_t input_stride_ = 0, work_stride_ = 0, kept_stride_ = 0;
  Rows output_;
};

}  // namespace ddpg::deploy
