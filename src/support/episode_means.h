// Means of several figures, such as a task's metrics over an episode. NaN is a figure that was not measured.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "support/math.h"
#include "support/snapshot.h"

namespace ddpg {

class EpisodeMeans {
 public:
  explicit EpisodeMeans(std::size_t figures) : sums_(figures), counts_(figures) {}

  std::size_t figures() const { return sums_.size(); }
  void add(std::span<const double> values) {
    for (std::size_t i = 0; i < sums_.size(); i++) {
      if (std::isnan(values[i])) continue;
      sums_[i] += values[i];
      counts_[i]++;
    }
  }
  // NaN where nothing was measured.
  std::vector<double> means() const {
    std::vector<double> means(sums_.size(), kNaN);
    for (std::size_t i = 0; i < sums_.size(); i++)
      if (counts_[i] > 0) means[i] = sums_[i] / static_cast<double>(counts_[i]);
    return means;
  }
  void clear() {
    sums_.assign(sums_.size(), 0);
    counts_.assign(counts_.size(), 0);
  }

  // What lacks them is older than they are: they begin at nothing.
  void exchange(Snapshot& snapshot) {
    if (sums_.empty() || (snapshot.restores() && !snapshot.has("sums"))) return;
    snapshot.array("sums", sums_);
    snapshot.array("counts", counts_);
  }

 private:
  std::vector<double> sums_;
  std::vector<std::int64_t> counts_;
};

}  // namespace ddpg
