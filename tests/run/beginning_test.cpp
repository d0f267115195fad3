// What a training starts from, a policy or another run. What is taken is exact, and what does not fit is refused with
// all that differs. Data: beginning_data_test.cpp.
#include "run/beginning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "ddpg/error.h"
#include "options/option_samples.h"
#include "run/beginnings.h"
#include "support/files.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using testing::Beginnings;
using testing::bytes;
using testing::error_of;
using ::testing::HasSubstr;
using testing::kept;
using testing::small;
using testing::Watcher;

std::map<std::string, std::string> parts(const fs::path& checkpoints, const std::string& prefix, std::int64_t step) {
  std::map<std::string, std::string> found;
  for (const fs::path& file : list_checkpoints(checkpoints)) {
    if (testing::step_of(file) != step) continue;
    const LoadedCheckpoint checkpoint = load_checkpoint(file);
    for (const SnapshotPart& part : checkpoint.snapshot.parts())
      if (part.name.starts_with(prefix)) found[part.name] = part.bytes;
  }
  return found;
}

TEST_F(Beginnings, APolicyGivesItsActorAndItsNormaliser) {
  for (const bool normalises : {false, true}) {
    Options options = small();
    options.normalise_observations = normalises;
    options.actor.batch_norm = !normalises;
    const Policy policy = train(options).policy;
    policy.save(at("p.ddpg"));
    options.initial_policy = at("p.ddpg");
    options.seed = 1;
    Agent agent(options, policy.specification());
    EXPECT_EQ(agent.policy().content().tensors, policy.content().tensors);
    EXPECT_EQ(agent.policy().content().mean, policy.content().mean);
    for (std::size_t i = 0; i < policy.content().deviation.size(); i++)
      EXPECT_NEAR(agent.policy().content().deviation[i] / policy.content().deviation[i], 1, 1e-14);

    options.checkpoints_kept = 10;
    trained(options, fmt::format("run{}", normalises));
    const fs::path checkpoints = at(fmt::format("run{}", normalises));
    const auto targets = parts(checkpoints, "algorithm.networks.actor.target.", 0);
    EXPECT_FALSE(targets.empty());
    for (const auto& [name, values] : parts(checkpoints, "algorithm.networks.actor.weights.", 0)) {
      const std::string last = name.substr(std::string("algorithm.networks.actor.weights.").size());
      EXPECT_EQ(targets.at("algorithm.networks.actor.target." + last), values) << name;
    }
    EXPECT_FALSE(bytes(train(options).policy) == bytes(policy));
  }
}

// All checkpoints of a run share the files of its replay buffer.
TEST_F(Beginnings, ADamagedReplayBufferKeepsNothingFromTheNetworks) {
  trained(small(), "run");
  for (const auto& entry : fs::directory_iterator(at("run"))) {
    if (!is_replay_name(entry.path().filename().native())) continue;
    std::string text = read_file(entry.path());
    text[text.size() / 2] ^= 1;
    write_file_atomically(entry.path(), text);
  }
  Options options = small();
  options.steps = 400;
  EXPECT_THAT([&] { resume(options, at("run")); },
              ::testing::ThrowsMessage<Error>(
                  ::testing::AllOf(HasSubstr("none of the checkpoints"), HasSubstr("`ddpg train --from RUN`"))));
  options.initial_run = at("run");
  EXPECT_NO_THROW(trained(options, "next"));
  options.keep_replay = true;
  EXPECT_THAT(error_of([&] { trained(options, "more"); }), HasSubstr("no checkpoint can be used"));
}

TEST_F(Beginnings, APolicyThatDoesNotFitIsRefusedWithAllThatDiffers) {
  train(small()).policy.save(at("p.ddpg"));
  const auto error = [&](const std::function<void(Options&)>& change) {
    Options options = small();
    options.initial_policy = at("p.ddpg");
    change(options);
    return error_of([&] { trained(options, "run"); });
  };
  const struct {
    std::function<void(Options&)> change;
    std::vector<const char*> says;
  } cases[] = {
      {[](Options& o) { o.initial_policy += "x"; }, {"p.ddpgx", "No such file"}},
      {[](Options& o) { o.actor.hidden = {8}; }, {"p.ddpg", "3-8-1, relu", "3-8-4-1, relu", "actor.hidden"}},
      {[](Options& o) { o.actor.activation = Activation::tanh; }, {"3-8-4-1, tanh", "3-8-4-1, relu"}},
      {[](Options& o) { o.normalise_observations = true; }, {"normalise_observations is true, there false"}},
      {[](Options& o) { o.actor.layer_norm = o.normalise_observations = true; }, {"layer norm", "normalise_obs"}},
      {[](Options& o) { o.environment = "MountainCarContinuous-v0"; }, {"observation_size is 2, there 3", "2-8-4-1"}},
      {[](Options& o) { o.initial_run = "x"; }, {"initial_policy must not stand with initial_run"}},
      {[](Options& o) { o.keep_replay = true; }, {"keep_replay = true must not stand without initial_run"}},
      {[](Options& o) { o.data = {""}; }, {"data = [\"\"] must be names, none of them empty"}},
  };
  for (const auto& wrong : cases)
    for (const char* part : wrong.says) EXPECT_THAT(error(wrong.change), HasSubstr(part));
  EXPECT_TRUE(!fs::exists(at("run")) || fs::is_empty(at("run")));

  Specification other = make_environment("Pendulum-v1")->specification();
  other.action_high = {3};
  Options options = small();
  options.initial_policy = at("p.ddpg");
  EXPECT_THAT(error_of([&] { Agent(options, other); }), HasSubstr("action_high is [3], there [2]"));
}

TEST_F(Beginnings, ARunGivesEverythingThatItHasLearnt) {
  Options options = small();
  options.normalise_observations = options.normalise_rewards = true;
  trained(options, "first/checkpoints");
  options.initial_run = at("first");
  options.checkpoints_kept = 10;
  options.seed = 1;
  options.tau = 0.1;
  options.env["g"] = 5.0;
  options.environments = 2;
  for (const bool keeps : {false, true}) {
    options.keep_replay = keeps;
    const std::string name = keeps ? "kept" : "dropped";
    Watcher watcher;
    trained(options, name, &watcher);
    EXPECT_TRUE(parts(at(name), "algorithm.networks.", 0) ==
                parts(at("first/checkpoints"), "algorithm.networks.", 300));
    EXPECT_TRUE(parts(at(name), "algorithm.normaliser.origin", 0) ==
                parts(at("first/checkpoints"), "algorithm.normaliser.origin", 300));
    EXPECT_THAT(watcher.sources, HasSubstr(keeps ? "\"transitions\": 300" : "\"transitions\": 0"));
    EXPECT_THAT(watcher.sources, HasSubstr("\"step\": 300"));
    EXPECT_EQ(watcher.warning, "");
  }
  const auto before = kept(at("first/checkpoints"));
  LoadedCheckpoint unbegun = load_checkpoint(list_checkpoints(at("kept")).back());
  for (const ReplayFile& listed : unbegun.replay_files) {
    const CheckpointFile file = read_checkpoint_file(fs::path(at("kept")) / listed.name);
    for (const char* column : {"observation", "action", "reward"}) {
      const std::string& rows = before.at(std::string("rows of ") + column);
      EXPECT_TRUE(rows == file.part(column).bytes.substr(0, rows.size())) << column;
    }
  }
}

// Without it the targets of a critic that has learnt would be cut to 0 up to the first copy.
TEST_F(Beginnings, ARunGivesTheRangeOfItsTargets) {
  Options options = small();
  options.hard_update_interval = 10;
  trained(options, "uncut/checkpoints");
  options.target.clip_to_seen_range = true;
  trained(options, "first/checkpoints");
  options.checkpoints_kept = 10;
  options.initial_run = at("first");
  trained(options, "next");
  const auto range = parts(at("next"), "algorithm.target.range.", 0);
  EXPECT_EQ(range.size(), 4);
  EXPECT_TRUE(range == parts(at("first/checkpoints"), "algorithm.target.range.", 300));
  options.initial_run = at("uncut");  // it has none
  EXPECT_NO_THROW(trained(options, "other"));
}

TEST_F(Beginnings, ARunThatDoesNotFitIsRefusedWithAllThatDiffers) {
  trained(small(), "first/checkpoints");
  const auto error = [&](const std::function<void(Options&)>& change) {
    Options options = small();
    options.initial_run = at("first");
    change(options);
    return error_of([&] { trained(options, "run"); });
  };
  const struct {
    std::function<void(Options&)> change;
    std::vector<const char*> says;
  } cases[] = {
      {[](Options& o) { o.initial_run += "x"; }, {"firstx", "a run with checkpoints"}},
      {[](Options& o) { o.critic.hidden = {8}; }, {"critic.hidden is [8], there [8, 4]"}},
      {[](Options& o) { o.actor.hidden = {9}, o.critic.layer_norm = true; },
       {"actor.hidden is [9], there [8, 4]", "critic.layer_norm is true, there false"}},
      {[](Options& o) { o.actor.activation = Activation::elu; }, {"actor.activation is \"elu\", there \"relu\""}},
      {[](Options& o) {
         o.actor.hidden = {8, 8}, o.actor.body = Body::simba;
       },
       {"actor.body is \"simba\", there \"mlp\"", "actor.hidden is [8, 8], there [8, 4]"}},
      {[](Options& o) { o.normalise_observations = true; }, {"normalise_observations is true, there false"}},
      {[](Options& o) { o.critic.head = Head::categorical, o.critic.v_max = 9; },
       {"critic.head is \"categorical\", there \"mse\"", "critic.v_max is 9.0, there 150.0"}},
      {[](Options& o) { o.normalise_rewards = true; }, {"normalise_rewards is true, there false"}},
      {[](Options& o) { o.environment = "MountainCarContinuous-v0"; }, {"observation_size is 2, there 3"}},
  };
  for (const auto& wrong : cases)
    for (const char* part : wrong.says) EXPECT_THAT(error(wrong.change), HasSubstr(part));
}

TEST_F(Beginnings, FilesMeanTheSameInEveryFolder) {
  Options options = with_absolute_files(small());
  EXPECT_EQ(options.initial_policy + options.initial_run, "");
  options.initial_run = "./a/../b";
  options.data = {"x.csv", "/y.csv"};
  options.env = {{"xml_file", "z.xml"}};
  options = with_absolute_files(options);
  EXPECT_EQ(options.initial_run, (fs::current_path() / "b").string());
  EXPECT_EQ(std::get<std::string>(options.env.at("xml_file")), (fs::current_path() / "z.xml").string());
  EXPECT_EQ(options.data, (std::vector<std::string>{(fs::current_path() / "x.csv").string(), "/y.csv"}));
}

}  // namespace
}  // namespace ddpg
