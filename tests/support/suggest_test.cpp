// What counts as near, in which order, and how it is said.
#include "support/suggest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ddpg {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<std::string> kEnvironments{"Pendulum-v1", "MountainCarContinuous-v0", "LinearQuadratic-v0"};
const std::vector<std::string> kKeys{
    "actor.learning_rate", "critic.learning_rate", "batch_size", "tau", "discount", "seed"};

TEST(Nearest, FindsMisspellingsOfEveryKind) {
  for (const char* given : {"Pendulum-v0", "Pendulm-v1", "Pendullum-v1", "Pendulmu-v1", "pendulum-V1", "PENDULUM-v1"}) {
    EXPECT_THAT(nearest(given, kEnvironments), ElementsAre("Pendulum-v1")) << given;
  }
  EXPECT_THAT(nearest("LinaerQaudratic-v0", kEnvironments), ElementsAre("LinearQuadratic-v0"));
}

TEST(Nearest, CountsAnExchangeOfNeighboursAsOneMistake) {
  const std::vector<std::string> names{"tau"};
  EXPECT_THAT(nearest("tua", names), ElementsAre("tau"));  // two replacements would be too many for three letters
  EXPECT_THAT(nearest("txx", names), IsEmpty());
}

TEST(Nearest, CountsBeginningsAsNear) {
  EXPECT_THAT(nearest("mountain", kEnvironments), ElementsAre("MountainCarContinuous-v0"));
  EXPECT_THAT(nearest("seeds-of-all-runs", kKeys), ElementsAre("seed"));
  EXPECT_THAT(nearest("learning_rate", kKeys), ElementsAre("actor.learning_rate", "critic.learning_rate"));
}

TEST(Nearest, IsEmptyWhenNothingIsNear) {
  EXPECT_THAT(nearest("Humanoid-v5", kEnvironments), IsEmpty());
  EXPECT_THAT(nearest("", kEnvironments), IsEmpty());
  EXPECT_THAT(nearest("Pendulum-v1", {}), IsEmpty());
}

TEST(Nearest, OrdersByDistanceThenAsGivenAndStopsAtMost) {
  const std::vector<std::string> names{"abcdxx", "abcdex", "abcdef", "abcdxf"};
  EXPECT_THAT(nearest("abcdef", names), ElementsAre("abcdef", "abcdex", "abcdxf"));
  EXPECT_THAT(nearest("abcdef", names, 1), ElementsAre("abcdef"));
  EXPECT_THAT(nearest("abcdef", names, 9), ElementsAre("abcdef", "abcdex", "abcdxf", "abcdxx"));
}

TEST(DidYouMean, ListsNamesAsASentence) {
  EXPECT_EQ(did_you_mean("xyz", kEnvironments), "");
  EXPECT_EQ(did_you_mean("Pendulum", kEnvironments), " Did you mean Pendulum-v1?");
  EXPECT_EQ(did_you_mean("learning_rate", kKeys), " Did you mean actor.learning_rate or critic.learning_rate?");
  const std::vector<std::string> names{"ab1", "ab2", "ab3", "ab4"};
  EXPECT_EQ(did_you_mean("ab", names), " Did you mean ab1, ab2 or ab3?");
}

}  // namespace
}  // namespace ddpg
