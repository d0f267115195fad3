// Presets: each can be trained, and each has the values of its source, written here a second time from the source
// itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ddpg/error.h"
#include "ddpg/options.h"

namespace ddpg {
namespace {

using Hidden = std::vector<int>;

TEST(Presets, EachIsSoundNamedAndSourced) {
  for (const Preset& preset : presets()) {
    Options options = preset.options;
    options.environment = "Pendulum-v1";
    EXPECT_THAT(violations(options), ::testing::IsEmpty()) << preset.name;
    EXPECT_EQ(preset.options.preset, preset.name);
    EXPECT_FALSE(preset.source.empty());
    EXPECT_EQ(&find_preset(preset.name), &preset);
  }
}

TEST(Presets, TheFirstIsTheDefaultOfTheStructs) {
  EXPECT_EQ(presets().front().name, "default");
  EXPECT_EQ(presets().front().options, Options{});
}

TEST(Presets, UnknownNameIsRefused) {
  try {
    find_preset("lilicrap2015");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(),
                ::testing::AllOf(::testing::HasSubstr("\"lilicrap2015\""), ::testing::HasSubstr("spinningup")));
  }
}

// what a preset decides, without the options that only say when to look at the training
Options decided(const std::string& name) {
  Options options = find_preset(name).options;
  const Options other;
  options.evaluation_interval = other.evaluation_interval;
  options.evaluation_episodes = other.evaluation_episodes;
  options.log_interval = other.log_interval;
  options.checkpoint_interval = other.checkpoint_interval;
  return options;
}

TEST(Presets, Lillicrap2015IsSection7) {
  Options o;
  o.preset = "lillicrap2015";
  o.discount = 0.99;
  o.tau = 0.001;
  o.hard_update_interval = 0;
  o.batch_size = 64;
  o.replay_capacity = 1'000'000;
  o.warmup_steps = 0;
  o.learning_starts = 0;
  o.updates_per_step = 1;
  o.update_interval = 1;
  o.normalise_observations = false;
  o.observation_clip = 5;
  o.normalise_rewards = false;
  o.adam = {0.9, 0.999, 1e-8};
  o.actor = {{Hidden{400, 300}, Activation::relu, true, false, 3e-3, 1e-4, 0}};
  o.critic = {{Hidden{400, 300}, Activation::relu, true, false, 3e-3, 1e-3, 0}, 2, 1e-2};
  o.exploration = {Noise::ornstein_uhlenbeck, 0.2, 0.15, 1, 0.2, 0, {}, {}};
  EXPECT_EQ(to_toml(decided("lillicrap2015")), to_toml(o));
}

Options after_lillicrap(const Hidden& hidden) {
  Options o;
  o.discount = 0.99;
  o.tau = 0.005;
  o.hard_update_interval = 0;
  o.batch_size = 100;
  o.replay_capacity = 1'000'000;
  o.warmup_steps = 10'000;
  o.updates_per_step = 1;
  o.normalise_observations = false;
  o.observation_clip = 5;
  o.normalise_rewards = false;
  o.adam = {0.9, 0.999, 1e-8};
  o.actor = {{hidden, Activation::relu, false, false, 0, 1e-3, 0}};
  o.critic = {{hidden, Activation::relu, false, false, 0, 1e-3, 0}, 1, 0};
  o.exploration = {Noise::gaussian, 0.1, 0.15, 1, 0.1, 0, {}, {}};
  return o;
}

TEST(Presets, OurDdpgIsTheOneOfTheTd3Paper) {
  Options o = after_lillicrap({400, 300});
  o.preset = "our-ddpg";
  o.learning_starts = 10'000;
  o.update_interval = 1;
  EXPECT_EQ(to_toml(decided("our-ddpg")), to_toml(o));
}

TEST(Presets, SpinningUpIsItsCode) {
  Options o = after_lillicrap({256, 256});
  o.preset = "spinningup";
  o.learning_starts = 1'000;
  o.update_interval = 50;
  EXPECT_EQ(to_toml(decided("spinningup")), to_toml(o));
}

void add_td3(Options& o) {
  o.critic.count = 2;
  o.critic.aggregate = Aggregate::min;
  o.target = {.noise = 0.2, .noise_clip = 0.5, .period = 2};
  o.actor.period = 2;
}

TEST(Presets, Td3IsTheOneOfItsPaper) {
  Options o = after_lillicrap({400, 300});
  o.preset = "td3";
  o.learning_starts = 10'000;
  o.update_interval = 1;
  add_td3(o);
  EXPECT_EQ(to_toml(decided("td3")), to_toml(o));
}

TEST(Presets, TheAuthorsTd3IsTheirCode) {
  Options o = after_lillicrap({256, 256});
  o.preset = "td3-2018-repo";
  o.batch_size = 256;
  o.warmup_steps = o.learning_starts = 25'000;
  o.actor.learning_rate = o.critic.learning_rate = 3e-4;
  o.update_interval = 1;
  add_td3(o);
  EXPECT_EQ(to_toml(decided("td3-2018-repo")), to_toml(o));
}

TEST(Presets, Td3BcIsTheAuthorsTd3ThatStaysNearTheData) {
  Options o = find_preset("td3-2018-repo").options;
  o.preset = "td3-bc";
  o.actor.cloning_alpha = 2.5;
  o.normalise_observations = true;
  o.observation_clip = 1e6;
  EXPECT_EQ(to_toml(find_preset("td3-bc").options), to_toml(o));
}

TEST(Presets, HerIsOpenAisCode) {
  Options o;
  o.preset = "her";
  o.discount = 1 - 1.0 / 50;
  o.tau = 0.05;  // 1 - polyak
  o.batch_size = 256;
  o.warmup_steps = 0;
  o.learning_starts = o.update_interval = 2 * 50;
  o.updates_per_step = 40.0 / 100;
  o.normalise_observations = true;
  o.observation_clip = 5;
  o.actor.hidden = o.critic.hidden = Hidden{256, 256, 256};
  o.actor.learning_rate = o.critic.learning_rate = 1e-3;
  o.actor.final_init = o.critic.final_init = 0;
  o.actor.action_l2 = 1;
  o.target.period = 40;
  o.target.lowest = -50;
  o.target.highest = 0;
  o.replay.hindsight = 4;
  o.exploration.sigma = o.exploration.sigma_final = 0.2;
  o.exploration.random_chance = 0.3;
  EXPECT_EQ(to_toml(decided("her")), to_toml(o));
}

TEST(Presets, D4pgIsAcmesCode) {
  Options o;
  o.preset = "d4pg";
  o.n_step = 5;
  o.hard_update_interval = 100;
  o.batch_size = 256;
  o.warmup_steps = 0;
  o.learning_starts = 1'000;
  o.updates_per_step = 0.125;
  for (NetworkOptions* network : {static_cast<NetworkOptions*>(&o.actor), static_cast<NetworkOptions*>(&o.critic)}) {
    network->body = Body::layer_norm_tanh;
    network->activation = Activation::elu;
    network->learning_rate = 1e-4;
    network->gradient_clip = 40;
  }
  o.actor.hidden = {300, 200};
  o.actor.final_init = 1.2e-3;
  o.actor.action_gradient_clip = 1;
  o.critic.hidden = {400, 300};
  o.critic.final_init = 0;
  o.critic.head = Head::categorical;
  o.critic.atoms = 51;
  o.critic.v_min = -150;
  o.critic.v_max = 150;
  o.exploration = {Noise::gaussian, 0.3, 0.15, 1, 0.3, 0, {}, {}};
  EXPECT_EQ(to_toml(decided("d4pg")), to_toml(o));
}

Options of_simba(int actor, const Hidden& critic) {
  Options o;
  o.discount = 0.99;
  o.tau = 0.005;
  o.hard_update_interval = 0;
  o.batch_size = 256;
  o.replay_capacity = 1'000'000;
  o.warmup_steps = 5'000;
  o.learning_starts = 5'000;
  o.update_interval = 1;
  o.normalise_observations = true;
  o.observation_clip = 1e6;
  o.normalise_rewards = false;
  o.adam = {0.9, 0.999, 1e-8};
  o.actor = {{Hidden{actor}, Activation::relu, false, false, 0, 1e-4, 0, Body::simba, Init::orthogonal_he, 1e-2}};
  o.critic = {{critic, Activation::relu, false, false, 0, 1e-4, 0, Body::simba, Init::orthogonal_he, 1e-2}, 1, 0};
  o.target.noise = 0.1;
  o.exploration = {Noise::gaussian, 0.1, 0.15, 1, 0.1, 0, {}, {}};
  return o;
}

TEST(Presets, SimbaDdpgIsTheAuthorsCodeAndTheNarrowOneIsOurs) {
  Options o = of_simba(128, {512, 512});
  o.preset = "simba-ddpg";
  o.updates_per_step = 2;
  EXPECT_EQ(to_toml(decided("simba-ddpg")), to_toml(o));
  Options narrow = of_simba(64, {128, 128});
  narrow.preset = "simba-narrow";
  narrow.updates_per_step = 1;
  EXPECT_EQ(to_toml(decided("simba-narrow")), to_toml(narrow));
}

}  // namespace
}  // namespace ddpg
