// The number of threads changes no bit of a result, on networks large enough that the work is really shared.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include "nn/adam.h"
#include "nn/network_samples.h"

namespace ddpg {
namespace {

using testing::Pass;
using testing::same_bits;

constexpr int kManyRows = 300;

// 300 x 700 outputs: even their normalisation alone is worth sharing (Compute::run).
std::vector<NetworkShape> large_shapes() {
  std::vector<NetworkShape> shapes{testing::actor_shape({700, 70}), testing::critic_shape({700, 100}, 2, 6)};
  for (const std::size_t i : {0u, 1u}) {
    NetworkShape batch = shapes[i], layer = shapes[i];
    batch.batch_norm = true;
    layer.layer_norm = true;
    shapes.insert(shapes.end(), {batch, layer});
  }
  shapes.push_back(testing::simba_shape(testing::critic_shape({180, 180}, 1, 6)));
  return shapes;
}

// A step of training with everything that threads may share; `threads` 0: no pool.
struct Training {
  Training(const NetworkShape& shape, int threads) : pass(shape, kManyRows, 1), target(pass.weights) {
    if (threads > 0) pool.emplace(threads);
    pass.compute.pool = threads > 0 ? &*pool : nullptr;
    Adam adam(pass.network, {});
    pass.run(NormMode::batch);
    update_running_statistics(pass.network, pass.trace, pass.weights);
    pass.run_backward();
    adam.step(pass.network, pass.compute, pass.gradient, {1e-2, 1.0, 1e-2, 0.005}, pass.weights, &target);
    pass.run(NormMode::batch);
    if (shape.action_size) action_gradient = pass.run_backward_action();
  }

  std::optional<ThreadPool> pool;
  Pass pass;
  Weights target;
  PanelMatrix action_gradient;
};

TEST(Threads, ChangeNoBit) {
  for (const NetworkShape& shape : large_shapes()) {
    SCOPED_TRACE(::testing::Message() << "actions " << shape.action_size << ", batch norm " << shape.batch_norm
                                      << ", layer norm " << shape.layer_norm);
    Training alone(shape, 0);
    for (const int threads : {1, 2, 3}) {
      SCOPED_TRACE(threads);
      Training shared(shape, threads);
      EXPECT_TRUE(testing::same_rows(alone.pass.trace.output(), shared.pass.trace.output()));
      EXPECT_TRUE(same_bits(alone.pass.gradient, shared.pass.gradient));
      EXPECT_TRUE(same_bits(alone.pass.weights.parameters, shared.pass.weights.parameters));
      EXPECT_TRUE(same_bits(alone.pass.weights.statistics, shared.pass.weights.statistics));
      EXPECT_TRUE(same_bits(alone.target.parameters, shared.target.parameters));
      EXPECT_TRUE(same_bits(alone.action_gradient, shared.action_gradient));
    }
  }
}

// Kernels that note whether another thread than the test's own has called them.
std::thread::id caller;
std::atomic<bool> seen_forward, seen_weights, seen_adam;

void note(std::atomic<bool>& seen) {
  if (std::this_thread::get_id() != caller) seen = true;
}

Kernels noting_kernels() {
  Kernels kernels = best_kernels();
  kernels.dense_forward = [](auto... arguments) {
    note(seen_forward);
    best_kernels().dense_forward(arguments...);
  };
  kernels.dense_backward_weights = [](auto... arguments) {
    note(seen_weights);
    best_kernels().dense_backward_weights(arguments...);
  };
  kernels.adam = [](auto... arguments) {
    note(seen_adam);
    best_kernels().adam(arguments...);
  };
  return kernels;
}

TEST(Threads, ShareTheWorkOfLargeNetworks) {
  const Kernels kernels = noting_kernels();
  ThreadPool pool(2);
  Pass pass(large_shapes()[0], kManyRows, 2);
  pass.compute = {&kernels, &pool};
  Adam adam(pass.network, {});
  caller = std::this_thread::get_id();
  seen_forward = seen_weights = seen_adam = false;
  const auto limit =
      std::chrono::steady_clock::now() + std::chrono::seconds(60);  // a busy machine may wake a thread late
  while (!(seen_forward && seen_weights && seen_adam) && std::chrono::steady_clock::now() < limit) {
    pass.run(NormMode::batch);
    pass.run_backward();
    adam.step(pass.network, pass.compute, pass.gradient, {}, pass.weights, nullptr);
  }
  EXPECT_TRUE(seen_forward);
  EXPECT_TRUE(seen_weights);
  EXPECT_TRUE(seen_adam);
}

TEST(Threads, LeaveSmallWorkToTheCaller) {
  const Kernels kernels = noting_kernels();
  ThreadPool pool(2);
  Pass pass(testing::actor_shape({64, 64}), 64, 3);
  pass.compute = {&kernels, &pool};
  caller = std::this_thread::get_id();
  seen_forward = false;
  for (int i = 0; i < 200; i++) pass.run(NormMode::batch);
  EXPECT_FALSE(seen_forward);
}

}  // namespace
}  // namespace ddpg
