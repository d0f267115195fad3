// What reference_network.h computes with: matrices of doubles, and activations. For tests alone.
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "ddpg_policy/activation.h"

namespace ddpg::testing {

struct Matrix {
  int rows = 0, columns = 0;
  std::vector<double> values;

  Matrix() = default;
  Matrix(int r, int c) : rows(r), columns(c), values(static_cast<std::size_t>(r) * static_cast<std::size_t>(c)) {}
  double& at(int r, int c) { return values[static_cast<std::size_t>(r * columns + c)]; }
  double at(int r, int c) const { return values[static_cast<std::size_t>(r * columns + c)]; }
};

using Parameters = std::map<std::string, std::vector<double>>;  // by the tensors' names

inline double activate(Activation activation, double z) {
  switch (activation) {
    case Activation::linear:
      return z;
    case Activation::relu:
      return std::fmax(z, 0.0);
    case Activation::tanh:
      return std::tanh(z);
    case Activation::elu:
      return z > 0 ? z : std::expm1(z);
  }
  return z;
}

inline double slope(Activation activation, double z) {
  switch (activation) {
    case Activation::linear:
      return 1;
    case Activation::relu:
      return z > 0 ? 1 : 0;
    case Activation::tanh:
      return 1 - std::tanh(z) * std::tanh(z);
    case Activation::elu:
      return z > 0 ? 1 : std::exp(z);
  }
  return 0;
}

}  // namespace ddpg::testing
