#include "envs/mujoco/planar/tree.h"

#include <algorithm>

namespace ddpg::planar {
namespace {

bool are_zero(const double* values, int count) {
  return std::all_of(values, values + count, [](double value) { return value == 0; });
}

bool is_in_plane(const double* vector) {
  return vector[1] == 0;
}

bool turns_in_plane(const double* quaternion) {
  return quaternion[1] == 0 && quaternion[3] == 0;
}

Vector vector_of(const double* values) {
  return {values[0], values[2]};
}

Rotation rotation_of(const double* values) {
  return {values[0], values[2]};
}

// Nothing that the planar step does not compute: equality constraints, tendons, flexes, sensors, plugins, mocap bodies,
// activations, delays, fluids, gravity compensation, adhesion, conveyor belts, options that are not the default.
bool has_no_more_parts(const mjModel& m) {
  const bool no_parts = m.neq == 0 && m.ntendon == 0 && m.nflex == 0 && m.nsensor == 0 && m.nplugin == 0 &&
                        m.nmocap == 0 && m.na == 0 && m.nhistory == 0 && m.npair == 0 && m.nexclude == 0;
  const bool no_forces = m.ngravcomp == 0 && !m.flg_gravcomp && !m.flg_surfacevel && !m.flg_adhesion &&
                         m.opt.density == 0 && m.opt.viscosity == 0 && are_zero(m.opt.wind, 3) && m.opt.gravity[1] == 0;
  const bool usual = m.opt.disableflags == 0 && m.opt.enableflags == 0 && m.opt.disableactuator == 0 &&
                     m.opt.solver == mjSOL_NEWTON && m.opt.noslip_iterations == 0;
  return no_parts && no_forces && usual;
}

bool are_bodies_planar(const mjModel& m) {
  for (int i = 1; i < m.nbody; i++) {
    const bool in_plane = is_in_plane(m.body_pos + 3 * i) && is_in_plane(m.body_ipos + 3 * i);
    if (!in_plane || !turns_in_plane(m.body_quat + 4 * i)) return false;
    if (m.body_rootid[i] != 1 || m.body_simple[i] != 0 || m.body_subtreemass[i] < mjMINVAL) return false;
  }
  return m.nbody > 1 && m.ntree == 1;
}

// Hinges about y, slides in the plane, and dofs numbered as the joints are.
bool are_joints_planar(const mjModel& m) {
  if (m.nq != m.njnt || m.nv != m.njnt) return false;
  for (int i = 0; i < m.njnt; i++) {
    const double* axis = m.jnt_axis + 3 * i;
    const bool hinge = m.jnt_type[i] == mjJNT_HINGE && axis[0] == 0 && axis[2] == 0 && axis[1] * axis[1] == 1;
    const bool slide = m.jnt_type[i] == mjJNT_SLIDE && is_in_plane(axis);
    if ((!hinge && !slide) || !is_in_plane(m.jnt_pos + 3 * i)) return false;
    if (m.jnt_qposadr[i] != i || m.jnt_dofadr[i] != i || m.jnt_actfrclimited[i] || m.dof_simplenum[i] != 0)
      return false;
    if (!are_zero(m.jnt_stiffnesspoly + mjNPOLY * i, mjNPOLY) || !are_zero(m.dof_dampingpoly + mjNPOLY * i, mjNPOLY))
      return false;
  }
  return true;
}

// Where a geom that shares the frame of its body's inertia is, MuJoCo computes once for both.
bool shares_axes(const mjModel& m, int geom) {
  return m.geom_sameframe[geom] == mjSAMEFRAME_INERTIA || m.geom_sameframe[geom] == mjSAMEFRAME_INERTIAROT;
}

const double* position_of_geom(const mjModel& m, int geom) {
  const bool shared = m.geom_sameframe[geom] == mjSAMEFRAME_INERTIA;
  return shared ? m.body_ipos + 3 * m.geom_bodyid[geom] : m.geom_pos + 3 * geom;
}

const double* orientation_of_geom(const mjModel& m, int geom) {
  return shares_axes(m, geom) ? m.body_iquat + 4 * m.geom_bodyid[geom] : m.geom_quat + 4 * geom;
}

bool are_geoms_planar(const mjModel& m) {
  for (int i = 0; i < m.ngeom; i++)
    if (m.geom_bodyid[i] != 0 && (!is_in_plane(position_of_geom(m, i)) || !turns_in_plane(orientation_of_geom(m, i))))
      return false;
  return true;
}

// Motors: force = gain * control, on a joint.
bool are_actuators_motors(const mjModel& m) {
  for (int i = 0; i < m.nu; i++) {
    const bool motor = m.actuator_trntype[i] == mjTRN_JOINT && m.actuator_dyntype[i] == mjDYN_NONE &&
                       m.actuator_gaintype[i] == mjGAIN_FIXED && m.actuator_biastype[i] == mjBIAS_NONE;
    const bool plain = m.actuator_ctrllimited[i] && !m.actuator_forcelimited[i] && m.actuator_delay[i] == 0 &&
                       m.actuator_damping[i] == 0 && m.actuator_armature[i] == 0 && m.actuator_plugin[i] < 0 &&
                       are_zero(m.actuator_dampingpoly + mjNPOLY * i, mjNPOLY);
    if (!motor || !plain || m.actuator_ctrladr[i] != i || m.actuator_ctrlnum[i] != 1) return false;
  }
  return true;
}

Body make_body(const mjModel& m, int i) {
  Body body{.parent = m.body_parentid[i],
            .first_joint = m.body_jntadr[i],
            .joints = m.body_jntnum[i],
            .position = vector_of(m.body_pos + 3 * i),
            .orientation = rotation_of(m.body_quat + 4 * i),
            .centre = vector_of(m.body_ipos + 3 * i),
            .axes = {},
            .has_own_axes = m.body_sameframe[i] == mjSAMEFRAME_NONE,
            .inertia = {},
            .mass = m.body_mass[i],
            .inverse_of_subtree_mass = 1 / m.body_subtreemass[i]};
  std::copy_n(m.body_iquat + 4 * i, 4, body.axes);
  std::copy_n(m.body_inertia + 3 * i, 3, body.inertia);
  return body;
}

}  // namespace

bool is_planar(const mjModel& model) {
  return has_no_more_parts(model) && are_bodies_planar(model) && are_joints_planar(model) && are_geoms_planar(model) &&
         are_actuators_motors(model);
}

Tree make_tree(const mjModel& m) {
  Tree tree;
  for (int i = 0; i < m.nbody; i++) tree.bodies.push_back(make_body(m, i));
  for (int i = 0; i < m.njnt; i++)
    tree.joints.push_back({.body = m.jnt_bodyid[i],
                           .hinge = m.jnt_type[i] == mjJNT_HINGE,
                           .sign = m.jnt_axis[3 * i + 1],
                           .axis = vector_of(m.jnt_axis + 3 * i),
                           .anchor = vector_of(m.jnt_pos + 3 * i),
                           .start = m.qpos0[i],
                           .stiffness = m.jnt_stiffness[i],
                           .rest = m.qpos_spring[i],
                           .damping = m.dof_damping[i],
                           .armature = m.dof_armature[i]});
  for (int i = 0; i < m.ngeom; i++)
    if (m.geom_bodyid[i] != 0)
      tree.geoms.push_back({.id = i,
                            .body = m.geom_bodyid[i],
                            .position = vector_of(position_of_geom(m, i)),
                            .orientation = rotation_of(orientation_of_geom(m, i))});
  for (int i = 0; i < m.nu; i++)
    tree.actuators.push_back({.joint = m.actuator_trnid[2 * i],
                              .gain = m.actuator_gainprm[mjNGAIN * i],
                              .gear = m.actuator_gear[6 * i],
                              .low = m.actuator_ctrlrange[2 * i],
                              .high = m.actuator_ctrlrange[2 * i + 1]});
  return tree;
}

}  // namespace ddpg::planar
