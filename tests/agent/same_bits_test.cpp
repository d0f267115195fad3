// The promise of the same bits on every processor, kept for whole trainings: 2,000 steps of Pendulum with each set of
// kernels that this processor has, plain loops included, and one hash that stands here for all the machines that run
// this. When a change of the arithmetic is meant, the test prints the new hash.
#include <gtest/gtest.h>

#include "agent/algorithm.h"
#include "agent/small_options.h"
#include "agent/test_environments.h"
#include "policy/content.h"
#include "support/bytes.h"

namespace ddpg {
namespace {

// All that was learnt: all networks, their targets and statistics.
std::string learnt(const ActorCritic& networks) {
  std::vector<const Learned*> all = {&networks.actor};
  for (const Learned& critic : networks.critics) all.push_back(&critic);
  ByteWriter bytes;
  for (const Learned* learned : all)
    for (const Weights* weights : {&learned->weights, &learned->target})
      for (const AlignedFloats* floats : {&weights->parameters, &weights->statistics})
        for (const float value : *floats) bytes.f32(value);
  return bytes.bytes();
}

// On each set of kernels that this processor has.
class SameBits : public ::testing::TestWithParam<const Kernels*> {
 protected:
  static void expect_after_two_thousand_steps(const Options& options, std::uint32_t golden) {
    VectorEnvironment::Copies copies;
    for (int i = 0; i < options.environments; i++) copies.push_back(make_environment("Pendulum-v1"));
    Algorithm algorithm(options, std::move(copies), GetParam());
    while (algorithm.steps() < 2'000) algorithm.step(2'000 - algorithm.steps());
    algorithm.learn();
    const std::uint32_t hash = crc32(learnt(algorithm.networks()));
    EXPECT_EQ(hash, golden) << "0x" << std::hex << hash;
  }
};

TEST_P(SameBits, OfReluNetworks) {
  Options options;
  options.actor.hidden = options.critic.hidden = {40, 40};
  options.batch_size = 16;
  options.warmup_steps = options.learning_starts = 200;
  expect_after_two_thousand_steps(options, 0x2ee61c06);
}

// All the other arithmetic: both norms, tanh, elu, OU noise, L2, clipping; odd widths and an odd batch.
TEST_P(SameBits, OfEverythingElse) {
  Options options;
  options.actor.hidden = {21, 16};
  options.critic.hidden = {33, 17};
  options.actor.activation = Activation::tanh;
  options.critic.activation = Activation::elu;
  options.actor.batch_norm = options.critic.layer_norm = true;
  options.critic.action_layer = 2;
  options.critic.l2 = 0.01;
  options.critic.gradient_clip = 1;
  options.exploration.noise = Noise::ornstein_uhlenbeck;
  options.normalise_observations = options.normalise_rewards = true;
  options.batch_size = 19;
  options.warmup_steps = options.learning_starts = 100;
  expect_after_two_thousand_steps(options, 0xcc00df05);
}

// Residual blocks, their initialisation and AdamW; Huber's loss.
TEST_P(SameBits, OfResidualNetworks) {
  Options options;
  options.actor.hidden = {9};
  options.critic.hidden = {17, 17};
  for (NetworkOptions* network :
       {static_cast<NetworkOptions*>(&options.actor), static_cast<NetworkOptions*>(&options.critic)}) {
    network->body = Body::simba;
    network->init = Init::orthogonal_he;
    network->final_init = 0;
    network->weight_decay = 0.01;
  }
  options.critic.head = Head::huber;
  options.normalise_observations = true;
  options.batch_size = 19;
  options.warmup_steps = options.learning_starts = 200;
  options.updates_per_step = 0.25;
  expect_after_two_thousand_steps(options, 0x1c004193);
}

// Three environments on two threads, overlapped with the updates.
TEST_P(SameBits, OfManyEnvironmentsOverlapped) {
  Options options;
  options.environments = 3;
  options.overlap = true;
  options.threads = 2;
  options.actor.hidden = options.critic.hidden = {24, 24};
  options.batch_size = 16;
  options.exploration.noise = Noise::ornstein_uhlenbeck;
  options.normalise_observations = true;
  options.warmup_steps = options.learning_starts = 200;
  expect_after_two_thousand_steps(options, 0xd9a1ba6e);
}

// TD3 with its own numbers, but for sizes; and its parts otherwise, on three critics and two threads.
TEST_P(SameBits, OfTd3) {
  Options options = find_preset("td3").options;
  options.actor.hidden = options.critic.hidden = {40, 40};
  options.batch_size = 16;
  options.warmup_steps = options.learning_starts = 200;
  expect_after_two_thousand_steps(options, 0xef4f62b8);

  options.critic.count = 3;
  options.critic.aggregate = Aggregate::mean;
  options.actor.period = 3;
  options.actor.aggregate = Aggregate::mean;
  options.target = {.noise = 0.3, .noise_clip = 0, .period = 1};
  options.threads = 2;
  expect_after_two_thousand_steps(options, 0x71783865);
}

// Returns of three steps, drawn by priority, of two environments.
TEST_P(SameBits, OfPrioritisedReturns) {
  Options options;
  options.environments = 2;
  options.actor.hidden = options.critic.hidden = {24, 24};
  options.critic.count = 2;
  options.batch_size = 16;
  options.n_step = 3;
  options.replay.priority = Priority::lap;
  options.replay.floor = 0.01;
  options.replay_capacity = 900;
  options.warmup_steps = options.learning_starts = 200;
  expect_after_two_thousand_steps(options, 0x4f943daf);
}

// Distributions over values on networks as Acme has them, drawn by priority with weights.
TEST_P(SameBits, OfDistributions) {
  Options options = find_preset("d4pg").options;
  options.actor.hidden = {20, 9};
  options.critic.hidden = {17, 10};
  options.critic.count = 2;
  options.critic.atoms = 21;
  options.batch_size = 9;
  options.updates_per_step = 0.2;
  options.replay.priority = Priority::per;
  options.learning_starts = 200;
  expect_after_two_thousand_steps(options, 0xd5b445b6);
}

// Targets cut to what was seen, and priorities that fade.
TEST_P(SameBits, OfSeenRangesAndFadingPriorities) {
  Options options;
  options.actor.hidden = options.critic.hidden = {24, 24};
  options.batch_size = 16;
  options.hard_update_interval = 50;
  options.target.clip_to_seen_range = true;
  options.critic.head = Head::huber;
  options.replay.priority = Priority::fade;
  options.replay.decay = 0.999;
  options.replay_capacity = 900;
  options.warmup_steps = options.learning_starts = 200;
  expect_after_two_thousand_steps(options, 0x02dbbc15);
}

// TD7 but for sizes, which fill no panels; policies that are kept once they have proved themselves.
TEST_P(SameBits, OfEmbeddings) {
  Options options = find_preset("td7").options;
  options.actor.hidden = {20, 17, 9};
  options.critic.hidden = {21, 17, 10};
  options.encoder.hidden = {19, 16};
  options.encoder.size = 18;
  options.batch_size = 16;
  options.hard_update_interval = 50;
  options.warmup_steps = options.learning_starts = 200;
  expect_after_two_thousand_steps(options, 0xd66d3c2c);
}

INSTANTIATE_TEST_SUITE_P(Kernels, SameBits, ::testing::ValuesIn(available_kernels()),
                         [](const auto& test) { return test.param->name; });

TEST(SameBitsOfAlgorithm, SameSeedSameBitsOnAnyThreadsAndKernels) {
  Options options = testing::small_options();
  options.normalise_observations = true;
  const auto run = [&options](std::uint64_t seed, int threads, const Kernels* kernels) {
    options.seed = seed;
    options.threads = threads;
    Algorithm algorithm(options, testing::scripted(testing::point()), kernels);
    while (algorithm.steps() < 160) algorithm.step();
    return algorithm.policy({}).content().tensors;
  };
  const auto small = run(1, 1, nullptr);
  EXPECT_TRUE(run(1, 1, nullptr) == small);
  EXPECT_TRUE(run(1, 1, &reference_kernels()) == small);
  EXPECT_FALSE(run(2, 1, nullptr) == small);

  options.actor.hidden = options.critic.hidden = {144, 128};  // worth sharing between threads
  options.batch_size = 128;
  const auto wide = run(1, 1, nullptr);
  EXPECT_TRUE(run(1, 2, nullptr) == wide);
}

}  // namespace
}  // namespace ddpg
