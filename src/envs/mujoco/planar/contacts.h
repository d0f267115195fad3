// Contacts of a planar tree with a plane of the world, without MuJoCo's search for what is near.
#pragma once

#include <mujoco/mujoco.h>

#include <optional>
#include <vector>

#include "envs/mujoco/planar/dynamics.h"
#include "envs/mujoco/planar/tree.h"

namespace ddpg::planar {

class Contacts {
 public:
  /// Nothing where geoms could touch that are not the same plane of the world and a capsule or sphere of the tree.
  static std::optional<Contacts> make(const mjModel& model, const Tree& tree);

  /// Fills the contacts of `data`, as mj_collision does.
  void find(const mjModel& model, const Dynamics& dynamics, mjData& data) const;

 private:
  struct Pair {
    int plane;
    Geom geom;
    double radius, margin;
    mjfCollision collide;
    mjContact contact;  // what all contacts of the two geoms have in common
  };
  std::vector<Pair> pairs_;
};

}  // namespace ddpg::planar
