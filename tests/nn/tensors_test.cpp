// The list of tensors against networks written out by hand.
#include "nn/tensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ddpg {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> listed(const NetworkShape& shape) {
  std::vector<std::string> lines;
  for (const TensorForm& form : expected_tensors(shape)) {
    std::string line = form.name;
    for (int size : form.shape) line += " " + std::to_string(size);
    lines.push_back(line);
  }
  return lines;
}

NetworkShape actor() {
  NetworkShape shape;
  shape.observation_size = 3;
  shape.hidden = {5, 4};
  shape.output_size = 2;
  return shape;
}

NetworkShape critic(int action_layer) {
  NetworkShape shape = actor();
  shape.output_size = 1;
  shape.action_size = 2;
  shape.action_layer = action_layer;
  return shape;
}

TEST(ExpectedTensors, PlainActor) {
  EXPECT_THAT(listed(actor()), ElementsAre("layers.0.weight 5 3", "layers.0.bias 5", "layers.1.weight 4 5",
                                           "layers.1.bias 4", "layers.2.weight 2 4", "layers.2.bias 2"));
}

TEST(ExpectedTensors, ActionJoinsTheInputOfItsLayer) {
  const auto weights = [](int action_layer) {
    std::vector<std::string> lines = listed(critic(action_layer));
    std::erase_if(lines, [](const std::string& line) { return line.find("weight") == std::string::npos; });
    return lines;
  };
  EXPECT_THAT(weights(1), ElementsAre("layers.0.weight 5 5", "layers.1.weight 4 5", "layers.2.weight 1 4"));
  EXPECT_THAT(weights(2), ElementsAre("layers.0.weight 5 3", "layers.1.weight 4 7", "layers.2.weight 1 4"));
  EXPECT_THAT(weights(3), ElementsAre("layers.0.weight 5 3", "layers.1.weight 4 5", "layers.2.weight 1 6"));
}

TEST(ExpectedTensors, LayerNormOfEveryHiddenLayerKeepsBiases) {
  NetworkShape shape = critic(1);
  shape.layer_norm = true;
  EXPECT_THAT(listed(shape), ElementsAre("layers.0.weight 5 5", "layers.0.bias 5", "norms.0.weight 5", "norms.0.bias 5",
                                         "layers.1.weight 4 5", "layers.1.bias 4", "norms.1.weight 4", "norms.1.bias 4",
                                         "layers.2.weight 1 4", "layers.2.bias 1"));
}

TEST(ExpectedTensors, BatchNormOfAnActorReplacesTheBiases) {
  NetworkShape shape = actor();
  shape.batch_norm = true;
  shape.hidden = {5};
  EXPECT_THAT(listed(shape),
              ElementsAre("input_norm.weight 3", "input_norm.bias 3", "input_norm.running_mean 3",
                          "input_norm.running_var 3", "layers.0.weight 5 3", "norms.0.weight 5", "norms.0.bias 5",
                          "norms.0.running_mean 5", "norms.0.running_var 5", "layers.1.weight 2 5", "layers.1.bias 2"));
}

// Lillicrap et al., section 3: "all layers of the Q network prior to the action input".
TEST(ExpectedTensors, BatchNormOfACriticEndsWhereTheActionJoins) {
  NetworkShape shape = critic(2);
  shape.batch_norm = true;
  EXPECT_THAT(listed(shape),
              ElementsAre("input_norm.weight 3", "input_norm.bias 3", "input_norm.running_mean 3",
                          "input_norm.running_var 3", "layers.0.weight 5 3", "norms.0.weight 5", "norms.0.bias 5",
                          "norms.0.running_mean 5", "norms.0.running_var 5", "layers.1.weight 4 7", "layers.1.bias 4",
                          "layers.2.weight 1 4", "layers.2.bias 1"));
  for (const auto& [action_layer, norms] : {std::pair{1, 0}, {2, 1}, {3, 2}}) {
    shape.action_layer = action_layer;
    EXPECT_EQ(Network(shape).norms().size(), static_cast<std::size_t>(norms) + 1)
        << action_layer;  // and the observation's
  }
}

TEST(ExpectedTensors, OfAResidualBodyAreNamedLikeTheOthers) {
  NetworkShape shape = critic(1);
  shape.body = Body::simba;
  shape.hidden = {4, 4};
  EXPECT_THAT(listed(shape),
              ElementsAre("layers.0.weight 4 5", "layers.0.bias 4", "norms.0.weight 4", "norms.0.bias 4",
                          "layers.1.weight 16 4", "layers.1.bias 16", "layers.2.weight 4 16", "layers.2.bias 4",
                          "norms.2.weight 4", "norms.2.bias 4", "layers.3.weight 16 4", "layers.3.bias 16",
                          "layers.4.weight 4 16", "layers.4.bias 4", "norms.4.weight 4", "norms.4.bias 4",
                          "layers.5.weight 1 4", "layers.5.bias 1"));
}

TEST(ExpectedTensors, ElementsAreCountedIn64Bits) {
  NetworkShape shape = actor();
  shape.hidden = {65'536, 65'536};
  EXPECT_EQ(expected_tensors(shape)[2].elements(), std::int64_t{1} << 32);
}

}  // namespace
}  // namespace ddpg
