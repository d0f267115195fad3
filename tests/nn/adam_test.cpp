// Adam, clipping, the L2 penalty and the soft update: against PyTorch's (golden/make_adam_golden.py) and by their
// properties.
#include "nn/adam.h"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "nn/network_samples.h"
#include "places.h"

namespace ddpg {
namespace {

using nlohmann::json;
using testing::random_floats;
using testing::same_bits;

const json& golden() {
  static const json data = json::parse(std::ifstream(tests_folder() + "/golden/adam.json"));
  return data;
}

// The network of the golden file: weights, biases and normalisation.
NetworkShape golden_shape() {
  NetworkShape shape;
  shape.observation_size = 3;
  shape.hidden = {5};
  shape.output_size = 2;
  shape.layer_norm = true;
  return shape;
}

Weights weights_of(const Network& network, const json& tensors) {
  std::vector<Tensor> list = network.tensors(network.make_weights());
  for (Tensor& tensor : list) tensor.values = tensors.at(tensor.name).get<std::vector<float>>();
  return network.from_tensors(list);
}

void expect_near(const Network& network, const Weights& weights, const json& expected) {
  for (const Tensor& tensor : network.tensors(weights))
    for (std::size_t i = 0; i < tensor.values.size(); i++) {
      const double right = expected.at(tensor.name).at(i);
      EXPECT_NEAR(tensor.values[i], right, 1e-6 * (1 + std::fabs(right))) << tensor.name << ", " << i;
    }
}

TEST(Adam, TakesTheStepsOfPyTorch) {
  ASSERT_GE(golden().at("cases").size(), 5u);
  for (const Kernels* kernels : available_kernels())
    for (const json& item : golden().at("cases")) {
      SCOPED_TRACE(std::string(kernels->name) + ", " + item.at("name").get<std::string>());
      const json& options = item.at("options");
      const Network network(golden_shape());
      Adam adam(network, {options.at("beta1"), options.at("beta2"), options.at("epsilon")});
      Weights weights = weights_of(network, golden().at("start")),
              target = weights_of(network, golden().at("start_target"));
      for (const json& gradient : golden().at("gradients"))
        adam.step(network, {kernels, nullptr}, weights_of(network, gradient).parameters,
                  {options.at("learning_rate"), options.at("gradient_clip"), options.at("l2"), options.at("tau"),
                   options.at("weight_decay")},
                  weights, &target);
      expect_near(network, weights, item.at("parameters"));
      expect_near(network, target, item.at("target"));
      EXPECT_EQ(adam.steps(), 10);
    }
}

// A network whose parameters fill several blocks, a gradient to all of it, and what one step makes of it.
struct LargeStep {
  LargeStep()
      : gradient(network.buffer_size()), before(network.initialise(random, 0)), target(network.initialise(random, 0)) {
    const AlignedFloats places = testing::places_of_parameters(network);
    for (std::size_t i = 0; i < gradient.size(); i++)
      gradient[i] = places[i] * static_cast<float>(random.uniform(-1, 1));
  }
  Weights step(const DescentOptions& options, Weights* soft_target = nullptr) const {
    Weights weights = before;
    Adam(network, {}).step(network, {}, gradient, options, weights, soft_target);
    return weights;
  }

  RandomStream random{1, "adam"};
  Network network{testing::critic_shape({200, 210}, 2)};
  AlignedFloats gradient;
  Weights before, target;
};

// The first step is learning_rate * sign(gradient), for every parameter of every block; padding stays zero.
TEST(Adam, ReachesEveryParameter) {
  const LargeStep large;
  ASSERT_GT(large.network.buffer_size(), 32'768u);
  const Weights after = large.step({.learning_rate = 0.01});
  for (std::size_t i = 0; i < large.gradient.size(); i++) {
    const float g = large.gradient[i], moved = after.parameters[i] - large.before.parameters[i];
    const float expected = g > 0 ? -0.01f : g < 0 ? 0.01f : 0.0f;
    ASSERT_NEAR(moved, expected, 1e-5) << i;
  }
  EXPECT_TRUE(testing::padding_is_zero(large.network, after.parameters));
}

TEST(Adam, SoftUpdateWithTauOneIsACopy) {
  LargeStep large;
  const Weights after = large.step({.tau = 1}, &large.target);
  EXPECT_TRUE(same_bits(after.parameters, large.target.parameters));
}

TEST(Adam, SoftUpdateWithTauZeroLeavesTheTargetAlone) {
  LargeStep large;
  large.target.parameters[0] = -0.0f;
  large.before.parameters[1] = std::numeric_limits<float>::infinity();  // not even a broken network reaches it
  const Weights target = large.target;
  const Weights after = large.step({.tau = 0}, &large.target);
  EXPECT_TRUE(same_bits(target.parameters, large.target.parameters));
  EXPECT_TRUE(same_bits(after.parameters, large.step({}).parameters));
}

TEST(Adam, SoftUpdateIsTheWeightedMeanAfterTheStep) {
  LargeStep large;
  const Weights target = large.target;
  const Weights after = large.step({.tau = 0.005}, &large.target);
  EXPECT_TRUE(same_bits(after.parameters, large.step({}).parameters)) << "the target has no say in the step";
  for (std::size_t i = 0; i < large.gradient.size(); i++)
    ASSERT_NEAR(large.target.parameters[i], 0.005 * after.parameters[i] + 0.995 * target.parameters[i], 1e-7);
}

TEST(Adam, RunningStatisticsAreNotItsMatter) {
  NetworkShape shape = testing::actor_shape({20});
  shape.batch_norm = true;
  RandomStream random(2, "adam");
  const Network network(shape);
  Weights weights = testing::random_weights(network, random), target = testing::random_weights(network, random);
  const Weights weights_before = weights, target_before = target;
  Adam(network, {})
      .step(network, {}, random_floats(random, static_cast<int>(network.buffer_size())), {.tau = 1}, weights, &target);
  EXPECT_TRUE(same_bits(weights.statistics, weights_before.statistics));
  EXPECT_TRUE(same_bits(target.statistics, target_before.statistics));
}

TEST(Adam, GradientNormIsThatOfAllParameters) {
  const LargeStep large;
  double squares = 0;
  for (float g : large.gradient) squares += static_cast<double>(g) * g;
  for (const Kernels* kernels : available_kernels())
    EXPECT_NEAR(gradient_norm(large.network, {kernels, nullptr}, large.gradient), std::sqrt(squares),
                1e-4 * std::sqrt(squares));
}

// Adam is nearly blind to the scale of the gradient, so it is seen in a large epsilon.
TEST(Adam, ClipsOnlyWhatIsLonger) {
  LargeStep large;
  const auto moved = [&](double clip) {
    Weights weights = large.before;
    Adam(large.network, {.epsilon = 1000}).step(large.network, {}, large.gradient, {1.0, clip}, weights, nullptr);
    return weights;
  };
  const double norm = gradient_norm(large.network, {}, large.gradient);
  EXPECT_TRUE(same_bits(moved(0).parameters, moved(1.01 * norm).parameters));
  const Weights full = moved(0), half = moved(0.5 * norm);
  double full_length = 0, half_length = 0;
  for (std::size_t i = 0; i < large.gradient.size(); i++) {
    full_length += std::pow(full.parameters[i] - large.before.parameters[i], 2);
    half_length += std::pow(half.parameters[i] - large.before.parameters[i], 2);
  }
  EXPECT_NEAR(std::sqrt(half_length / full_length), 0.5, 1e-3);
}

}  // namespace
}  // namespace ddpg
