// Initial weights: see initialisation.h.
#include "nn/initialisation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace ddpg {
namespace {

using Vector = std::vector<double>;

double product(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); i++) sum += a[i] * b[i];
  return sum;
}

// What of `v` the unit vectors before it do not have; twice, because the first time rounding leaves some of it.
void make_orthogonal(Vector& v, const std::vector<Vector>& before) {
  for (int round = 0; round < 2; round++)
    for (const Vector& unit : before) {
      const double share = product(v, unit);
      for (std::size_t i = 0; i < v.size(); i++) v[i] -= share * unit[i];
    }
}

}  // namespace

// Gram and Schmidt on normal vectors, whose directions are uniform.
std::vector<float> orthogonal_weights(int out, int in, RandomStream& random) {
  const auto rows = static_cast<std::size_t>(out), columns = static_cast<std::size_t>(in);
  const std::size_t count = std::min(rows, columns), length = std::max(rows, columns);
  std::vector<Vector> units;
  while (units.size() < count) {
    Vector v(length);
    for (double& x : v) x = random.normal();
    make_orthogonal(v, units);
    const double size = std::sqrt(product(v, v));
    for (double& x : v) x /= size;
    units.push_back(std::move(v));
  }
  std::vector<float> weights(rows * columns);
  for (std::size_t n = 0; n < rows; n++)
    for (std::size_t k = 0; k < columns; k++)
      weights[n * columns + k] = static_cast<float>(rows <= columns ? units[n][k] : units[k][n]);
  return weights;
}

std::vector<float> he_weights(int out, int in, RandomStream& random) {
  constexpr double kCut = 2, kDeviationOfCut = 0.87962566103423978;  // of a normal number that lies within +-2
  const double deviation = std::sqrt(2.0 / in) / kDeviationOfCut;
  std::vector<float> weights(static_cast<std::size_t>(out) * static_cast<std::size_t>(in));
  for (float& weight : weights) {
    double x = random.normal();
    while (std::fabs(x) > kCut) x = random.normal();
    weight = static_cast<float>(deviation * x);
  }
  return weights;
}

}  // namespace ddpg
