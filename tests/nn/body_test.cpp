// Lists of steps: those that bodies make, written out by hand, and those that are no network.
#include "nn/body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ddpg/error.h"
#include "nn/activations.h"
#include "nn/network_samples.h"

namespace ddpg {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

const Step kLayerNorm = plain_step(StepKind::layer_norm), kBatchNorm = plain_step(StepKind::batch_norm),
           kJoin = plain_step(StepKind::join), kRelu = activate_step(Activation::relu),
           kTanh = activate_step(Activation::tanh);

TEST(Body, OfAMultilayerPerceptron) {
  NetworkShape actor = testing::actor_shape({19, 7});
  EXPECT_THAT(mlp(actor).steps, ElementsAre(dense_step(19), kRelu, dense_step(7), kRelu, dense_step(2), kTanh));
  actor.layer_norm = true;
  EXPECT_THAT(mlp(actor).steps,
              ElementsAre(dense_step(19), kLayerNorm, kRelu, dense_step(7), kLayerNorm, kRelu, dense_step(2), kTanh));
  NetworkShape critic = testing::critic_shape({19, 7}, 2);
  critic.batch_norm = true;
  EXPECT_THAT(mlp(critic).steps, ElementsAre(kBatchNorm, dense_step(19, false), kBatchNorm, kRelu, kJoin, dense_step(7),
                                             kRelu, dense_step(1)));
}

TEST(Body, OfSimba) {
  const NetworkShape critic = testing::simba_shape(testing::critic_shape({8, 8}, 1));
  EXPECT_THAT(body_of(critic).steps,
              ElementsAre(kJoin, dense_step(8), kLayerNorm, dense_step(32), kRelu, dense_step(8), add_step(2),
                          kLayerNorm, dense_step(32), kRelu, dense_step(8), add_step(7), kLayerNorm, dense_step(1)));
  NetworkShape wrong = critic;
  wrong.hidden = {8, 9};
  EXPECT_THAT([&] { body_of(wrong); }, ThrowsMessage<UsageError>(HasSubstr("all alike")));
  wrong = critic;
  wrong.layer_norm = true;
  EXPECT_THAT([&] { body_of(wrong); }, ThrowsMessage<UsageError>(HasSubstr("neither batch_norm")));
}

TEST(Body, OfAPerceptronWhoseFirstLayerIsNormalised) {
  NetworkShape critic = testing::critic_shape({8, 7, 6}, 1);
  critic.body = Body::layer_norm_tanh;
  EXPECT_THAT(body_of(critic).steps, ElementsAre(kJoin, dense_step(8), kLayerNorm, kTanh, dense_step(7), kRelu,
                                                 dense_step(6), kRelu, dense_step(1)));
  NetworkShape actor = testing::actor_shape({8});
  actor.body = Body::layer_norm_tanh;
  EXPECT_THAT(body_of(actor).steps, ElementsAre(dense_step(8), kLayerNorm, kTanh, dense_step(2), kTanh));
  critic.action_layer = 2;
  EXPECT_THAT([&] { body_of(critic); }, ThrowsMessage<UsageError>(HasSubstr("layer-norm-tanh")));
  actor.hidden = {};
  EXPECT_THAT([&] { body_of(actor); }, ThrowsMessage<UsageError>(HasSubstr("a hidden layer")));
}

TEST(Body, OfAPerceptronWhoseFirstLayerIsDividedByItsMeanSize) {
  const Step average = plain_step(StepKind::avg_l1_norm);
  NetworkShape critic = testing::average_shape(testing::critic_shape({8, 7}, 1));
  EXPECT_THAT(body_of(critic).steps, ElementsAre(kJoin, dense_step(8), average, dense_step(7), kRelu, dense_step(1)));
  critic.action_layer = 2;
  EXPECT_THAT(body_of(critic).steps, ElementsAre(dense_step(8), average, kJoin, dense_step(7), kRelu, dense_step(1)));
  const NetworkShape actor = testing::average_shape(testing::actor_shape({8}));
  EXPECT_THAT(body_of(actor).steps, ElementsAre(dense_step(8), average, dense_step(2), kTanh));
  critic.layer_norm = true;
  EXPECT_THAT([&] { body_of(critic); }, ThrowsMessage<UsageError>(HasSubstr("neither batch_norm")));
  NetworkShape encoder = testing::critic_shape({6}, 1);
  encoder.output_norm = true;
  EXPECT_THAT(body_of(encoder).steps, ElementsAre(kJoin, dense_step(6), kRelu, dense_step(1), average));
}

// Value 2 is the embedding; values of the actor move on by what comes before it.
TEST(Body, OfAnEncoderWithItsActor) {
  const NetworkBody encoder{5, 0, {dense_step(4), plain_step(StepKind::avg_l1_norm)}};
  const NetworkBody actor{
      5, 4, {dense_step(3), kJoin, dense_step(7), dense_step(7), add_step(3), dense_step(2), kTanh}};
  const NetworkBody both = with_encoder(encoder, actor);
  EXPECT_THAT(both.steps, ElementsAre(dense_step(4), plain_step(StepKind::avg_l1_norm), recall_step(0), dense_step(3),
                                      append_step(2), dense_step(7), dense_step(7), add_step(6), dense_step(2), kTanh));
  EXPECT_EQ(both.width(5), 7);
  EXPECT_EQ(fault_of(both.steps, 5, 0), nullptr);
  EXPECT_EQ(in_words(both), "5-4-3-7-7-2, AvgL1Norm, encoder, residual");
}

TEST(Body, InWords) {
  NetworkShape shape = testing::actor_shape({19, 7});
  shape.batch_norm = true;
  EXPECT_EQ(in_words(body_of(shape)), "5-19-7-2, batch normalisation, relu");
  EXPECT_EQ(in_words(body_of(testing::simba_shape(testing::actor_shape({8})))),
            "5-8-32-8-2, layer normalisation, relu, residual");
}

TEST(Body, OfWhatIsNoNetworkIsRefused) {
  const auto refused = [](const NetworkBody& body, const char* message) {
    EXPECT_THAT([&] { Network{body}; }, ThrowsMessage<UsageError>(HasSubstr(message)));
  };
  refused({5, 0, {}}, "number of steps");
  refused({5, 0, std::vector<Step>(257, dense_step(1))}, "number of steps");
  refused({0, 0, {dense_step(1)}}, "sizes");
  refused({5, 0, {dense_step(0)}}, "outputs of a dense step");
  refused({5, 0, {dense_step(4), kLayerNorm, kRelu, kLayerNorm}}, "one normalisation");
  refused({5, 2, {kJoin, kBatchNorm, dense_step(1)}}, "batch normalisation before the action joins");
  refused({5, 0, {dense_step(4), dense_step(4), add_step(0)}}, "earlier steps gave");
  refused({5, 0, {dense_step(4), dense_step(4), add_step(2)}}, "earlier steps gave");
  refused({5, 0, {dense_step(4), dense_step(3), add_step(1)}}, "same width");
  refused({5, 0, {kJoin, dense_step(4)}}, "join the action");
  refused({5, 2, {dense_step(4)}}, "join the action");
  refused({5, 2, {kJoin, kJoin, dense_step(4)}}, "join the action");
  NetworkBody many{5, 0, {}};
  for (int i = 0; i < 10; i++) many.steps.push_back(dense_step(4));
  for (int i = 0; i < 9; i++) many.steps.push_back(add_step(9 - i));
  refused(many, "wait to be used again");
  refused({5, 0, {dense_step(4), recall_step(-1)}}, "earlier steps gave");
  refused({5, 0, {dense_step(4), append_step(1)}}, "earlier steps gave");
  NetworkBody wide{5, 0, {dense_step(4), dense_step(4)}};
  for (int i = 2; i < 40; i++) wide.steps.push_back(append_step(i - 1));
  refused(wide, "numbers of an appended value");
}

// The value that a step takes waits, too, where a later step uses it again.
TEST(Body, AtMostEightValuesWait) {
  EXPECT_EQ(fault_of(testing::body_of_waiting_values(kMostKept, 4).steps, 3, 0), nullptr);
  const char* const fault = fault_of(testing::body_of_waiting_values(kMostKept + 1, 4).steps, 3, 0);
  ASSERT_NE(fault, nullptr);
  EXPECT_THAT(fault, HasSubstr("wait to be used again: expected at most 8"));
}

// A short file must not ask for much memory: values are no wider than an actor's with its encoder can be.
TEST(Body, AppendedValuesAreAsWideAsAnActorsWithItsEncoder) {
  const Step widest = dense_step(kWidestHiddenLayer);
  const std::vector<Step> hidden = {widest, recall_step(0), widest, append_step(1), dense_step(1), kTanh};
  const std::vector<Step> observed = {widest, recall_step(0), append_step(1), dense_step(1), kTanh};
  const std::vector<Step> more = {widest, widest, append_step(1), append_step(1), dense_step(1), kTanh};
  EXPECT_EQ(fault_of(hidden, 5, 0), nullptr);
  EXPECT_EQ(fault_of(observed, kMostInputsOrOutputs, 0), nullptr);
  ASSERT_NE(fault_of(more, 5, 0), nullptr);
  EXPECT_THAT(fault_of(more, 5, 0), HasSubstr("expected at most 131072 more than the observation has"));
}

TEST(Activations, AreInTheTableByTheirNumbers) {
  for (int i = 0; i < kActivationCount; i++) {
    const ActivationForm& form = activation_forms()[static_cast<std::size_t>(i)];
    EXPECT_EQ(static_cast<int>(form.activation), i);
    EXPECT_EQ(&form_of(form.activation), &form);
    const bool linear = form.activation == Activation::linear;
    EXPECT_EQ(form.onnx.empty(), linear);
    EXPECT_EQ(form.c_text.find("@name@_" + std::string(form.name) + "(") == std::string_view::npos, linear);
  }
}

}  // namespace
}  // namespace ddpg
