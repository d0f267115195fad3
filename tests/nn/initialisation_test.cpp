// Initial weights: the laws of both kinds, and which tensors of a network have which.
#include "nn/initialisation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "nn/network.h"
#include "nn/network_samples.h"

namespace ddpg {
namespace {

using testing::NetworkSample;
using testing::same_bits;

// Fan-in counts the action where it joins: 1 / sqrt(48 + 16) = 0.125 at layer 2.
TEST(Initialisation, IsUniformWithinOneOverTheRootOfTheFanIn) {
  NetworkShape shape = testing::critic_shape({48, 400}, 2, 16);
  const Network network(shape);
  RandomStream random(1, "init");
  const std::vector<Tensor> tensors = network.tensors(network.initialise(random, 3e-3));
  const double bounds[] = {1 / std::sqrt(5.0), 1 / std::sqrt(5.0), 0.125, 0.125, 3e-3, 3e-3};
  ASSERT_EQ(tensors.size(), std::size(bounds));
  for (std::size_t i = 0; i < tensors.size(); i++) {
    SCOPED_TRACE(tensors[i].name);
    const auto count = static_cast<double>(tensors[i].values.size());
    double mean = 0, variance = 0, largest = 0;
    for (float value : tensors[i].values) {
      mean += value / bounds[i] / count;
      variance += std::pow(value / bounds[i], 2) / count;
      largest = std::max(largest, std::fabs(value / bounds[i]));
    }
    EXPECT_LE(largest, 1 + 1e-7);
    if (count < 40) continue;
    EXPECT_GT(largest, 1 - 12 / count) << "fails by chance once in 160,000";
    EXPECT_NEAR(mean, 0, 5 / std::sqrt(3 * count));
    EXPECT_NEAR(variance, 1.0 / 3, 5 * std::sqrt(4.0 / 45 / count));
  }
}

TEST(Initialisation, OfTheOutputLayerIsLikeTheOthersWhereNoneIsGiven) {
  const Network network(testing::actor_shape({100}, 20));
  RandomStream random(2, "init");
  const std::vector<Tensor> tensors = network.tensors(network.initialise(random, 0));
  EXPECT_NEAR(std::ranges::max(tensors[2].values), 0.1, 1e-3);
}

// W W' = 1 or W' W = 1, whichever is the smaller.
void expect_orthogonal(const std::vector<float>& w, int out, int in) {
  const int count = std::min(out, in), length = std::max(out, in);
  const auto at = [&](int vector, int i) {
    const int index = out <= in ? vector * in + i : i * in + vector;
    return static_cast<double>(w[static_cast<std::size_t>(index)]);
  };
  for (int a = 0; a < count; a++)
    for (int b = 0; b <= a; b++) {
      double sum = 0;
      for (int i = 0; i < length; i++) sum += at(a, i) * at(b, i);
      EXPECT_NEAR(sum, a == b ? 1 : 0, 1e-6) << a << " " << b;
    }
}

TEST(Initialisation, OrthogonalWeightsAreAtRightAngles) {
  RandomStream random(4, "init");
  for (const auto& [out, in] :
       {std::pair{7, 20}, std::pair{20, 7}, std::pair{16, 16}, std::pair{1, 5}, std::pair{3, 1}})
    expect_orthogonal(orthogonal_weights(out, in, random), out, in);
  // as likely one way as the other: signs, and both ends of the first vector
  double sum = 0, first = 0;
  for (int i = 0; i < 400; i++) {
    const std::vector<float> w = orthogonal_weights(3, 3, random);
    first += std::pow(w[0], 2) / 400;
    for (const float value : w) sum += value / std::sqrt(400.0 * 3);
  }
  EXPECT_LT(std::fabs(sum), 4);
  EXPECT_NEAR(first, 1.0 / 3, 4 * std::sqrt(4.0 / 45 / 400));
}

TEST(Initialisation, HesWeightsHaveVarianceTwoOverTheFanIn) {
  RandomStream random(5, "init");
  const std::vector<float> w = he_weights(300, 50, random);
  double mean = 0, variance = 0, largest = 0;
  for (const float value : w) {
    mean += value / static_cast<double>(w.size());
    variance += std::pow(value, 2) / static_cast<double>(w.size());
    largest = std::max<double>(largest, std::fabs(value));
  }
  EXPECT_NEAR(mean, 0, 5 * 0.2 / std::sqrt(w.size()));
  EXPECT_NEAR(variance, 0.04, 0.04 * 5 / std::sqrt(w.size()));
  EXPECT_NEAR(largest, 2 * 0.2 / 0.8796, 1e-3) << "cut at two deviations";
}

// The first and the last layer orthogonal, He's between, no biases; the output layer by its own width where one is
// given.
TEST(Initialisation, OrthogonalAtTheEndsAndHesBetween) {
  const Network network(testing::simba_shape(testing::critic_shape({12, 12}, 1)));
  RandomStream random(6, "init");
  const std::vector<Tensor> tensors = network.tensors(network.initialise(random, 0, Init::orthogonal_he));
  for (const Tensor& tensor : tensors) {
    if (tensor.name == "layers.0.weight") expect_orthogonal(tensor.values, 12, 8);
    if (tensor.name == "layers.5.weight") expect_orthogonal(tensor.values, 1, 12);
    const bool bias = tensor.name.ends_with("bias");
    for (const float value : tensor.values) EXPECT_TRUE(!bias || value == 0) << tensor.name;
    if (tensor.name != "layers.2.weight") continue;
    EXPECT_EQ(tensor.shape, (std::vector<int>{12, 48}));
    EXPECT_NEAR(std::ranges::max(tensor.values), 2 * std::sqrt(2.0 / 48) / 0.8796, 0.02);
  }
  for (const Tensor& tensor : network.tensors(network.initialise(random, 3e-3, Init::orthogonal_he)))
    for (const float value : tensor.values)
      EXPECT_TRUE(!tensor.name.starts_with("layers.5.") || (value != 0 && std::fabs(value) <= 3e-3f)) << tensor.name;
}

TEST(Initialisation, IsDecidedByTheStreamAndLeavesNormalisationNeutral) {
  for (const NetworkSample& sample : testing::network_samples()) {
    SCOPED_TRACE(sample.name);
    const Network network(sample.body);
    RandomStream random(3, "init"), same(3, "init"), other(4, "init");
    const Weights weights = network.initialise(random, 3e-3);
    EXPECT_TRUE(same_bits(weights.parameters, network.initialise(same, 3e-3).parameters));
    EXPECT_FALSE(same_bits(weights.parameters, network.initialise(other, 3e-3).parameters));
    EXPECT_TRUE(testing::padding_is_zero(network, weights.parameters));
    for (const Tensor& tensor : network.tensors(weights))
      if (tensor.name.find("norm") != std::string::npos) {
        const float neutral = tensor.name.ends_with("weight") || tensor.name.ends_with("var") ? 1.0f : 0.0f;
        for (float value : tensor.values) EXPECT_EQ(value, neutral) << tensor.name;
      }
  }
}

}  // namespace
}  // namespace ddpg
