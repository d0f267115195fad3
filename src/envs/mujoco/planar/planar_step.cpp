// The order of things in a step is that of mj_step: positions, contacts, constraints, forces, accelerations,
// integration. The constraints and their solver are MuJoCo's. Everything else is in the plane (dynamics.h), and what is
// known to be absent is not looked for (tree.cpp). Tried with MuJoCo 4.0.0 on x86-64; anything else gets
// planar_step_untried.cpp.
#include "envs/mujoco/planar/planar_step.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "envs/mujoco/planar/contacts.h"
#include "envs/mujoco/planar/dynamics.h"
#include "envs/mujoco/planar/factors.h"
#include "envs/mujoco/planar/tree.h"

namespace ddpg {
namespace {

using namespace planar;

// As MuJoCo judges: not a number, or too large.
bool any_is_bad(const double* values, std::size_t count) {
  return std::any_of(values, values + count, [](double value) { return !(std::abs(value) <= mjMAXVAL); });
}

// What is kept from stage to stage, [nv] each.
struct RungeKutta {
  explicit RungeKutta(std::size_t size)
      : positions(size), velocities(size), mean_velocities(size), mean_accelerations(size) {}

  std::vector<double> positions, velocities;                // at the start of the step
  std::vector<double> mean_velocities, mean_accelerations;  // so far
};

class Step final : public PlanarStep {
 public:
  Step(const mjModel& model, Tree tree, Contacts contacts)
      : model_(model),
        tree_(std::move(tree)),
        contacts_(std::move(contacts)),
        dynamics_(tree_),
        forces_(count()),
        runge_kutta_(count()) {}

  void step(mjData& data) override {
    if (is_for_mujoco(data) || !accelerate(data)) return mj_step(&model_, &data);
    mj_checkAcc(&model_, &data);
    if (model_.opt.integrator == mjINT_RK4) return advance_by_runge_kutta(data);
    if (!advance_by_euler(data)) mj_Euler(&model_, &data);
  }

 private:
  std::size_t count() const { return tree_.joints.size(); }

  // What is not computed here: breakdowns, and forces that a program adds from outside.
  bool is_for_mujoco(const mjData& data) const {
    const bool called_back = mjcb_passive != nullptr || mjcb_control != nullptr || mjcb_contactfilter != nullptr;
    const bool bad = any_is_bad(data.qpos, count()) || any_is_bad(data.qvel, count()) ||
                     any_is_bad(data.ctrl, tree_.actuators.size());
    return called_back || bad || std::any_of(data.xfrc_applied, data.xfrc_applied + 6 * model_.nbody, [](double force) {
             return force != 0;
           });
  }

  // qacc of the present state (mj_forward). False where the inertia matrix is as good as singular.
  bool accelerate(mjData& data) {
    dynamics_.set_positions(tree_, data);
    dynamics_.compute_inertia(tree_, model_, data);
    std::copy_n(data.M, model_.nC, data.qLD);
    if (!factorize(model_, data.qLD, data.qLDiagInv)) return false;
    contacts_.find(model_, dynamics_, data);
    mj_makeConstraint(&model_, &data);
    mj_referenceConstraint(&model_, &data);
    compute_forces(data);
    std::copy_n(data.qfrc_smooth, count(), data.qacc_smooth);
    solve(model_, data.qLD, data.qLDiagInv, data.qacc_smooth);
    mj_fwdConstraint(&model_, &data);
    return true;
  }

  void compute_forces(mjData& data) {
    double *bias = forces_.data(), *total = data.qfrc_smooth;
    dynamics_.compute_bias(tree_, model_, data, bias);
    for (std::size_t j = 0; j < count(); j++) {
      const Joint& joint = tree_.joints[j];
      const double spring = -joint.stiffness * (data.qpos[j] - joint.rest), damper = -joint.damping * data.qvel[j];
      total[j] = ((spring + damper) - bias[j]) + data.qfrc_applied[j];
    }
    std::fill(forces_.begin(), forces_.end(), 0.0);
    for (std::size_t i = 0; i < tree_.actuators.size(); i++) {
      const Actuator& motor = tree_.actuators[i];
      const double force = motor.gain * std::clamp(data.ctrl[i], motor.low, motor.high);
      forces_[static_cast<std::size_t>(motor.joint)] += motor.gear * force;
    }
    for (std::size_t j = 0; j < count(); j++) total[j] += forces_[j];
  }

  // With the dampers implicit (mj_Euler). False as accelerate().
  bool advance_by_euler(mjData& data) {
    const double period = model_.opt.timestep;
    std::copy_n(data.M, model_.nC, data.qH);
    for (std::size_t j = 0; j < count(); j++) {
      data.qH[model_.M_rowadr[j] + model_.M_rownnz[j] - 1] += period * tree_.joints[j].damping;
      forces_[j] = data.qfrc_smooth[j] + data.qfrc_constraint[j];
    }
    if (!factorize(model_, data.qH, data.qHDiagInv)) return false;
    solve(model_, data.qH, data.qHDiagInv, forces_.data());
    for (std::size_t j = 0; j < count(); j++) {
      data.qvel[j] += period * forces_[j];
      data.qpos[j] += period * data.qvel[j];
    }
    finish(data);
    return true;
  }

  // The classic method of order four (mj_RungeKutta), of which the first of the four accelerations has been computed.
  void advance_by_runge_kutta(mjData& data) {
    constexpr double kReach[] = {0.5, 0.5, 1}, kWeight[] = {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6};
    const double period = model_.opt.timestep;
    auto& [positions, velocities, mean_velocities, mean_accelerations] = runge_kutta_;
    std::copy_n(data.qpos, count(), positions.begin());
    std::copy_n(data.qvel, count(), velocities.begin());
    std::fill(mean_velocities.begin(), mean_velocities.end(), 0.0);
    std::fill(mean_accelerations.begin(), mean_accelerations.end(), 0.0);
    for (int stage = 0;; stage++) {
      for (std::size_t j = 0; j < count(); j++) {
        mean_velocities[j] += data.qvel[j] * kWeight[stage];
        mean_accelerations[j] += data.qacc[j] * kWeight[stage];
      }
      if (stage == 3) break;
      for (std::size_t j = 0; j < count(); j++) {
        data.qpos[j] = positions[j] + period * (data.qvel[j] * kReach[stage]);
        data.qvel[j] = velocities[j] + data.qacc[j] * kReach[stage] * period;
      }
      if (!accelerate(data)) mj_forward(&model_, &data);
    }
    for (std::size_t j = 0; j < count(); j++) {
      data.qvel[j] = velocities[j] + mean_accelerations[j] * period;
      data.qpos[j] = positions[j] + period * mean_velocities[j];
    }
    finish(data);
  }

  void finish(mjData& data) const {
    data.time += model_.opt.timestep;
    std::copy_n(data.qacc, count(), data.qacc_warmstart);
  }

  const mjModel& model_;
  Tree tree_;
  Contacts contacts_;
  Dynamics dynamics_;
  std::vector<double> forces_;  // [nv]
  RungeKutta runge_kutta_;
};

// MuJoCo's Euler without dampers is another.
bool is_integrated_here(const mjModel& model) {
  const bool damped = std::any_of(model.dof_damping, model.dof_damping + model.nv, [](double d) { return d > 0; });
  return (model.opt.integrator == mjINT_EULER && damped) || model.opt.integrator == mjINT_RK4;
}

}  // namespace

std::unique_ptr<PlanarStep> PlanarStep::make(const mjModel& model) {
  if (!is_planar(model) || !is_integrated_here(model)) return nullptr;
  Tree tree = make_tree(model);
  std::optional<Contacts> contacts = Contacts::make(model, tree);
  if (!contacts) return nullptr;
  return std::make_unique<Step>(model, std::move(tree), std::move(*contacts));
}

}  // namespace ddpg
