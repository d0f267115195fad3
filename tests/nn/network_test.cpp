// Tensors in and out, padding, running statistics, and that a row's result does not depend on its
// company.
#include "nn/network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ddpg/error.h"
#include "nn/adam.h"
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
