// Tensors in and out, initialisation, padding, running statistics, and that a row's result does not depend on its
// company.
#include "nn/network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ddpg/error.h"
#include "nn/adam.h"
#include "nn/initialisation.h"
#include "nn/network_samples.h"
#include "nn/tensors.h"

namespace ddpg {
namespace {

using ::testing::HasSubstr;
using testing::NetworkSample;
using testing::Pass;
using testing::same_bits;
using ::testing::ThrowsMessage;

TEST(Network, TensorsHaveTheExpectedForms) {
  for (const NetworkSample& sample : testing::network_samples()) {
    SCOPED_TRACE(sample.name);
    const Network network(sample.body);
    const std::vector<Tensor> tensors = network.tensors(network.make_weights());
    const std::vector<TensorForm> expected = expected_tensors(sample.body);
    ASSERT_EQ(tensors.size(), expected.size());
    std::int64_t trained = 0;
    for (std::size_t i = 0; i < tensors.size(); i++) {
      EXPECT_EQ(tensors[i].name, expected[i].name);
      EXPECT_EQ(tensors[i].shape, expected[i].shape);
      EXPECT_EQ(static_cast<std::int64_t>(tensors[i].values.size()), expected[i].elements());
      if (tensors[i].name.find("running") == std::string::npos) trained += expected[i].elements();
    }
    EXPECT_EQ(network.parameter_count(), trained);
  }
}

// Every element gets a number of its own, so two elements in one place, or one in another's, would be seen.
TEST(Network, TensorsGoInAndOut) {
  for (const NetworkSample& sample : testing::network_samples()) {
    SCOPED_TRACE(sample.name);
    const Network network(sample.body);
    std::vector<Tensor> tensors = network.tensors(network.make_weights());
    float next = 1;
    for (Tensor& tensor : tensors)
      for (float& value : tensor.values) value = next++;
    const Weights weights = network.from_tensors(tensors);
    EXPECT_EQ(network.tensors(weights), tensors);
    EXPECT_TRUE(testing::padding_is_zero(network, weights.parameters));
    EXPECT_TRUE(same_bits(network.from_tensors(network.tensors(weights)).statistics, weights.statistics));
  }
}

TEST(Network, LaysOutTheLargestLayersWithoutOverflow) {
  const Network network(testing::actor_shape({65'536, 65'536}));
  EXPECT_GT(network.buffer_size(), std::size_t{1} << 32);
  EXPECT_EQ(network.layers()[1].weights_size, std::size_t{1} << 32);
  EXPECT_GT(network.parameter_count(), std::int64_t{1} << 32);
}

// The ranges that Adam goes through cover the buffer once, and those with the L2 penalty hold the dense weights alone.
TEST(Network, RangesCoverTheBufferAndTellWeightsApart) {
  for (const NetworkSample& sample : testing::network_samples()) {
    SCOPED_TRACE(sample.name);
    const Network network(sample.body);
    std::vector<Tensor> tensors = network.tensors(network.make_weights());
    for (Tensor& tensor : tensors) {
      const bool is_weight = tensor.name.starts_with("layers.") && tensor.name.ends_with(".weight");
      tensor.values.assign(tensor.values.size(), is_weight ? 1.0f : -1.0f);
    }
    const Weights marks = network.from_tensors(tensors);
    std::size_t at = 0;
    for (const ParameterRange& range : network.ranges()) {
      EXPECT_EQ(range.begin, at);
      EXPECT_EQ(range.size % kPanel, 0u);
      for (; at < range.begin + range.size; at++) EXPECT_NE(marks.parameters[at], range.is_weight ? -1.0f : 1.0f) << at;
    }
    EXPECT_EQ(at, network.buffer_size());
  }
}

TEST(Network, RefusesTensorsOfAnotherNetwork) {
  const Network network(testing::critic_shape({5, 4}, 2));
  const std::vector<Tensor> good = network.tensors(network.make_weights());
  const auto refused = [&](auto change, const std::string& words) {
    std::vector<Tensor> tensors = good;
    change(tensors);
    EXPECT_THAT([&] { network.from_tensors(tensors); }, ThrowsMessage<UsageError>(HasSubstr(words)));
  };
  refused([](auto& t) { t.pop_back(); }, "expected 6 tensors, found 5");
  refused([](auto& t) { t.push_back(t.back()); }, "expected 6 tensors, found 7");
  refused([](auto& t) { t[1].name = "layers.7.bias"; }, "layers.7.bias");
  refused([](auto& t) { std::swap(t[0], t[2]); }, "expected the tensor layers.0.weight");
  refused([](auto& t) { t[0].shape = {25}; }, "layers.0.weight");
  refused([](auto& t) { t[3].values.pop_back(); }, "layers.1.bias");
  EXPECT_NO_THROW(network.from_tensors(good));
}

TEST(Network, RefusesShapesThatCannotBe) {
  const auto refused = [](auto change) {
    NetworkShape shape = testing::critic_shape({5, 4}, 2);
    change(shape);
    EXPECT_THROW(Network{shape}, UsageError);
  };
  refused([](NetworkShape& s) { s.observation_size = 0; });
  refused([](NetworkShape& s) { s.output_size = 0; });
  refused([](NetworkShape& s) { s.hidden[1] = 0; });
  refused([](NetworkShape& s) { s.action_size = -1; });
  refused([](NetworkShape& s) { s.action_layer = 0; });
  refused([](NetworkShape& s) { s.action_layer = 4; });
  refused([](NetworkShape& s) { s.action_size = 0; });
  refused([](NetworkShape& s) { s.batch_norm = s.layer_norm = true; });
}

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

// Real gradients, the L2 penalty, clipping and the soft update: what lies beyond the widths stays zero.
TEST(Padding, StaysZeroInTraining) {
  for (const NetworkSample& sample : testing::network_samples()) {
    SCOPED_TRACE(sample.name);
    Pass pass(sample.body, 13, 1);
    Weights target = pass.weights;
    Adam adam(pass.network, {});
    for (int step = 0; step < 10; step++) {
      pass.run(NormMode::batch);
      update_running_statistics(pass.network, pass.trace, pass.weights);
      pass.run_backward();
      ASSERT_TRUE(testing::padding_is_zero(pass.network, pass.gradient));
      adam.step(pass.network, pass.compute, pass.gradient, {0.1, 1.0, 1e-2, 0.005}, pass.weights, &target);
      ASSERT_TRUE(testing::padding_is_zero(pass.network, pass.weights.parameters));
      ASSERT_TRUE(testing::padding_is_zero(pass.network, target.parameters));
      ASSERT_TRUE(testing::padding_is_zero(pass.trace.output()));
    }
  }
}

// running = 0.9 running + 0.1 batch, the variance with rows - 1 in the denominator.
TEST(RunningStatistics, MoveByATenthTowardsTheBatch) {
  NetworkShape shape = testing::actor_shape({18});
  shape.batch_norm = true;
  Pass pass(shape, 7, 2);
  const std::vector<Tensor> before = pass.network.tensors(pass.weights);
  pass.run(NormMode::running);
  EXPECT_EQ(pass.network.tensors(pass.weights), before) << "a forward pass changes no statistics";
  pass.run(NormMode::batch);
  EXPECT_EQ(pass.network.tensors(pass.weights), before);
  update_running_statistics(pass.network, pass.trace, pass.weights);
  const std::vector<Tensor> after = pass.network.tensors(pass.weights);
  for (std::size_t c = 0; c < 5; c++) {
    double mean = 0, squares = 0;
    for (int r = 0; r < 7; r++) mean += pass.observation.view().at(r, static_cast<int>(c)) / 7.0;
    for (int r = 0; r < 7; r++) squares += std::pow(pass.observation.view().at(r, static_cast<int>(c)) - mean, 2);
    EXPECT_NEAR(after[2].values[c], 0.9 * before[2].values[c] + 0.1 * mean, 1e-6);
    EXPECT_NEAR(after[3].values[c], 0.9 * before[3].values[c] + 0.1 * squares / 6, 1e-6);
  }
  for (const std::size_t i : {7u, 8u}) {
    ASSERT_THAT(after[i].name, HasSubstr("norms.0.running"));
    for (std::size_t c = 0; c < 18; c++) EXPECT_NE(after[i].values[c], before[i].values[c]);
  }
  for (const std::size_t i : {0u, 1u, 4u, 5u, 6u, 9u, 10u}) EXPECT_EQ(after[i], before[i]);
}

TEST(Inference, OfARowIsTheSameAloneAndInABatch) {
  for (const NetworkSample& sample : testing::network_samples())
    for (const Kernels* kernels : available_kernels()) {
      SCOPED_TRACE(sample.name + ", " + kernels->name);
      Pass pass(sample.body, 61, 3);
      pass.compute.kernels = kernels;
      const ConstPanels batch = pass.run(NormMode::running);
      for (const int r : {0, 1, 47, 48, 60}) {
        Trace trace(pass.network, 1, false);
        const ConstPanels action = pass.action_view();
        forward(pass.network, pass.compute, pass.weights, pass.observation.view().block(r, r + 1),
                action.width ? action.block(r, r + 1) : ConstPanels{}, NormMode::running, trace);
        for (int c = 0; c < batch.width; c++) {
          const float expected = batch.at(r, c), found = trace.output().at(0, c);
          ASSERT_TRUE(same_bits(&expected, &found, 1)) << "row " << r << ", output " << c;
        }
      }
    }
}

// What an earlier, larger batch left in the trace plays no part.
TEST(Inference, ATraceServesFewerRowsThanItCanHold) {
  for (const NetworkSample& sample : testing::network_samples()) {
    SCOPED_TRACE(sample.name);
    Pass used(sample.body, 5, 4), fresh(sample.body, 5, 4), larger(sample.body, 8, 5);
    forward(used.network, used.compute, larger.weights, larger.observation.view(), larger.action_view(),
            NormMode::batch, used.trace);
    EXPECT_TRUE(testing::same_rows(fresh.run(NormMode::batch), used.run(NormMode::batch)));
    fresh.run_backward();
    used.run_backward();
    EXPECT_TRUE(same_bits(fresh.gradient, used.gradient));
  }
}

}  // namespace
}  // namespace ddpg
