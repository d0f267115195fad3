// Residual networks against PyTorch in double precision: output, gradients, and 20 steps of Adam. The numbers were made
// by tests/golden/make_network_golden.py, which knows nothing of lists of steps.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "nn/activations.h"
#include "nn/adam.h"
#include "nn/passes.h"
#include "nn/tensors.h"
#include "places.h"

namespace ddpg {
namespace {

using Json = nlohmann::json;

Json golden_networks() {
  std::ifstream file(tests_folder() + "/golden/networks.json");
  return Json::parse(file).at("networks");
}

NetworkShape shape_of(const Json& golden) {
  NetworkShape shape;
  shape.body = Body::simba;
  shape.observation_size = golden.at("observation_size");
  shape.action_size = golden.at("action_size");
  shape.action_layer = shape.action_size > 0 ? 1 : 0;
  shape.hidden = golden.at("hidden").get<std::vector<int>>();
  shape.output_size = golden.at("output_size");
  for (const ActivationForm& form : activation_forms())
    if (golden.at("activation") == form.name) shape.activation = form.activation;
  return shape;
}

PanelMatrix matrix_of(const Json& values, int rows, int width) {
  PanelMatrix matrix(rows, width);
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < width; c++) matrix.view().at(r, c) = values.at(static_cast<std::size_t>(r * width + c));
  return matrix;
}

std::vector<double> values_of(ConstPanels x) {
  std::vector<double> values;
  for (int r = 0; r < x.rows; r++)
    for (int c = 0; c < x.width; c++) values.push_back(static_cast<double>(x.at(r, c)));
  return values;
}

// Within `tolerance` of the largest number, and of 1.
void expect_near(const std::vector<double>& expected, const std::vector<double>& found, double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  double largest = 1;
  for (double value : expected) largest = std::max(largest, std::fabs(value));
  for (std::size_t i = 0; i < expected.size(); i++) EXPECT_NEAR(found[i], expected[i], tolerance * largest) << i;
}

void expect_near(const Json& expected, const std::vector<Tensor>& found, double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (const Tensor& tensor : found) {
    SCOPED_TRACE(tensor.name);
    expect_near(expected.at(tensor.name).get<std::vector<double>>(), {tensor.values.begin(), tensor.values.end()},
                tolerance);
  }
}

TEST(NetworkGolden, ResidualNetworksAreThoseOfPyTorch) {
  for (const Json& golden : golden_networks()) {
    SCOPED_TRACE(golden.at("name"));
    const NetworkShape shape = shape_of(golden);
    const Network network(shape);
    const Compute compute;
    std::vector<Tensor> tensors;
    for (const TensorForm& form : expected_tensors(shape))
      tensors.push_back({form.name, form.shape, golden.at("tensors").at(form.name).get<std::vector<float>>()});
    Weights weights = network.from_tensors(tensors);
    const int rows = golden.at("rows");
    PanelMatrix observation = matrix_of(golden.at("observation"), rows, shape.observation_size);
    PanelMatrix action = matrix_of(golden.at("action"), rows, shape.action_size);
    const PanelMatrix outer = matrix_of(golden.at("outer"), rows, shape.output_size);
    Trace trace(network, rows, true);
    AlignedFloats gradient(network.buffer_size());
    const auto pass = [&] {
      forward(network, compute, weights, observation.view(), action.view(), NormMode::batch, trace);
      for (int r = 0; r < rows; r++)
        for (int c = 0; c < shape.output_size; c++) trace.output_gradient().at(r, c) = outer.view().at(r, c);
    };
    pass();
    expect_near(golden.at("output").get<std::vector<double>>(), values_of(trace.output()), 1e-5);
    if (shape.action_size > 0) {
      PanelMatrix action_gradient(rows, shape.action_size);
      backward_action(network, compute, weights, trace, action_gradient.view());
      expect_near(golden.at("action_gradient").get<std::vector<double>>(), values_of(action_gradient.view()), 1e-5);
    }
    Adam adam(network, {});
    for (int step = 0; step < golden.at("steps"); step++) {
      pass();
      backward_parameters(network, compute, weights, observation.view(), action.view(), trace, gradient);
      if (step == 0) expect_near(golden.at("gradient"), network.tensors({gradient, weights.statistics}), 1e-5);
      adam.step(network, compute, gradient, {golden.at("learning_rate")}, weights, nullptr);
    }
    expect_near(golden.at("trained"), network.tensors(weights), 1e-4);
  }
}

}  // namespace
}  // namespace ddpg
