#include "envs/mujoco/planar/dynamics.h"

#include <cmath>

namespace ddpg::planar {
namespace {

Vector rotate(Rotation by, Vector v) {
  const double x = by.w * v.x + by.y * v.z, z = by.w * v.z - by.y * v.x;
  return {v.x + 2 * (by.y * z), v.z - 2 * (by.y * x)};
}

Rotation normalized(Rotation rotation) {
  const double norm = std::sqrt(rotation.w * rotation.w + rotation.y * rotation.y);
  if (std::abs(norm - 1) <= mjMINVAL) return rotation;
  const double scale = 1 / norm;
  return {rotation.w * scale, rotation.y * scale};
}

double dot(Twist a, Twist b) {
  return (a.turn * b.turn + a.x * b.x) + a.z * b.z;
}

void add(Twist& to, Twist what) {
  to.turn += what.turn;
  to.x += what.x;
  to.z += what.z;
}

void add_scaled(Twist& to, Twist what, double scale) {
  to.turn += what.turn * scale;
  to.x += what.x * scale;
  to.z += what.z * scale;
}

Twist momentum(const Inertia& inertia, Twist v) {
  return {inertia.turn * v.turn + inertia.z * v.x - inertia.x * v.z, inertia.z * v.turn + inertia.mass * v.x,
          -inertia.x * v.turn + inertia.mass * v.z};
}

// How an axis changes that goes along with `velocity`.
Twist cross_motion(Twist velocity, Twist axis) {
  return {0, velocity.turn * axis.z - velocity.z * axis.turn, velocity.x * axis.turn - velocity.turn * axis.x};
}

Twist cross_force(Twist velocity, Twist force) {
  return {velocity.z * force.x - velocity.x * force.z, velocity.turn * force.z, -velocity.turn * force.x};
}

// About the y axis through the body's own centre. The principal axes are turned with the body, and the part of each
// along y is what counts; it is rounded as in MuJoCo's quaternion product and rotation matrix.
double own_inertia(const Body& body, Rotation r) {
  if (!body.has_own_axes) {
    const double along = r.w * r.w + r.y * r.y;
    return along * (along * body.inertia[1]);
  }
  const double* a = body.axes;
  const double w = r.w * a[0] - r.y * a[2], x = r.w * a[1] + r.y * a[3];
  const double y = r.w * a[2] + r.y * a[0], z = r.w * a[3] - r.y * a[1];
  const double first = 2 * (x * y + w * z), second = (w * w + y * y) - (x * x + z * z), third = 2 * (y * z - w * x);
  return first * (first * body.inertia[0]) + second * (second * body.inertia[1]) + third * (third * body.inertia[2]);
}

}  // namespace

Dynamics::Dynamics(const Tree& tree)
    : bodies_(tree.bodies.size()),
      anchors_(tree.joints.size()),
      slides_(tree.joints.size()),
      axes_(tree.joints.size()),
      axis_rates_(tree.joints.size()) {}

void Dynamics::move(const Joint& joint, Moving& body, double coordinate, std::size_t number) {
  const double moved = coordinate - joint.start;
  if (!joint.hinge) {
    slides_[number] = rotate(body.orientation, joint.axis);
    body.position = body.position + slides_[number] * moved;
    return;
  }
  const Vector anchor = rotate(body.orientation, joint.anchor) + body.position;
  const double half = 0.5 * moved;  // sine and cosine are the C library's, as in MuJoCo
  body.orientation = body.orientation * Rotation{std::cos(half), joint.sign * std::sin(half)};
  body.position = anchor - rotate(body.orientation, joint.anchor);
  anchors_[number] = anchor;
}

void Dynamics::set_frames(const Tree& tree, const double* qpos) {
  for (std::size_t i = 1; i < bodies_.size(); i++) {
    const Body& body = tree.bodies[i];
    Moving& moving = bodies_[i];
    moving.position = body.position;
    moving.orientation = body.orientation;
    if (body.parent != 0) {
      const Moving& parent = bodies_[static_cast<std::size_t>(body.parent)];
      moving.position = parent.at(body.position);
      moving.orientation = parent.orientation * body.orientation;
    }
    for (int j = body.first_joint; j < body.first_joint + body.joints; j++)
      move(tree.joints[static_cast<std::size_t>(j)], moving, qpos[j], static_cast<std::size_t>(j));
    const Rotation r = moving.orientation = normalized(moving.orientation);
    moving.cosine = r.w * r.w - r.y * r.y;
    moving.sine = 2 * (r.w * r.y);
    moving.centre = moving.at(body.centre);
  }
}

void Dynamics::set_inertias(const Tree& tree, double* root_centre) {
  // the sums of mass * centre go from the leaves to the root
  for (std::size_t i = 1; i < bodies_.size(); i++) {
    const Vector moment = bodies_[i].centre * tree.bodies[i].mass;
    bodies_[i].composite = {0, moment.x, moment.z, 0};
  }
  for (std::size_t i = bodies_.size() - 1; i > 1; i--) {
    Inertia& parent = bodies_[static_cast<std::size_t>(tree.bodies[i].parent)].composite;
    parent.x += bodies_[i].composite.x;
    parent.z += bodies_[i].composite.z;
  }
  root_centre[0] = bodies_[1].composite.x * tree.bodies[1].inverse_of_subtree_mass;
  root_centre[2] = bodies_[1].composite.z * tree.bodies[1].inverse_of_subtree_mass;

  for (std::size_t i = 1; i < bodies_.size(); i++) {
    Moving& moving = bodies_[i];
    const Body& body = tree.bodies[i];
    const Vector offset = moving.centre - Vector{root_centre[0], root_centre[2]};
    moving.inertia = {own_inertia(body, moving.orientation) + body.mass * (offset.x * offset.x + offset.z * offset.z),
                      offset.x * body.mass, offset.z * body.mass, body.mass};
  }
}

void Dynamics::set_axes(const Tree& tree, const double* root_centre, double* cdof) {
  for (std::size_t j = 0; j < axes_.size(); j++) {
    const Joint& joint = tree.joints[j];
    const Vector arm = Vector{root_centre[0], root_centre[2]} - anchors_[j];
    axes_[j] =
        joint.hinge ? Twist{joint.sign, joint.sign * arm.z, -joint.sign * arm.x} : Twist{0, slides_[j].x, slides_[j].z};
    cdof[6 * j + 1] = axes_[j].turn;
    cdof[6 * j + 3] = axes_[j].x;
    cdof[6 * j + 5] = axes_[j].z;
  }
}

void Dynamics::set_positions(const Tree& tree, mjData& data) {
  set_frames(tree, data.qpos);
  double* root_centre = data.subtree_com + 3;
  set_inertias(tree, root_centre);
  set_axes(tree, root_centre, data.cdof);
}

void Dynamics::compute_inertia(const Tree& tree, const mjModel& model, mjData& data) {
  for (std::size_t i = 1; i < bodies_.size(); i++) bodies_[i].composite = bodies_[i].inertia;
  for (std::size_t i = bodies_.size() - 1; i > 1; i--) {
    Inertia& parent = bodies_[static_cast<std::size_t>(tree.bodies[i].parent)].composite;
    const Inertia& own = bodies_[i].composite;
    parent = {parent.turn + own.turn, parent.x + own.x, parent.z + own.z, parent.mass + own.mass};
  }
  for (std::size_t j = 0; j < axes_.size(); j++) {
    const Joint& joint = tree.joints[j];
    const Twist moved = momentum(bodies_[static_cast<std::size_t>(joint.body)].composite, axes_[j]);
    double* row = data.M + model.M_rowadr[j];
    const int* column = model.M_colind + model.M_rowadr[j];
    const int last = model.M_rownnz[j] - 1;
    for (int k = 0; k < last; k++) row[k] = dot(axes_[static_cast<std::size_t>(column[k])], moved);
    row[last] = joint.armature + dot(axes_[j], moved);
  }
}

void Dynamics::set_velocities(const Tree& tree, const double* qvel) {
  for (std::size_t i = 1; i < bodies_.size(); i++) {
    const Body& body = tree.bodies[i];
    const Moving& parent = bodies_[static_cast<std::size_t>(body.parent)];
    Moving& moving = bodies_[i];
    moving.velocity = parent.velocity;
    Twist own = {0, 0, 0};
    for (int k = body.first_joint; k < body.first_joint + body.joints; k++) {
      const auto j = static_cast<std::size_t>(k);
      axis_rates_[j] = cross_motion(moving.velocity, axes_[j]);
      add_scaled(moving.velocity, axes_[j], qvel[j]);
      add_scaled(own, axis_rates_[j], qvel[j]);
    }
    moving.acceleration = parent.acceleration;
    add(moving.acceleration, own);
  }
}

void Dynamics::compute_bias(const Tree& tree, const mjModel& model, const mjData& data, double* bias) {
  bodies_[0].velocity = {0, 0, 0};
  bodies_[0].acceleration = {0, -model.opt.gravity[0], -model.opt.gravity[2]};
  set_velocities(tree, data.qvel);
  for (std::size_t i = 1; i < bodies_.size(); i++) {
    Moving& moving = bodies_[i];
    moving.force = momentum(moving.inertia, moving.acceleration);
    add(moving.force, cross_force(moving.velocity, momentum(moving.inertia, moving.velocity)));
  }
  for (std::size_t i = bodies_.size() - 1; i > 1; i--)
    add(bodies_[static_cast<std::size_t>(tree.bodies[i].parent)].force, bodies_[i].force);
  for (std::size_t j = 0; j < axes_.size(); j++)
    bias[j] = dot(axes_[j], bodies_[static_cast<std::size_t>(tree.joints[j].body)].force);
}

}  // namespace ddpg::planar
