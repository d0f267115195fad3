#include "envs/mujoco/planar/factors.h"

namespace ddpg::planar {
namespace {

// Four sums side by side, then what is left: as MuJoCo's product of a sparse and a dense vector.
double sparse_dot(const double* values, const int* column, int count, const double* x) {
  const auto term = [&](int i) { return values[i] * x[column[i]]; };
  double sum = 0;
  int i = 0;
  if (count >= 4) {
    double lanes[4] = {0, 0, 0, 0};
    for (; i + 4 <= count; i += 4)
      for (int lane = 0; lane < 4; lane++) lanes[lane] += term(i + lane);
    sum = (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
  }
  if (count - i == 3) return sum + (term(i) + term(i + 1) + term(i + 2));
  if (count - i == 2) return sum + (term(i) + term(i + 1));
  return count - i == 1 ? sum + term(i) : sum;
}

}  // namespace

// The columns of a row are the ancestors of its dof, from the root on; so the row of an ancestor has the columns that
// this row begins with.
bool factorize(const mjModel& model, double* matrix, double* inverse_diagonal) {
  for (int dof = static_cast<int>(model.nv) - 1; dof >= 0; dof--) {
    double* row = matrix + model.M_rowadr[dof];
    const int* column = model.M_colind + model.M_rowadr[dof];
    const int last = model.M_rownnz[dof] - 1;
    if (!(row[last] >= mjMINVAL)) return false;
    const double inverse = 1 / row[last];
    inverse_diagonal[dof] = inverse;
    for (int k = last - 1; k >= 0; k--) {
      double* ancestor = matrix + model.M_rowadr[column[k]];
      const double factor = -row[k] * inverse;
      for (int i = 0; i <= k; i++) ancestor[i] += row[i] * factor;
    }
    for (int i = 0; i < last; i++) row[i] *= inverse;
  }
  return true;
}

void solve(const mjModel& model, const double* factors, const double* inverse_diagonal, double* x) {
  for (int dof = static_cast<int>(model.nv) - 1; dof >= 0; dof--) {
    const double* row = factors + model.M_rowadr[dof];
    const int* column = model.M_colind + model.M_rowadr[dof];
    const double value = x[dof];
    if (value == 0) continue;
    for (int i = 0; i < model.M_rownnz[dof] - 1; i++) x[column[i]] -= row[i] * value;
  }
  for (int dof = 0; dof < model.nv; dof++) x[dof] *= inverse_diagonal[dof];
  for (int dof = 0; dof < model.nv; dof++) {
    const int start = model.M_rowadr[dof];
    x[dof] -= sparse_dot(factors + start, model.M_colind + start, model.M_rownnz[dof] - 1, x);
  }
}

}  // namespace ddpg::planar
