// What encoders and assessments go with, and what they do not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST(Td7Options, OthersGoTogether) {
  EXPECT_THAT(wrong_with({}), IsEmpty());
  EXPECT_THAT(wrong_with({{"assessment.episodes", "0"}, {"environments", "4"}, {"overlap", "true"}}), IsEmpty());
  for (const char* body : {"mlp", "simba", "layer-norm-tanh"})
    EXPECT_THAT(wrong_with({{"actor.body", body}, {"critic.body", body}, {"actor.hidden", "[64]"}}), IsEmpty());
  EXPECT_THAT(wrong_with({{"encoder.kind", "none"}, {"critic.hidden", "[256]"}}), IsEmpty());
  EXPECT_THAT(wrong_with({{"critic.head", "categorical"}, {"target.clip_to_seen_range", "false"}}), IsEmpty());
  EXPECT_THAT(wrong_with({{"n_step", "3"}, {"normalise_observations", "true"}, {"replay.priority", "per"}}), IsEmpty());
}

TEST(Td7Options, AnAgentOfSeveralActorsIsNotAssessed) {
  const Specification specification{"test", 3, {-1.0f}, {1.0f}, 0};
  EXPECT_THAT([&] { Agent(find_preset("td7").options, specification, 2); },
              ::testing::ThrowsMessage<UsageError>(HasSubstr("actors = 2 must be 1 with assessment.episodes = 20")));
}

}  // namespace
}  // namespace ddpg
