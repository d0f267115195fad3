// Embeddings (SALE): which copies are read when, and that what is deployed is what was trained. Whole updates against
// PyTorch: update_golden_test.cpp.
#include "agent/encoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "agent/algorithm.h"
#include "agent/learning_rule.h"
#include "agent/small_options.h"
#include "agent/test_environments.h"
#include "policy/content.h"

namespace ddpg {
namespace {

Specification encoder_task() {
  return {"test", 3, {-1.0f, -2.0f}, {1.0f, 4.0f}, 0};
}

Options sale_options(Body body = Body::avg_l1_norm) {
  Options options = testing::small_options();
  options.actor.body = options.critic.body = body;
  options.actor.final_init = options.critic.final_init = 0;
  options.encoder = {.kind = EncoderKind::sale, .hidden = {9}, .size = 7};
  options.hard_update_interval = 3;
  options.batch_size = 8;
  return options;
}

Minibatch encoder_minibatch(const Options& options) {
  Minibatch minibatch(options.batch_size, 3, 2);
  RandomStream random(5, "minibatch");
  for (PanelMatrix* matrix : {&minibatch.observation, &minibatch.action, &minibatch.next_observation})
    for (int r = 0; r < options.batch_size; r++)
      for (int c = 0; c < matrix->view().width; c++)
        matrix->view().at(r, c) = static_cast<float>(random.uniform(-1, 1));
  for (float& reward : minibatch.reward) reward = static_cast<float>(random.normal());
  std::ranges::fill(minibatch.discount, 0.5f);
  return minibatch;
}

using Floats = std::vector<float>;
Floats floats_of(const Weights& weights) {
  return {weights.parameters.begin(), weights.parameters.end()};
}

TEST(Encoder, LearnsAtEachUpdateAndIsSeenFromTheNextCopyOnByTheTargetsFromTheOneAfter) {
  const Options options = sale_options();
  Learner learner(options, encoder_task(), {});
  const Minibatch minibatch = encoder_minibatch(options);
  const Encoding& f = learner.networks().encoder()->f;
  const Floats first = floats_of(f.weights);
  EXPECT_EQ(floats_of(f.fixed), first);
  EXPECT_EQ(floats_of(f.target), first);
  Floats copied;
  double loss = INFINITY;
  for (int update = 1; update <= 6; update++) {
    const Floats before = floats_of(f.weights);
    Measures measures;
    learner.learn_from(minibatch, measures);
    EXPECT_NE(floats_of(f.weights), before) << update;
    EXPECT_LT(learner.networks().encoder()->loss(), loss) << update;
    loss = learner.networks().encoder()->loss();
    if (update == 3) copied = floats_of(f.weights);
    EXPECT_EQ(floats_of(f.fixed), update < 3 ? first : update < 6 ? copied : floats_of(f.weights)) << update;
    EXPECT_EQ(floats_of(f.target), update < 6 ? first : copied) << update;
  }
}

TEST(Encoder, ActorAndCriticsReadTheFixedEncoderAlone) {
  for (const Body body : {Body::avg_l1_norm, Body::mlp, Body::layer_norm_tanh}) {
    const Options options = sale_options(body);
    const Minibatch minibatch = encoder_minibatch(options);
    const auto critic_after = [&](const auto& change) {
      Learner learner(options, encoder_task(), {});
      change(*learner.networks().encoder());
      Measures measures;
      learner.learn_from(minibatch, measures);
      return floats_of(learner.networks().critic().weights);
    };
    const auto move = [](Weights& weights) { weights.parameters[0] += 0.5f; };
    const Floats plain = critic_after([](Encoder&) {});
    EXPECT_EQ(critic_after([&](Encoder& encoder) { move(encoder.f.weights), move(encoder.g.weights); }), plain);
    for (const auto part : {&Encoder::f, &Encoder::g}) {
      EXPECT_NE(critic_after([&](Encoder& encoder) { move((encoder.*part).fixed); }), plain);
      EXPECT_NE(critic_after([&](Encoder& encoder) { move((encoder.*part).target); }), plain);
    }
  }
}

// The bodies that go with an encoder; a hidden layer before an only action of each.
TEST(Encoder, ADeployedPolicyActsAsTheTrainedOneToTheBit) {
  for (const Body body : {Body::avg_l1_norm, Body::mlp, Body::layer_norm_tanh, Body::simba})
    for (const bool normalise : {false, true}) {
      Options options = sale_options(body);
      options.normalise_observations = normalise;
      options.learning_starts = 10;
      Algorithm algorithm(options, testing::scripted(testing::point()));
      for (int step = 0; step < 60; step++) algorithm.step();
      Policy policy = algorithm.policy({});
      const Policy::Content& content = policy.content();
      ASSERT_EQ(content.checks(), 16u);
      std::vector<float> action(1);
      for (std::size_t check = 0; check < content.checks(); check++) {
        policy.act(std::vector<double>{static_cast<double>(content.check_observations[check])}, action);
        EXPECT_EQ(action[0], content.check_actions[check]) << static_cast<int>(body);
      }
    }
}

TEST(Encoder, APolicyIsTakenApartAgain) {
  const Options options = sale_options();
  Mu mu(options, encoder_task(), 1);
  Learner learner(options, encoder_task(), {});
  const PolicyWeights weights = learner.networks().policy_weights();
  const Mu::Parts parts = mu.parts(mu.tensors(weights));
  EXPECT_EQ(floats_of(parts.actor), floats_of(*weights.actor));
  EXPECT_EQ(floats_of(*parts.encoder), floats_of(*weights.encoder));
}

TEST(Encoder, ALossThatIsNotFiniteEndsTheTraining) {
  Options options = sale_options();
  options.encoder.learning_rate = 1e30;
  options.learning_starts = 10;
  Algorithm algorithm(options, testing::scripted(testing::point()));
  try {
    for (int step = 0; step < 100; step++) algorithm.step();
    FAIL();
  } catch (const std::exception& error) {
    EXPECT_NE(std::string(error.what()).find("the encoder's loss"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace ddpg
