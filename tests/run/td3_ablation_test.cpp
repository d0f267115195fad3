// The nine rows of the ablation in Fujimoto et al. 2018 are nine files of options: each is valid, and has of TD3's
// three additions those that its name says, and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "ddpg/options.h"
#include "options/option_table.h"
#include "places.h"
#include "support/files.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;

fs::path folder() {
  return fs::path(tests_folder()).parent_path() / "bench/results/td3_ablation";
}

Options options_of(const std::string& row) {
  Options options;
  options.environment = "Pendulum-v1";
  apply_toml(options, read_file(folder() / (row + ".toml")), row);
  return options;
}

struct Row {
  std::string name;
  bool delayed, smoothed, clipped_double;
};

const Row kRows[] = {{"ahe", false, false, false},    {"ahe+dp", true, false, false}, {"ahe+tps", false, true, false},
                     {"ahe+cdq", false, false, true}, {"td3-dp", false, true, true},  {"td3-tps", true, false, true},
                     {"td3-cdq", true, true, false},  {"td3", true, true, true}};

TEST(Td3Ablation, EachRowHasTheAdditionsThatItsNameSays) {
  const Options ahe = find_preset("our-ddpg").options;
  for (const auto& [name, delayed, smoothed, clipped_double] : kRows) {
    SCOPED_TRACE(name);
    Options options = options_of(name);
    EXPECT_THAT(violations(options), ::testing::IsEmpty());
    EXPECT_EQ(options.actor.period, delayed ? 2 : 1);
    EXPECT_EQ(options.target.period, delayed ? 2 : 1);
    EXPECT_EQ(options.target.noise, smoothed ? 0.2 : 0);
    EXPECT_TRUE(!smoothed || options.target.noise_clip == 0.5);
    EXPECT_EQ(options.critic.count, clipped_double ? 2 : 1);
    EXPECT_EQ(options.critic.aggregate, Aggregate::min);
    options.actor.period = options.target.period = 1;
    options.target = ahe.target;
    options.critic.count = 1;
    EXPECT_THAT(difference_text(differences(options, ahe, is_of_a_preset), "our-ddpg"), "");
  }
}

TEST(Td3Ablation, DdpgHasTheNumbersOfAppendixC) {
  const Options options = options_of("ddpg");
  EXPECT_THAT(violations(options), ::testing::IsEmpty());
  EXPECT_EQ(options.critic.learning_rate, 1e-3);
  EXPECT_EQ(options.critic.l2, 1e-2);
  EXPECT_EQ(options.actor.learning_rate, 1e-4);
  EXPECT_EQ(options.tau, 1e-3);
  EXPECT_EQ(options.batch_size, 64);
  EXPECT_TRUE(options.normalise_observations);
  EXPECT_EQ(options.exploration.noise, Noise::ornstein_uhlenbeck);
  EXPECT_EQ(options.exploration.sigma, 0.2);
  EXPECT_FALSE(options.actor.batch_norm || options.critic.batch_norm);
}

TEST(Td3Ablation, HasNineRows) {
  std::set<std::string> expected = {"ddpg"}, found;
  for (const Row& row : kRows) expected.insert(row.name);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder())) found.insert(entry.path().stem().string());
  EXPECT_EQ(found, expected);
  EXPECT_EQ(found.size(), 9u);
}

}  // namespace
}  // namespace ddpg
