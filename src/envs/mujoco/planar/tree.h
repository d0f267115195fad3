// A model whose bodies move in the plane y = 0, as numbers of that plane: of a body an angle and two coordinates where
// MuJoCo has a quaternion and three.
#pragma once

#include <mujoco/mujoco.h>

#include <vector>

namespace ddpg::planar {

/// In the plane. A rotation is about the y axis, from z to x.
struct Vector {
  double x, z;
};
/// A unit quaternion (w, 0, y, 0).
struct Rotation {
  double w, y;
};

inline Vector operator+(Vector a, Vector b) {
  return {a.x + b.x, a.z + b.z};
}
inline Vector operator-(Vector a, Vector b) {
  return {a.x - b.x, a.z - b.z};
}
inline Vector operator*(Vector a, double scale) {
  return {a.x * scale, a.z * scale};
}
inline Rotation operator*(Rotation a, Rotation b) {
  return {a.w * b.w - a.y * b.y, a.w * b.y + a.y * b.w};
}

/// What the model says; none of it changes.
struct Body {
  int parent;  // 0: the world
  int first_joint, joints;
  Vector position;       // in the parent
  Rotation orientation;  // in the parent
  Vector centre;         // of mass, in the body
  double axes[4];        // quaternion of the principal axes, in the body
  bool has_own_axes;     // or else they are the body's
  double inertia[3];     // about the principal axes
  double mass, inverse_of_subtree_mass;
};

struct Joint {
  int body;
  bool hinge;
  double sign;    // of a hinge: its axis is (0, sign, 0)
  Vector axis;    // of a slide
  Vector anchor;  // in the body
  double start;   // of its coordinate, where the body is as the model has it
  double stiffness, rest, damping, armature;
};

/// A geom that moves, and its place in its body.
struct Geom {
  int id, body;
  Vector position;
  Rotation orientation;
};

struct Actuator {
  int joint;
  double gain, gear, low, high;
};

struct Tree {
  std::vector<Body> bodies;  // the world is the first
  std::vector<Joint> joints;
  std::vector<Geom> geoms;
  std::vector<Actuator> actuators;
};

/// Whether the model's bodies stay in the plane, by hinges and slides with at most linear springs and dampers, motors
/// drive them, and nothing else that MuJoCo knows is in the model; see tree.cpp for each condition.
bool is_planar(const mjModel& model);

/// The tree of a model that is planar.
Tree make_tree(const mjModel& model);

}  // namespace ddpg::planar
