// A network in double precision and plain loops, step by step along its list (deploy/steps.h), with the public form of
// the tensors: what forward and backward passes are tested against. For tests alone.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "nn/network.h"
#include "nn/reference_matrix.h"

namespace ddpg::testing {

class ReferenceNetwork {
 public:
  ReferenceNetwork(NetworkBody body, const std::vector<Tensor>& tensors) : body_(std::move(body)) {
    for (const Tensor& tensor : tensors) parameters[tensor.name].assign(tensor.values.begin(), tensor.values.end());
  }

  // output(observation, action); batch norm by the batch's statistics or, `running`, by the running ones.
  Matrix forward(const Matrix& observation, const Matrix& action, bool running = false) {
    trace_.clear();
    running_ = running;
    values_ = {observation};
    int layer = -1;
    for (const Step& step : body_.steps) {
      const Matrix x = values_.back();
      const std::string norm = layer < 0 ? "input_norm" : "norms." + std::to_string(layer);
      switch (step.kind) {
        case StepKind::dense:
          values_.push_back(dense("layers." + std::to_string(++layer), step.out, x));
          break;
        case StepKind::layer_norm:
          values_.push_back(normalise(norm, x, false));
          break;
        case StepKind::batch_norm:
          values_.push_back(normalise(norm, x, true));
          break;
        case StepKind::activate:
          values_.push_back(activated(step.activation, x));
          break;
        case StepKind::join:
          values_.push_back(joined(x, action));
          break;
        case StepKind::add:
          values_.push_back(sum(x, values_[static_cast<std::size_t>(step.value)]));
          break;
        case StepKind::avg_l1_norm:
          values_.push_back(averaged(x));
          break;
        case StepKind::recall:
          trace_.push_back({});
          values_.push_back(values_[static_cast<std::size_t>(step.value)]);
          break;
        case StepKind::append:
          values_.push_back(joined(x, values_[static_cast<std::size_t>(step.value)]));
          break;
      }
    }
    return values_.back();
  }

  // After forward: from d loss / d (output before its activation), the gradients of the loss to all parameters and to
  // the action.
  void backward(const Matrix& outer) {
    gradient.clear();
    std::vector<Matrix> d(values_.size());  // to each value; of none known yet: empty
    d.back() = outer;
    for (std::size_t i = body_.steps.size(); i-- > 0;) {
      const Step& step = body_.steps[i];
      Matrix dx = d[i + 1];
      switch (step.kind) {
        case StepKind::dense:
          dense_down(trace_[i], dx);
          break;
        case StepKind::layer_norm:
        case StepKind::batch_norm:
          norm_down(trace_[i], dx);
          break;
        case StepKind::activate:
          if (i + 1 < body_.steps.size()) activation_down(trace_[i], dx);
          break;
        case StepKind::join:
          join_down(trace_[i], dx);
          break;
        case StepKind::add:
          accumulate(d[static_cast<std::size_t>(step.value)], dx);
          break;
        case StepKind::avg_l1_norm:
          average_down(trace_[i].x, dx);
          break;
        case StepKind::recall:  // of policies, which have no way back
        case StepKind::append:
          break;
      }
      accumulate(d[i], dx);
    }
    observation_gradient = d[0];
  }

  Parameters parameters, gradient;
  Matrix observation_gradient, action_gradient;

 private:
  // What the derivative of a step needs.
  struct Kept {
    std::string name;
    Matrix x;  // its input
    Activation function = Activation::linear;
    bool columns = false;                // batch norm: statistics of columns; otherwise of rows
    std::vector<double> deviation = {};  // sqrt(variance + epsilon) of each column or row
    Matrix xhat = {};
  };

  Matrix joined(const Matrix& x, const Matrix& action) {
    trace_.push_back({"", x});
    Matrix y(x.rows, x.columns + action.columns);
    for (int r = 0; r < y.rows; r++)
      for (int c = 0; c < y.columns; c++) y.at(r, c) = c < x.columns ? x.at(r, c) : action.at(r, c - x.columns);
    return y;
  }

  void join_down(const Kept& step, Matrix& d) {
    Matrix dx(d.rows, step.x.columns);
    action_gradient = Matrix(d.rows, d.columns - dx.columns);
    for (int r = 0; r < d.rows; r++)
      for (int c = 0; c < d.columns; c++)
        (c < dx.columns ? dx.at(r, c) : action_gradient.at(r, c - dx.columns)) = d.at(r, c);
    d = dx;
  }

  static double mean_size(const Matrix& x, int row) {
    double sum = 0;
    for (int c = 0; c < x.columns; c++) sum += std::fabs(x.at(row, c));
    return std::fmax(sum / x.columns, 1e-8);
  }

  Matrix averaged(const Matrix& x) {
    trace_.push_back({"", x});
    Matrix y = x;
    for (int r = 0; r < x.rows; r++)
      for (int c = 0; c < x.columns; c++) y.at(r, c) = x.at(r, c) / mean_size(x, r);
    return y;
  }

  // Of y_j = x_j / m to x_i, m the mean of |x|: (j = i) / m - x_j sign(x_i) / (n m^2).
  static void average_down(const Matrix& x, Matrix& d) {
    for (int r = 0; r < x.rows; r++) {
      const double m = mean_size(x, r);
      double product = 0;
      for (int c = 0; c < x.columns; c++) product += d.at(r, c) * x.at(r, c);
      for (int c = 0; c < x.columns; c++) {
        const double sign = x.at(r, c) > 0 ? 1 : x.at(r, c) < 0 ? -1 : 0;
        d.at(r, c) = d.at(r, c) / m - (m > 1e-8 ? sign * product / (x.columns * m * m) : 0);
      }
    }
  }

  Matrix sum(const Matrix& x, const Matrix& other) {
    trace_.push_back({"", x});
    Matrix y = x;
    accumulate(y, other);
    return y;
  }

  static void accumulate(Matrix& to, const Matrix& d) {
    if (to.values.empty()) to = Matrix(d.rows, d.columns);
    for (std::size_t i = 0; i < d.values.size(); i++) to.values[i] += d.values[i];
  }

  Matrix dense(const std::string& name, int out, const Matrix& x) {
    trace_.push_back({name, x});
    const std::vector<double>& w = parameters.at(name + ".weight");  // [out, in]
    Matrix y(x.rows, out);
    for (int r = 0; r < y.rows; r++)
      for (int n = 0; n < y.columns; n++)
        for (int k = 0; k < x.columns; k++) y.at(r, n) += w[static_cast<std::size_t>(n * x.columns + k)] * x.at(r, k);
    if (!parameters.contains(name + ".bias")) return y;
    const std::vector<double>& bias = parameters.at(name + ".bias");
    for (std::size_t i = 0; i < y.values.size(); i++) y.values[i] += bias[i % bias.size()];
    return y;
  }

  void dense_down(const Kept& step, Matrix& d) {
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
    trace_.push_back({"", x, function});
    Matrix y = x;
    for (double& value : y.values) value = activate(function, value);
    return y;
  }

  void activation_down(const Kept& step, Matrix& d) const {
    for (std::size_t i = 0; i < d.values.size(); i++) d.values[i] *= slope(step.function, step.x.values[i]);
  }

  // Both norms see groups of values: a group is a column (batch norm) or a row (layer norm).
  static int groups(const Kept& s) { return s.columns ? s.x.columns : s.x.rows; }
  static int members(const Kept& s) { return s.columns ? s.x.rows : s.x.columns; }
  template <class M>
  static auto& member(const Kept& s, M& matrix, int group, int i) {
    return matrix.values[static_cast<std::size_t>(s.columns ? i * matrix.columns + group : group * matrix.columns + i)];
  }

  Matrix normalise(const std::string& name, const Matrix& x, bool columns) {
    const std::vector<double>&gain = parameters.at(name + ".weight"), &shift = parameters.at(name + ".bias");
    Kept s{name, x, Activation::linear, columns, {}, x};
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
    trace_.push_back(s);
    return y;
  }

  void norm_down(const Kept& s, Matrix& d) {
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

  NetworkBody body_;
  std::vector<Matrix> values_;
  std::vector<Kept> trace_;
  bool running_ = false;
};

}  // namespace ddpg::testing
