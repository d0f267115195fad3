// A multilayer perceptron in double precision and plain loops, written a second time from the definition in network.h
// and the public form of the tensors: what forward and backward passes are tested against. For tests alone.
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "nn/network.h"

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

class ReferenceNetwork {
 public:
  ReferenceNetwork(NetworkShape shape, const std::vector<Tensor>& tensors) : shape_(std::move(shape)) {
    for (const Tensor& tensor : tensors) {
      parameters[tensor.name].assign(tensor.values.begin(), tensor.values.end());
      forms_[tensor.name] = tensor.shape;
    }
  }

  // output(observation, action); batch norm by the batch's statistics or, `running`, by the running ones.
  Matrix forward(const Matrix& observation, const Matrix& action, bool running = false) {
    steps_.clear();
    running_ = running;
    Matrix x = observation;
    if (shape_.batch_norm) x = normalise("input_norm", x, true);
    const int layers = static_cast<int>(shape_.hidden.size()) + 1;
    for (int n = 0; n < layers; n++) {
      if (n + 1 == shape_.action_layer) x = joined(x, action);
      x = dense("layers." + std::to_string(n), x);
      const std::string norm = "norms." + std::to_string(n);
      if (parameters.contains(norm + ".weight")) x = normalise(norm, x, shape_.batch_norm);
      x = activated(n + 1 == layers ? shape_.output_activation : shape_.activation, x);
    }
    return x;
  }

  // After forward: from d loss / d (output before its activation), the gradients of the loss to all parameters and to
  // the action.
  void backward(Matrix dz) {
    gradient.clear();
    bool output = true;
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
      if (step->kind == Step::activation && !output) activation_down(*step, dz);
      if (step->kind == Step::norm) norm_down(*step, dz);
      if (step->kind == Step::dense) dense_down(*step, dz);
      if (step->kind == Step::join) join_down(*step, dz);
      output = false;
    }
  }

  Parameters parameters, gradient;
  Matrix action_gradient;

 private:
  // One operation of the forward pass and what its derivative needs.
  struct Step {
    enum Kind { join, dense, norm, activation } kind;
    std::string name;
    Matrix x;  // its input
    Activation function = Activation::linear;
    bool columns = false;                // batch norm: statistics of columns; otherwise of rows
    std::vector<double> deviation = {};  // sqrt(variance + epsilon) of each column or row
    Matrix xhat = {};
  };

  Matrix joined(const Matrix& x, const Matrix& action) {
    steps_.push_back({Step::join, "", x});
    Matrix y(x.rows, x.columns + action.columns);
    for (int r = 0; r < y.rows; r++)
      for (int c = 0; c < y.columns; c++) y.at(r, c) = c < x.columns ? x.at(r, c) : action.at(r, c - x.columns);
    return y;
  }

  void join_down(const Step& step, Matrix& d) {
    Matrix dx(d.rows, step.x.columns);
    action_gradient = Matrix(d.rows, d.columns - dx.columns);
    for (int r = 0; r < d.rows; r++)
      for (int c = 0; c < d.columns; c++)
        (c < dx.columns ? dx.at(r, c) : action_gradient.at(r, c - dx.columns)) = d.at(r, c);
    d = dx;
  }

  Matrix dense(const std::string& name, const Matrix& x) {
    steps_.push_back({Step::dense, name, x});
    const std::vector<double>& w = parameters.at(name + ".weight");  // [out, in]
    Matrix y(x.rows, forms_.at(name + ".weight")[0]);
    for (int r = 0; r < y.rows; r++)
      for (int n = 0; n < y.columns; n++)
        for (int k = 0; k < x.columns; k++) y.at(r, n) += w[static_cast<std::size_t>(n * x.columns + k)] * x.at(r, k);
    if (!parameters.contains(name + ".bias")) return y;
    const std::vector<double>& bias = parameters.at(name + ".bias");
    for (std::size_t i = 0; i < y.values.size(); i++) y.values[i] += bias[i % bias.size()];
    return y;
  }

  void dense_down(const Step& step, Matrix& d) {
    const Matrix& x = step.x;
    const std::vector<double>& w = parameters.at(step.name + ".weight");
    std::vector<double> dw(w.size()), dbias(static_cast<std::size_t>(d.columns));
    Matrix dx(x.rows, x.columns);
    for (int r = 0; r < x.rows; r++)
      for (int n = 0; n < d.columns; n++) {
        dbias[static_cast<std::size_t>(n)] += d.at(r, n);
        for (int k = 0; k < x.columns; k++) {
          const auto at = static_cast<std::size_t>(n * x.columns + k);
          dw[at] += d.at(r, n) * x.at(r, k);
          dx.at(r, k) += d.at(r, n) * w[at];
        }
      }
    gradient[step.name + ".weight"] = dw;
    if (parameters.contains(step.name + ".bias")) gradient[step.name + ".bias"] = dbias;
    d = dx;
  }

  Matrix activated(Activation function, const Matrix& x) {
    steps_.push_back({Step::activation, "", x, function});
    Matrix y = x;
    for (double& value : y.values) value = activate(function, value);
    return y;
  }

  void activation_down(const Step& step, Matrix& d) const {
    for (std::size_t i = 0; i < d.values.size(); i++) d.values[i] *= slope(step.function, step.x.values[i]);
  }

  // Both norms see groups of values: a group is a column (batch norm) or a row (layer norm).
  static int groups(const Step& s) { return s.columns ? s.x.columns : s.x.rows; }
  static int members(const Step& s) { return s.columns ? s.x.rows : s.x.columns; }
  template <class M>
  static auto& member(const Step& s, M& matrix, int group, int i) {
    return matrix.values[static_cast<std::size_t>(s.columns ? i * matrix.columns + group : group * matrix.columns + i)];
  }

  Matrix normalise(const std::string& name, const Matrix& x, bool columns) {
    const std::vector<double>&gain = parameters.at(name + ".weight"), &shift = parameters.at(name + ".bias");
    Step s{Step::norm, name, x, Activation::linear, columns, {}, x};
    for (int g = 0; g < groups(s); g++) {
      double mean = 0, variance = 0;
      for (int i = 0; i < members(s); i++) mean += member(s, x, g, i) / members(s);
      for (int i = 0; i < members(s); i++) variance += std::pow(member(s, x, g, i) - mean, 2) / members(s);
      if (columns && running_) {
        mean = parameters.at(name + ".running_mean")[static_cast<std::size_t>(g)];
        variance = parameters.at(name + ".running_var")[static_cast<std::size_t>(g)];
      }
      s.deviation.push_back(std::sqrt(variance + 1e-5));
      for (int i = 0; i < members(s); i++) member(s, s.xhat, g, i) = (member(s, x, g, i) - mean) / s.deviation.back();
    }
    Matrix y = s.xhat;
    for (std::size_t i = 0; i < y.values.size(); i++)
      y.values[i] = gain[i % gain.size()] * y.values[i] + shift[i % gain.size()];
    steps_.push_back(s);
    return y;
  }

  void norm_down(const Step& s, Matrix& d) {
    const std::vector<double>& gain = parameters.at(s.name + ".weight");
    std::vector<double> dgain(gain.size()), dshift(gain.size());
    Matrix dxhat = d;
    for (std::size_t i = 0; i < d.values.size(); i++) {
      dgain[i % gain.size()] += d.values[i] * s.xhat.values[i];
      dshift[i % gain.size()] += d.values[i];
      dxhat.values[i] *= gain[i % gain.size()];
    }
    gradient[s.name + ".weight"] = dgain;
    gradient[s.name + ".bias"] = dshift;
    for (int g = 0; g < groups(s); g++) {
      double mean = 0, product = 0;
      for (int i = 0; i < members(s); i++) {
        mean += member(s, dxhat, g, i) / members(s);
        product += member(s, dxhat, g, i) * member(s, s.xhat, g, i) / members(s);
      }
      for (int i = 0; i < members(s); i++)
        member(s, d, g, i) = (member(s, dxhat, g, i) - mean - product * member(s, s.xhat, g, i)) /
                             s.deviation[static_cast<std::size_t>(g)];
    }
  }

  NetworkShape shape_;
  std::map<std::string, std::vector<int>> forms_;
  std::vector<Step> steps_;
  bool running_ = false;
};

}  // namespace ddpg::testing
