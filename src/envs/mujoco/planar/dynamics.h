// The mechanics of a planar tree without constraints: where its bodies are, its inertia matrix, the forces of its
// motion. The composite-rigid-body and recursive Newton-Euler algorithms (R. Featherstone, Rigid Body Dynamics
// Algorithms, 2008) about the tree's centre of mass, as in MuJoCo (mj_kinematics, mj_comPos, mj_crb, mj_comVel,
// mj_rne).
//
// Equal to MuJoCo's results to the bit: out of the plane all positions, axes, velocities and gravity are 0, a product
// with 0 is 0, and adding 0 changes no other number; what is left of each of MuJoCo's sums is added in its order. Only
// the sign of a 0 may differ, which no later operation turns into another number.
#pragma once

#include <mujoco/mujoco.h>

#include <vector>

#include "envs/mujoco/planar/tree.h"

namespace ddpg::planar {

/// What turns and moves: a velocity, a force, or an axis of motion, about the tree's centre of mass.
struct Twist {
  double turn, x, z;
};

/// Inertia about the tree's centre of mass: about y, mass times offset, mass.
struct Inertia {
  double turn, x, z, mass;
};

/// One body as it is now.
struct Moving {
  Rotation orientation;
  double cosine, sine;         // of its angle
  Vector position, centre;     // centre: of mass
  Inertia inertia, composite;  // composite: with all that hangs on it
  Twist velocity, acceleration, force;

  Vector turned(Vector v) const { return {cosine * v.x + sine * v.z, -sine * v.x + cosine * v.z}; }
  /// Where a point of the body is.
  Vector at(Vector point) const { return turned(point) + position; }
};

class Dynamics {
 public:
  explicit Dynamics(const Tree& tree);

  /// From qpos: the bodies, and subtree_com and cdof of `data`.
  void set_positions(const Tree& tree, mjData& data);
  /// The inertia matrix M of `data`, of positions that have been set.
  void compute_inertia(const Tree& tree, const mjModel& model, mjData& data);
  /// From qvel: the forces [nv] that the motion and gravity need (MuJoCo's qfrc_bias).
  void compute_bias(const Tree& tree, const mjModel& model, const mjData& data, double* bias);

  const Moving& body(int i) const { return bodies_[static_cast<std::size_t>(i)]; }

 private:
  void set_frames(const Tree& tree, const double* qpos);
  void move(const Joint& joint, Moving& body, double coordinate, std::size_t number);
  void set_inertias(const Tree& tree, double* root_centre);
  void set_axes(const Tree& tree, const double* root_centre, double* cdof);
  void set_velocities(const Tree& tree, const double* qvel);

  std::vector<Moving> bodies_;
  std::vector<Vector> anchors_, slides_;  // of the joints, in the world
  std::vector<Twist> axes_, axis_rates_;  // of the joints; rates: how the axes change (MuJoCo's cdof_dot)
};

}  // namespace ddpg::planar
