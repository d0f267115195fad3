// A policy computed in double precision: what its weights mean, but for rounding. The trained policy and an exported
// one both round, in different places; how far the trained one lies from this is how far any may lie.
#pragma once

#include <span>
#include <vector>

#include "policy/content.h"

namespace ddpg {

class ExactPolicy {
 public:
  explicit ExactPolicy(const Policy::Content& content) : content_(content) {}  // which it does not own

  // [action_size], of an observation in single precision, as policies take it
  std::vector<double> act(std::span<const double> observation) const;

 private:
  const Tensor* find(const std::string& name) const;
  void dense(int layer, std::vector<double>& x) const;
  void batch_norm(const std::string& name, std::vector<double>& x) const;
  void layer_norm(const std::string& name, std::vector<double>& x) const;

  const Policy::Content& content_;
};

}  // namespace ddpg
