// What a training starts from: a policy, another run, data. What is taken is exact, what does not fit is refused with
// all that differs, and a training that was cut goes on without the files.
#include "run/beginning.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>

#include "agent/test_environments.h"
#include "data/data_samples.h"
#include "ddpg/train.h"
#include "options/option_samples.h"
#include "policy/content.h"
#include "policy/format.h"
#include "run/checkpoint_contents.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using testing::error_of;
using ::testing::HasSubstr;
using testing::kept;

Options small() {
  Options options;
  options.environment = "Pendulum-v1";
  options.steps = 300;
  options.actor.hidden = options.critic.hidden = {8, 4};
  options.batch_size = 8;
  options.replay_capacity = 2'000;
  options.warmup_steps = options.learning_starts = 20;
  options.evaluation_episodes = 0;
  options.checkpoint_interval = 100;
  return options;
}

std::string bytes(const Policy& policy) {
  return encode_policy(policy.content());
}

class Watcher : public Observer {
 public:
  void started(const RunStart& start) override {
    warning = start.warning, sources = start.sources;
    if (stop_at == 0) stop = true;
  }
  void stepped(std::int64_t step) override {
    if (step >= stop_at) stop = true;
  }
  std::int64_t stop_at = 1'000'000;
  std::atomic<bool> stop = false;
  std::string warning, sources;
};

class Beginnings : public ::testing::Test {
 protected:
  // A training with these options, its checkpoints in the folder `name`.
  Policy trained(const Options& options, const std::string& name, Watcher* watcher = nullptr) const {
    std::vector<Observer*> observers;
    if (watcher) observers.push_back(watcher);
    return train(options, observers, watcher ? &watcher->stop : nullptr, folder_.path() / name).policy;
  }
  std::string at(const std::string& name) const { return (folder_.path() / name).string(); }

  // 600 transitions of Pendulum as a log.
  std::string log() const {
    std::string text = "s0,s1,s2,a,r,next_s0,next_s1,next_s2,terminated,truncated\n";
    RandomStream random(5);
    const auto environment = make_environment("Pendulum-v1");
    std::vector<double> before(3), after(3);
    for (int i = 0; i < 600; i++) {
      if (i % 150 == 0) environment->reset(random, before);
      const float action = static_cast<float>(random.uniform(-2, 2));
      const StepResult result = environment->step(std::span(&action, 1), after);
      text += fmt::format("{},{},{},{}\n", fmt::join(before, ","), action, result.reward,
                          fmt::format("{},0,{}", fmt::join(after, ","), i % 150 == 149 ? 1 : 0));
      before = after;
    }
    return folder_.write("log.csv", text);
  }

  // Undisturbed, and stopped at `at`, the files removed, and gone on with: the same.
  void expect_same_without_its_files(const Options& options, const std::vector<std::string>& files, int stop_at) {
    SCOPED_TRACE(stop_at);
    const std::string straight = "straight" + std::to_string(stop_at), cut = "cut" + std::to_string(stop_at);
    const std::string expected = bytes(trained(options, straight));
    Watcher first, second;
    first.stop_at = stop_at;
    trained(options, cut, &first);
    for (const std::string& file : files) fs::rename(file, file + ".away");
    const TrainingResult resumed = resume(options, at(cut), {&second});
    for (const std::string& file : files) fs::rename(file + ".away", file);
    EXPECT_TRUE(bytes(resumed.policy) == expected);
    EXPECT_EQ(second.sources, first.sources);
    EXPECT_EQ(testing::differences(kept(at(straight)), kept(at(cut))), std::vector<std::string>());
  }

  testing::DataFolder folder_;
};

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
    EXPECT_FALSE(watcher.warning.empty() && watcher.sources.empty());
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
      {[](Options& o) { o.normalise_observations = true; }, {"normalise_observations is true, there false"}},
      {[](Options& o) { o.normalise_rewards = true; }, {"normalise_rewards is true, there false"}},
      {[](Options& o) { o.environment = "MountainCarContinuous-v0"; }, {"observation_size is 2, there 3"}},
  };
  for (const auto& wrong : cases)
    for (const char* part : wrong.says) EXPECT_THAT(error(wrong.change), HasSubstr(part));
}

TEST_F(Beginnings, DataAreInTheReplayBeforeTheFirstStep) {
  Options options = small();
  options.data = {log()};
  Watcher watcher;
  const std::string trained_on = bytes(trained(options, "run", &watcher));
  EXPECT_THAT(watcher.sources, HasSubstr("\"transitions\": 600"));
  EXPECT_EQ(watcher.warning, "");
  EXPECT_EQ(kept(at("run")).at("rows of reward").size(), (600u + 299) * 4);  // the last step still waits
  EXPECT_TRUE(bytes(train(options).policy) == trained_on);
  EXPECT_FALSE(bytes(train(small()).policy) == trained_on);

  // by hand
  options.steps = 100;
  const auto environment = make_environment(options.environment);
  Options plain = options;
  plain.data.clear();
  Agent given(options, environment->specification()), added(plain, environment->specification());
  read_transitions(options.data[0], added.specification(), [&](const Transition& t) { added.add(t); });
  for (Agent* agent : {&given, &added}) {
    RandomStream random(options.seed, "environment", 0);
    std::vector<double> observation(3);
    float action = 0;
    environment->reset(random, observation);
    agent->begin_episode(0, observation);
    while (agent->steps() < 100) {
      agent->act(0, std::span(&action, 1));
      agent->observe(0, std::span(&action, 1), environment->step(std::span(&action, 1), observation), observation);
      agent->learn();
    }
  }
  const std::string expected = bytes(train(options).policy);
  EXPECT_TRUE(bytes(given.policy()) == expected);
  EXPECT_TRUE(bytes(added.policy()) == expected);
}

TEST_F(Beginnings, OfMoreDataThanThereIsRoomForTheNewestStay) {
  Options options = small();
  options.replay_capacity = 400;
  options.steps = 50;
  options.data = {log()};
  Watcher watcher;
  trained(options, "run", &watcher);
  EXPECT_THAT(watcher.warning, HasSubstr("there are 600 transitions to start from, and the replay buffer holds 400"));
  const std::string text = "s0,s1,s2,a,r,next_s0,next_s1,next_s2,terminated\n1,0,0,2000,0,1,0,0,0\n";
  options.data = {folder_.write("units.csv", text)};
  trained(options, "units", &watcher);
  EXPECT_THAT(watcher.warning, HasSubstr("1 of 1 actions in"));
  EXPECT_THAT(watcher.warning, HasSubstr("other units?"));
  options.data = {folder_.write("wrong.csv", text + "1,0,0,2,x,1,0,0,0\n")};
  EXPECT_THAT(error_of([&] { trained(options, "wrong", &watcher); }), HasSubstr("wrong.csv:3] column 5"));
}

TEST_F(Beginnings, ATrainingThatWasCutGoesOnWithoutItsFiles) {
  trained(small(), "first/checkpoints");
  Options options = small();
  options.initial_run = at("first");
  options.keep_replay = true;
  options.data = {log()};
  options.seed = 3;
  for (const int stop_at : {0, 50, 180}) expect_same_without_its_files(options, {at("first"), at("log.csv")}, stop_at);
}

// An environment that does not offer its state begins a new episode where it is resumed, but not before its first step.
TEST_F(Beginnings, SoDoesOneWhoseEnvironmentDoesNotOfferItsState) {
  register_environment({.name = "BeginningPoint-v0",
                        .make = [](const EnvironmentSettings&) { return testing::scripted(testing::point()); }});
  Options options = small();
  options.environment = "BeginningPoint-v0";
  options.normalise_observations = true;
  options.data = {folder_.write("p.csv", "s,a,r,next_s,terminated\n0.5,1,0,0.7,0\n0.7,1,0,0.9,1\n")};
  expect_same_without_its_files(options, {options.data[0]}, 0);
}

TEST_F(Beginnings, FilesMeanTheSameInEveryFolder) {
  Options options = with_absolute_files(small());
  EXPECT_EQ(options.initial_policy + options.initial_run, "");
  options.initial_run = "a/../b";
  options.data = {"x.csv", "/y.csv"};
  options = with_absolute_files(options);
  EXPECT_EQ(options.initial_run, (fs::current_path() / "b").string());
  EXPECT_EQ(options.data, (std::vector<std::string>{(fs::current_path() / "x.csv").string(), "/y.csv"}));
}

}  // namespace
}  // namespace ddpg
