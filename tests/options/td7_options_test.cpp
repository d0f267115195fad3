// What encoders and assessments go with, and what they do not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "ddpg/agent.h"
#include "ddpg/error.h"
#include "ddpg/options.h"

namespace ddpg {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> wrong_with(const std::vector<std::pair<std::string, std::string>>& settings) {
  Options options = find_preset("td7").options;
  options.environment = "Pendulum-v1";
  for (const auto& [key, value] : settings) set_option(options, key, value);
  return violations(options);
}

TEST(Td7Options, OfWhatMakesNoSenseAreRefusedWithAReason) {
  struct Case {
    std::vector<std::pair<std::string, std::string>> settings;
    const char* reason;
  };
  const Case cases[] = {
      {{{"hard_update_interval", "0"}, {"target.clip_to_seen_range", "false"}, {"replay.renew_largest", "false"}},
       "know from their last copies"},
      {{{"hard_update_interval", "0"}, {"target.clip_to_seen_range", "false"}, {"encoder.kind", "none"}},
       "the largest priority is renewed when the targets are copied"},
      {{{"replay.priority", "per"}}, "replay.renew_largest = true must not stand with replay.priority = \"per\""},
      {{{"critic.body", "mlp"}, {"critic.batch_norm", "true"}}, "batch_norm = true must not stand with encoder.kind"},
      {{{"critic.body", "mlp"}, {"critic.action_layer", "2"}}, "critic.action_layer = 2 must not stand with"},
      {{{"actor.hidden", "[256]"}}, "actor.hidden = [256] must not stand with encoder.kind"},
      {{{"critic.hidden", "[256]"}}, "such as [256, 256, 256]"},
      {{{"environments", "2"}}, "environments = 2 must be 1 with assessment.episodes = 20"},
      {{{"overlap", "true"}}, "nothing is learnt during an episode"},
      {{{"encoder.size", "0"}}, "encoder.size = 0 must be in [1, 65536]"},
      {{{"assessment.early_episodes", "0"}}, "assessment.early_episodes = 0"},
  };
  for (const Case& one : cases) EXPECT_THAT(wrong_with(one.settings), ElementsAre(HasSubstr(one.reason)));
}

// Hyperparameters in TD7.py, written a second time.
TEST(Td7Options, ThePresetIsItsCode) {
  Options o;
  o.preset = "td7";
  o.discount = 0.99;
  o.tau = 0.005;  // without effect
  o.hard_update_interval = 250;
  o.batch_size = 256;
  o.replay_capacity = 1'000'000;
  o.warmup_steps = o.learning_starts = 25'000;
  o.actor = {{{256, 256, 256}, Activation::relu, false, false, 0, 3e-4, 0, Body::avg_l1_norm}};
  o.actor.period = 2;
  o.actor.aggregate = Aggregate::mean;
  o.critic = {{{256, 256, 256}, Activation::elu, false, false, 0, 3e-4, 0, Body::avg_l1_norm}, 1, 0};
  o.critic.count = 2;
  o.critic.aggregate = Aggregate::min;
  o.critic.head = Head::huber;
  o.encoder = {EncoderKind::sale, {256, 256}, 256, Activation::elu, 3e-4};
  o.target = {.noise = 0.2, .noise_clip = 0.5, .period = 1, .clip_to_seen_range = true};
  o.replay.priority = Priority::lap;
  o.replay.alpha = 0.4;
  o.replay.floor = 1;
  o.replay.renew_largest = true;
  o.assessment = {20, 1, 750'000, 0.9};
  o.exploration = {Noise::gaussian, 0.1, 0.15, 1, 0.1, 0, {}, {}};
  EXPECT_EQ(to_toml(find_preset("td7").options), to_toml(o));
}

TEST(Td7Options, OthersGoTogether) {
  EXPECT_THAT(wrong_with({}), IsEmpty());
  EXPECT_THAT(wrong_with({{"assessment.episodes", "0"}, {"environments", "4"}, {"overlap", "true"}}), IsEmpty());
  for (const char* body : {"mlp", "simba", "layer-norm-tanh"})
    EXPECT_THAT(wrong_with({{"actor.body", body}, {"critic.body", body}, {"actor.hidden", "[64]"}}), IsEmpty());
  EXPECT_THAT(wrong_with({{"encoder.kind", "none"}, {"critic.hidden", "[256]"}}), IsEmpty());
  EXPECT_THAT(wrong_with({{"critic.head", "categorical"}, {"target.clip_to_seen_range", "false"}}), IsEmpty());
  EXPECT_THAT(wrong_with({{"n_step", "3"},
                          {"normalise_observations", "true"},
                          {"replay.priority", "per"},
                          {"replay.renew_largest", "false"}}),
              IsEmpty());
}

TEST(Td7Options, AnAgentOfSeveralActorsIsNotAssessed) {
  const Specification specification{"test", 3, {-1.0f}, {1.0f}, 0};
  EXPECT_THAT([&] { Agent(find_preset("td7").options, specification, 2); },
              ::testing::ThrowsMessage<UsageError>(HasSubstr("actors = 2 must be 1 with assessment.episodes = 20")));
}

}  // namespace
}  // namespace ddpg
