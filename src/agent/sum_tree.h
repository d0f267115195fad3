// Numbers of which one is drawn with a chance in proportion to it, in a time of log n: each node of a binary tree holds
// the sum of the two below it.
#pragma once

#include <cstdint>
#include <vector>

namespace ddpg {

class SumTree {
 public:
  explicit SumTree(std::int64_t leaves);  // all 0

  void set(std::int64_t leaf, double value);  // >= 0
  double at(std::int64_t leaf) const { return nodes_[static_cast<std::size_t>(first_ + leaf)]; }
  double total() const { return nodes_[1]; }
  double sum_before(std::int64_t leaf) const;  // of all leaves below this one
  // With the leaves laid end to end in their order, each as long as its value: the one in which `sum`, in [0, total()),
  // lies. Never one of 0 while there is another.
  std::int64_t find(double sum) const;

 private:
  std::int64_t first_;         // of the leaves among the nodes: a power of two
  std::vector<double> nodes_;  // the root is 1; below i are 2 i and 2 i + 1
};

}  // namespace ddpg
