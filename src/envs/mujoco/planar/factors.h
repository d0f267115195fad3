// The factors L' D L of MuJoCo's sparse inertia matrix (mj_factorM, mj_solveM; R. Featherstone, Rigid Body Dynamics
// Algorithms, 2008, section 6.5), to the same bits.
#pragma once

#include <mujoco/mujoco.h>

namespace ddpg::planar {

/// Replaces a matrix [nC] in the layout of mjData::M by its factors, and fills the inverse of D [nv]. False, and the
/// matrix is lost, where it is as good as singular.
bool factorize(const mjModel& model, double* matrix, double* inverse_diagonal);

/// x [nv] <- (L' D L)^-1 x.
void solve(const mjModel& model, const double* factors, const double* inverse_diagonal, double* x);

}  // namespace ddpg::planar
