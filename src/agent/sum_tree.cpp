#include "agent/sum_tree.h"

#include <bit>

namespace ddpg {

SumTree::SumTree(std::int64_t leaves)
    : first_(static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(leaves)))),
      nodes_(static_cast<std::size_t>(first_ + leaves + 1)) {}

// Sums are made anew from below, so that no rounding stays behind: equal leaves give equal trees.
void SumTree::set(std::int64_t leaf, double value) {
  auto node = static_cast<std::size_t>(first_ + leaf);
  nodes_[node] = value;
  for (node /= 2; node > 0; node /= 2) {
    const std::size_t right = 2 * node + 1;
    nodes_[node] = nodes_[2 * node] + (right < nodes_.size() ? nodes_[right] : 0);
  }
}

double SumTree::sum_before(std::int64_t leaf) const {
  double sum = 0;
  for (auto node = static_cast<std::size_t>(first_ + leaf); node > 1; node /= 2)
    if (node % 2 == 1) sum += nodes_[node - 1];
  return sum;
}

std::int64_t SumTree::find(double sum) const {
  std::size_t node = 1;
  while (node < static_cast<std::size_t>(first_)) {
    const std::size_t left = 2 * node, right = left + 1;
    const double of_right = right < nodes_.size() ? nodes_[right] : 0;
    const bool goes_left = sum < nodes_[left] || of_right == 0;  // rounding may leave a rest where nothing is
    if (!goes_left) sum -= nodes_[left];
    node = goes_left ? left : right;
  }
  return static_cast<std::int64_t>(node) - first_;
}

}  // namespace ddpg
