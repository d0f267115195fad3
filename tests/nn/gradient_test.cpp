// Forward and backward passes of every kind of network: against the same network in double precision, whose gradients
// are in turn tested against finite differences, and by the slope of the float network itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "nn/network_samples.h"
#include "nn/passes.h"
#include "nn/reference_network.h"

namespace ddpg {
namespace {

using testing::Matrix;
using testing::NetworkSample;
using testing::Parameters;
using testing::Pass;
using testing::ReferenceNetwork;

constexpr int kRows = 13;

Matrix matrix_of(ConstPanels x) {
  Matrix matrix(x.rows, x.width);
  for (int r = 0; r < x.rows; r++)
    for (int c = 0; c < x.width; c++) matrix.at(r, c) = x.at(r, c);
  return matrix;
}

// A buffer of gradients by the names of the tensors.
Parameters named(const Network& network, const AlignedFloats& gradient) {
  Parameters parameters;
  for (const Tensor& tensor : network.tensors({gradient, network.make_weights().statistics}))
    if (tensor.name.find("running") == std::string::npos)
      parameters[tensor.name].assign(tensor.values.begin(), tensor.values.end());
  return parameters;
}

double norm(const std::vector<double>& x) {
  double squares = 0;
  for (double value : x) squares += value * value;
  return std::sqrt(squares);
}

// Whether each tensor differs by no more than 1e-4 of its norm, and 1e-5 of the whole for what should cancel to
// nothing: where a row or a column hardly varies, normalisation multiplies a rounding error by up to 1 / sqrt(1e-5) =
// 316.
::testing::AssertionResult agree(const Parameters& expected, const Parameters& found) {
  double whole = 0;
  for (const auto& [name, values] : expected) whole += norm(values);
  for (const auto& [name, values] : expected) {
    if (!found.contains(name) || found.at(name).size() != values.size())
      return ::testing::AssertionFailure() << name << " lacks";
    std::vector<double> difference = values;
    for (std::size_t i = 0; i < values.size(); i++) difference[i] -= found.at(name)[i];
    if (!(norm(difference) <= 1e-4 * norm(values) + 1e-5 * whole))
      return ::testing::AssertionFailure()
             << name << ": " << norm(difference) << " beside " << norm(values) << ", whole " << whole;
  }
  if (found.size() != expected.size()) return ::testing::AssertionFailure() << "there are others";
  return ::testing::AssertionSuccess();
}

::testing::AssertionResult agree(const Matrix& expected, const Matrix& found) {
  return agree(Parameters{{"matrix", expected.values}}, Parameters{{"matrix", found.values}});
}

// test(body) for every kind of network.
template <class Test>
void for_each_network(const Test& test) {
  for (const NetworkSample& sample : testing::network_samples()) {
    SCOPED_TRACE(sample.name);
    test(sample.body);
  }
}

TEST(Gradient, ForwardAgreesWithTheReference) {
  for_each_network([](const NetworkBody& body) {
    Pass pass(body, kRows, 1);
    ReferenceNetwork reference(pass.network.body(), pass.network.tensors(pass.weights));
    const Matrix observation = matrix_of(pass.observation.view()), action = matrix_of(pass.action.view());
    EXPECT_TRUE(agree(reference.forward(observation, action), matrix_of(pass.run(NormMode::batch))));
    EXPECT_TRUE(agree(reference.forward(observation, action, true), matrix_of(pass.run(NormMode::running))));
  });
}

TEST(Gradient, BackwardAgreesWithTheReference) {
  for_each_network([](const NetworkBody& body) {
    Pass pass(body, kRows, 2);
    ReferenceNetwork reference(pass.network.body(), pass.network.tensors(pass.weights));
    reference.forward(matrix_of(pass.observation.view()), matrix_of(pass.action.view()));
    reference.backward(matrix_of(pass.outer.view()));
    pass.run(NormMode::batch);
    pass.run_backward();
    EXPECT_TRUE(agree(reference.gradient, named(pass.network, pass.gradient)));
    EXPECT_TRUE(testing::padding_is_zero(pass.network, pass.gradient));
    if (body.action_size == 0) return;
    pass.run(NormMode::batch);
    const PanelMatrix daction = pass.run_backward_action();
    EXPECT_TRUE(agree(reference.action_gradient, matrix_of(daction.view())));
    EXPECT_TRUE(testing::padding_is_zero(daction.view()));
  });
}

// Policies that are put together have no way back.
TEST(Gradient, ForwardOfComposedPoliciesAgreesWithTheReference) {
  for (const testing::NetworkSample& sample : testing::composed_networks())
    for (const Fusing fusing : {Fusing::on, Fusing::off}) {
      Pass pass(sample.body, kRows, 1, fusing);
      ReferenceNetwork reference(sample.body, pass.network.tensors(pass.weights));
      const Matrix observation = matrix_of(pass.observation.view());
      EXPECT_TRUE(agree(reference.forward(observation, Matrix(kRows, 0)), matrix_of(pass.run(NormMode::running))))
          << sample.name;
    }
}

// Of networks that begin with a dense step, which an action may join.
TEST(Gradient, ToTheInputsAgreesWithTheReference) {
  int of_critics = 0;
  for_each_network([&](const NetworkBody& body) {
    const StepKind first = body.steps[body.steps[0].kind == StepKind::join].kind;
    if (first != StepKind::dense) return;
    Pass pass(body, kRows, 8);
    ReferenceNetwork reference(pass.network.body(), pass.network.tensors(pass.weights));
    reference.forward(matrix_of(pass.observation.view()), matrix_of(pass.action.view()));
    reference.backward(matrix_of(pass.outer.view()));
    pass.run(NormMode::batch);
    PanelMatrix to_observation = testing::marked_matrix(kRows, body.observation_size);
    for (int r = 0; r < kRows; r++)
      for (int c = 0; c < pass.outer.view().width; c++)
        pass.trace.output_gradient().at(r, c) = pass.outer.view().at(r, c);
    backward_parameters(pass.network, pass.compute, pass.weights, pass.observation.view(), pass.action_view(),
                        pass.trace, pass.gradient, to_observation.view());
    const std::vector<double>& expected_of_observation = reference.observation_gradient.values;
    const bool has_one = std::ranges::any_of(expected_of_observation, [](double x) { return std::fabs(x) > 1e-9; });
    EXPECT_TRUE(!has_one || agree(reference.observation_gradient, matrix_of(to_observation.view())));
    EXPECT_TRUE(agree(reference.gradient, named(pass.network, pass.gradient)));
    if (body.action_size == 0) return;
    of_critics++;
    const bool joins_several =
        std::ranges::any_of(pass.network.layers(), [](const DenseLayout& at) { return at.in1 > 0 && at.out > 1; });
    for (const int columns : {body.action_size, 1}) {
      if (columns < body.action_size && !joins_several) continue;
      pass.run(NormMode::batch);
      const auto [observation, action] = pass.run_backward_inputs(columns);
      EXPECT_TRUE(testing::same_rows(observation.view(), std::as_const(to_observation).view()));
      EXPECT_TRUE(testing::padding_is_zero(action.view()));
      Matrix expected(kRows, columns);
      for (int r = 0; r < kRows; r++)
        for (int c = 0; c < columns; c++) expected.at(r, c) = reference.action_gradient.at(r, c);
      EXPECT_TRUE(agree(expected, matrix_of(action.view()))) << columns;
    }
  });
  EXPECT_GT(of_critics, 10);
}

TEST(Gradient, EverySetOfKernelsGivesTheSameBits) {
  for_each_network([](const NetworkBody& body) {
    Pass expected(body, kRows, 3);
    expected.compute.kernels = &reference_kernels();
    expected.run(NormMode::batch);
    expected.run_backward();
    for (const Kernels* kernels : available_kernels()) {
      Pass found(body, kRows, 3);
      found.compute.kernels = kernels;
      found.run(NormMode::batch);
      EXPECT_TRUE(testing::same_rows(expected.trace.output(), found.trace.output())) << kernels->name;
      found.run_backward();
      EXPECT_TRUE(testing::same_bits(expected.gradient, found.gradient)) << kernels->name;
    }
  });
}

// Fusing is a peephole: with none, the same bits.
TEST(Gradient, FusingChangesNoBit) {
  for_each_network([](const NetworkBody& body) {
    Pass fused(body, kRows, 7), single(body, kRows, 7, Fusing::off);
    EXPECT_GE(single.network.plan().nodes.size() + 1, body.steps.size());  // but for a join
    for (const NormMode mode : {NormMode::running, NormMode::batch})
      EXPECT_TRUE(testing::same_rows(fused.run(mode), single.run(mode)));
    fused.run_backward();
    single.run_backward();
    EXPECT_TRUE(testing::same_bits(fused.gradient, single.gradient));
    if (body.action_size == 0) return;
    const PanelMatrix a = fused.run_backward_action(), b = single.run_backward_action();
    EXPECT_TRUE(testing::same_rows(a.view(), b.view()));
  });
}

// The loss of the finite differences: sum of outer * output, for a linear output.
NetworkBody with_linear_output(NetworkBody body) {
  while (body.steps.back().kind == StepKind::activate) body.steps.pop_back();
  return body;
}

double loss(const Matrix& outer, const Matrix& output) {
  double sum = 0;
  for (std::size_t i = 0; i < outer.values.size(); i++) sum += outer.values[i] * output.values[i];
  return sum;
}

// For each tensor and for the action: the slope along a random direction.
TEST(Gradient, ReferenceAgreesWithFiniteDifferences) {
  for_each_network([](const NetworkBody& body) {
    Pass pass(with_linear_output(body), kRows, 4);
    ReferenceNetwork reference(pass.network.body(), pass.network.tensors(pass.weights));
    const Matrix observation = matrix_of(pass.observation.view()), outer = matrix_of(pass.outer.view());
    Matrix action = matrix_of(pass.action.view());
    reference.forward(observation, action);
    reference.backward(outer);
    const auto check = [&](std::vector<double>& values, const std::vector<double>& gradient, const std::string& name) {
      constexpr double kStep = 1e-6;
      const std::vector<double> centre = values;
      std::vector<double> direction;
      double expected = 0;
      for (double g : gradient) {
        direction.push_back(pass.random.normal());
        expected += direction.back() * g;
      }
      const auto at = [&](double step) {
        for (std::size_t i = 0; i < values.size(); i++) values[i] = centre[i] + step * direction[i];
        return loss(outer, reference.forward(observation, action));
      };
      const double found = (at(kStep) - at(-kStep)) / (2 * kStep);
      values = centre;
      EXPECT_NEAR(found, expected, 1e-6 * (1 + norm(gradient) * std::sqrt(gradient.size()))) << name;
    };
    for (const auto& [name, gradient] : reference.gradient) check(reference.parameters[name], gradient, name);
    if (pass.network.action_size() > 0) check(action.values, reference.action_gradient.values, "action");
  });
}

bool is_smooth(const NetworkBody& body) {
  for (const Step& step : body.steps)
    if (step.kind == StepKind::activate && step.activation != Activation::tanh) return false;
  return true;
}

// No second implementation between: the float network climbs along its own gradient as fast as the gradient says.
TEST(Gradient, IsTheSlopeOfTheFloatNetwork) {
  for_each_network([](const NetworkBody& body) {
    if (!is_smooth(body)) return;  // so that a large step is a good one
    Pass pass(with_linear_output(body), kRows, 5);
    const Matrix outer = matrix_of(pass.outer.view());
    pass.run(NormMode::batch);
    pass.run_backward();
    double squares = 0;
    for (float g : pass.gradient) squares += static_cast<double>(g) * g;
    const AlignedFloats centre = pass.weights.parameters;
    const auto at = [&](double step) {
      for (std::size_t i = 0; i < centre.size(); i++)
        pass.weights.parameters[i] = centre[i] + static_cast<float>(step / std::sqrt(squares)) * pass.gradient[i];
      return loss(outer, matrix_of(pass.run(NormMode::batch)));
    };
    constexpr double kStep = 2e-3;
    EXPECT_NEAR((at(kStep) - at(-kStep)) / (2 * kStep), std::sqrt(squares), 2e-3 * std::sqrt(squares));
  });
}

// The comparison above would see a small mistake.
TEST(GradientCheck, FindsAWrongGradient) {
  Pass pass(testing::critic_shape({19, 7}, 2), kRows, 6);
  pass.run(NormMode::batch);
  pass.run_backward();
  const Parameters right = named(pass.network, pass.gradient);
  EXPECT_TRUE(agree(right, right));
  for (const auto& [name, values] : right) {
    Parameters wrong = right;
    wrong[name][0] += 1e-3 * norm(values);
    EXPECT_FALSE(agree(right, wrong)) << name;
    wrong[name] = std::vector<double>(values.size());
    EXPECT_FALSE(agree(right, wrong)) << name;
    wrong.erase(name);
    EXPECT_FALSE(agree(right, wrong)) << name;
  }
}

}  // namespace
}  // namespace ddpg
