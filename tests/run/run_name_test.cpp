// A folder's name says by what options a run differs from its preset, is short, and is typed as it is.
#include "run/run_name.h"

#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "options/option_samples.h"
#include "support/shown.h"

namespace ddpg {
namespace {

using testing::pendulum;
using testing::with;

TEST(RunName, SaysWhatIsNotAsThePresetHasIt) {
  EXPECT_EQ(configuration_name(pendulum()), "default");
  const std::pair<std::pair<const char*, const char*>, const char*> cases[] = {
      {{"exploration.sigma", "0.3"}, "default-sigma=0.3"},
      {{"actor.hidden", "[400, 300]"}, "default-actor.hidden=400,300"},
      {{"actor.activation", "tanh"}, "default-actor.activation=tanh"},
      {{"env.xml_file", "/home/me/my model.xml"}, "default-xml_file=_home_me_mymodel"},
      {{"env.a; echo pwn", "\x1b[2J"}, "default-a_echopwn="},
      {{"seed", "7"}, "default"},
      {{"steps", "7"}, "default"},
      {{"threads", "2"}, "default"},
      {{"log_interval", "7"}, "default"},
      {{"checkpoint_interval", "7"}, "default"}};
  for (const auto& [option, name] : cases) {
    const std::string found = configuration_name(with(option.first, option.second));
    EXPECT_TRUE(found.starts_with(name)) << found;
    EXPECT_EQ(typed(found), found);
  }
}

TEST(RunName, StaysShort) {
  Options options = pendulum();
  for (const char* key : {"tau", "discount", "adam.beta1", "adam.beta2", "observation_clip"})
    set_option(options, key, "0.123456789012345678");
  options.env[std::string(300, 'k')] = std::string(300, 'v');
  const std::string name = configuration_name(options);
  EXPECT_THAT(name, ::testing::EndsWith("+3"));
  EXPECT_LT(name.size(), 150u);
  EXPECT_EQ(changes(options).size(), 6u);
}

TEST(RunName, OfAPresetThatIsNotThereHasWhatIsNotTheDefault) {
  Options options = pendulum();
  options.preset = "../gone";
  EXPECT_EQ(configuration_name(options), "_..-gone");
}

}  // namespace
}  // namespace ddpg
