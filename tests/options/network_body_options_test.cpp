// What bodies of networks go with, and what they do not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "options/option_samples.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::set_error;
using testing::with;

TEST(Violations, WhatResidualBlocksCannotBe) {
  const struct {
    const char *key, *value, *violation;
  } cases[] = {
      {"actor.hidden", "400,300",
       "actor.hidden = [400, 300] must be one width for each block, all alike, such as [256, 256], with actor.body = "
       "\"simba\""},
      {"critic.hidden", "16385", "critic.hidden = [16385] must be at most 16384 wide with critic.body = \"simba\""},
      {"actor.batch_norm", "true", "actor.batch_norm = true must be false with actor.body = \"simba\""},
      {"critic.layer_norm", "true",
       "critic.layer_norm = true must be false, for it has layer normalisation of its own, with critic.body = "
       "\"simba\""},
      {"critic.action_layer", "2", "critic.action_layer = 2 must be 1 with critic.body = \"simba\""},
  };
  for (const auto& [key, value, violation] : cases) {
    Options options = with(key, value);
    EXPECT_THAT(violations(options), IsEmpty()) << key;
    options.actor.body = options.critic.body = Body::simba;
    EXPECT_THAT(violations(options), ElementsAre(violation)) << key;
  }
  EXPECT_THAT(set_error("actor.body", "resnet"), AllOf(HasSubstr("\"simba\""), HasSubstr("resnet")));
  EXPECT_EQ(with("critic.init", "orthogonal-he").critic.init, Init::orthogonal_he);
}

TEST(Violations, WhatABodyWithANormOfItsOwnCannotBe) {
  for (const auto& [key, value] : {std::pair("actor.batch_norm", "true"), std::pair("critic.layer_norm", "true"),
                                   std::pair("critic.action_layer", "2")}) {
    Options options = with(key, value);
    options.actor.body = options.critic.body = Body::layer_norm_tanh;
    options.actor.hidden = {40, 30};  // need not be alike
    EXPECT_THAT(violations(options), ElementsAre(AllOf(HasSubstr(key), HasSubstr("body = \"layer-norm-tanh\""))));
  }
}

}  // namespace
}  // namespace ddpg
