// Each transition that is stored changes all ages, and no tree could follow. So the law is split into two:
//   max(decay^age, floor) = floor + (1 - floor) extra(age)
//   extra(age) = (decay^age - floor) / (1 - floor) for the young, 0 for the others
// The first part is the tree's own law. The second is drawn by rejection: a place among the young, the last ones in the
// order of the ring, is drawn by the tree's law and taken with the chance extra(age); otherwise the draw, the choice of
// the part included, begins anew. On average that takes at most 1 / floor attempts.
#include "agent/aged_places.h"

#include <algorithm>

#include "support/math.h"

namespace ddpg {
namespace {

std::int64_t count_of_young(double decay, double floor, std::int64_t capacity) {
  if (decay == 1 || floor == 1) return floor == 1 ? 0 : capacity;
  const double until_floor = pinned_log(floor) / pinned_log(decay);
  return until_floor < static_cast<double>(capacity) ? static_cast<std::int64_t>(until_floor) + 1 : capacity;
}

}  // namespace

AgedPlaces::AgedPlaces(double decay, double floor, std::int64_t capacity)
    : log_decay_(pinned_log(decay)),
      floor_(floor),
      capacity_(capacity),
      young_(count_of_young(decay, floor, capacity)) {}

std::int64_t AgedPlaces::draw(const SumTree& tree, const ReplayRange& kept, RandomStream& random) const {
  const std::int64_t oldest_young = std::max(kept.begin, kept.end - young_);
  // the young lie from `begin` on and, where that is beyond the ring's end, on from its place 0
  const std::int64_t begin = oldest_young % capacity_, end = begin + kept.end - oldest_young;
  const double before = tree.sum_before(begin);
  const double until_end = (end >= capacity_ ? tree.total() : tree.sum_before(end)) - before;
  const double young = until_end + (end > capacity_ ? tree.sum_before(end - capacity_) : 0);
  const double of_all = floor_ * tree.total(), of_young = (1 - floor_) * young;
  while (true) {
    const double drawn = random.uniform() * (of_all + of_young);
    if (drawn < of_all || of_young <= 0) return tree.find(std::min(drawn, of_all) / floor_);
    const double among = (drawn - of_all) / (1 - floor_);
    const std::int64_t place = tree.find(among < until_end ? before + among : among - until_end);
    const std::int64_t last = (kept.end - 1) % capacity_;
    const std::int64_t age = last - place + (place > last ? capacity_ : 0);
    const double extra = (pinned_exp(log_decay_ * static_cast<double>(age)) - floor_) / (1 - floor_);
    if (random.uniform() < extra) return place;  // one that rounding took from beyond the young has none
  }
}

}  // namespace ddpg
