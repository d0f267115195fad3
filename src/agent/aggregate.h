// What is taken of several critics: the first, the mean, or the smallest, row by row. The targets (critic.aggregate)
// and the actor (actor.aggregate) each have their own.
#pragma once

#include <cstddef>
#include <span>

#include "agent/critic_head.h"
#include "ddpg/options.h"

namespace ddpg {

// Of `count` critics, how many play a part.
inline std::size_t asked_of(Aggregate aggregate, std::size_t count) {
  return aggregate == Aggregate::first ? 1 : count;
}

// Critics are joined one after the other: the share that critic k, of value q, has in the value of all up to it, where
// those before it came to `so_far`. What is not a number counts as the smallest, so that it is found.
inline float share_of(Aggregate aggregate, std::size_t k, float q, float so_far) {
  if (k == 0) return 1;
  if (aggregate == Aggregate::mean) return 1.0f / static_cast<float>(k + 1);
  const bool is_smaller = q < so_far || q != q;
  return aggregate == Aggregate::min && is_smaller ? 1 : 0;
}

inline float mixed(float so_far, float own, float share) {
  if (share == 0) return so_far;
  return share == 1 ? own : so_far + share * (own - so_far);
}

// The joint value of one row, for which critic k says q(k).
template <class Value>
float joined(Aggregate aggregate, std::size_t count, const Value& q) {
  float value = 0;
  for (std::size_t k = 0; k < asked_of(aggregate, count); k++) {
    const float own = q(k);
    value = mixed(value, own, share_of(aggregate, k, own, value));
  }
  return value;
}

// Joins critic k to those before it, row by row: its values, from its outputs q [rows, outputs], into `values` [rows],
// and by the same shares its rows `own` [rows, n] into `joint`. For critic 0 `joint` must hold its rows already.
inline void join_rows(Aggregate aggregate, std::size_t k, const CriticHead& head, ConstPanels q,
                      std::span<float> values, ConstPanels own, Panels joint) {
  for (int r = 0; r < q.rows; r++) {
    float& value = values[static_cast<std::size_t>(r)];
    const float q_of_row = head.value(q, r), share = share_of(aggregate, k, q_of_row, value);
    value = mixed(value, q_of_row, share);
    for (int c = 0; k > 0 && c < joint.width; c++) joint.at(r, c) = mixed(joint.at(r, c), own.at(r, c), share);
  }
}

}  // namespace ddpg
