// From the command line: data, a policy or another run to start from; and what is wrong with them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program/program.h"

namespace ddpg::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

const std::string kLog = "s0,s1,s2,a,r,terminated,truncated\n1,0,0,1,-1,0,0\n0.9,0.1,0.5,-1,-2,0,0\n1,0,1,2,-1,1,0\n";

TEST(TrainVerb, StoresDataBeforeTheFirstStep) {
  Workplace here;
  write_text(here / "a.csv", kLog);
  write_text(here / "b.csv", kLog);
  const Finished plain = here.train({"--run", "plain"});
  const Finished finished = here.train({"--data", "a.csv", "--data", "b.csv", "--run", "run", "--json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  const auto sources = nlohmann::json::parse(text_of(here / "run/sources.json"));
  ASSERT_EQ(sources.at("data").size(), 2u);
  EXPECT_EQ(sources.at("data")[0].at("transitions"), 3);
  EXPECT_EQ(sources.at("data")[0].at("size"), kLog.size());
  EXPECT_THAT(sources.at("data")[1].at("file").get<std::string>(), ::testing::EndsWith("/b.csv"));
  EXPECT_THAT(text_of(here / "run/config.toml"), HasSubstr("/a.csv\", \""));
  EXPECT_FALSE(fs::exists(here / "plain/sources.json"));
  EXPECT_NE(text_of(here / "run/policy.ddpg"), text_of(here / "plain/policy.ddpg"));

  ASSERT_EQ(here.run({"train", "--config", "run/config.toml", "--run", "again"}).code, 0);
  EXPECT_EQ(text_of(here / "run/policy.ddpg"), text_of(here / "again/policy.ddpg"));
  fs::remove(here / "a.csv");
  ASSERT_EQ(here.run({"resume", "run", "--steps", "700"}).code, 0);
  EXPECT_EQ(nlohmann::json::parse(text_of(here / "run/sources.json")), sources);
  const Finished missing = here.run({"train", "--config", "run/config.toml", "--run", "third"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.err, HasSubstr("a.csv] could not be read: No such file"));
  EXPECT_FALSE(fs::exists(here / "third"));
}

TEST(TrainVerb, GoesOnFromAnotherRunWithItsOptions) {
  Workplace here;
  ASSERT_EQ(here.train({"--run", "first", "--set", "actor.hidden=7"}).code, 0);
  const Finished finished =
      here.run({"train", "--from", "first", "--keep-replay", "--set", "env.g=5", "--seed", "2", "--run", "second"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  const std::string config = text_of(here / "second/config.toml");
  for (const char* line :
       {"hidden = [7]", "warmup_steps = 0", "steps = 600", "g = 5.0", "keep_replay = true", "/first\""})
    EXPECT_THAT(config, HasSubstr(line));
  const auto source = nlohmann::json::parse(text_of(here / "second/sources.json")).at("initial_run");
  EXPECT_EQ(source.at("step"), 600);
  EXPECT_EQ(source.at("transitions"), 600);

  ASSERT_EQ(here.run({"train", "--from", "second", "--run", "third"}).code, 0);
  EXPECT_THAT(text_of(here / "third/config.toml"), HasSubstr("/second\""));
  EXPECT_THAT(text_of(here / "third/config.toml"), HasSubstr("keep_replay = false"));
}

// What was planned for later than its newest checkpoint is no option of it.
TEST(TrainVerb, GoesOnFromAnotherRunWithWhatWasChangedInItsMiddle) {
  Workplace here;
  ASSERT_EQ(here.train({"--run", "first", "--set", "changes=200 env.g=5"}).code, 0);
  ASSERT_EQ(here.run({"resume", "first", "--steps", "700", "--change", "tau=0.01", "--change", "discount=0.9"}).code,
            0);
  std::string config = text_of(here / "first/config.toml");
  config.replace(config.find("600 discount=0.9"), 3, "900");
  write_text(here / "first/config.toml", config);
  const Finished finished = here.run({"train", "--from", "first", "--run", "second"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  config = text_of(here / "second/config.toml");
  for (const char* line : {"\ng = 5.0", "\ntau = 0.01\n", "\ndiscount = 0.99\n", "\nchanges = []\n"})
    EXPECT_THAT(config, HasSubstr(line));
}

TEST(TrainVerb, StartsFromAPolicy) {
  Workplace here;
  ASSERT_EQ(here.train({"--run", "first"}).code, 0);
  const Finished finished = here.train({"--set", "initial_policy=first/policy.ddpg", "--run", "second"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(nlohmann::json::parse(text_of(here / "second/sources.json")).at("initial_policy").at("step"), 600);
}

// TOML and JSON take no other bytes: its config.toml could not be read, and no checkpoint be written.
TEST(TrainVerb, RefusesAFileWhoseNameIsNoUtf8) {
  Workplace here;
  fs::create_directory(here / "r\xe9");
  write_text(here / "r\xe9/log.csv", kLog);
  const Finished finished = here.train({"--data", "r\xe9/log.csv", "--run", "run"});
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.err, AllOf(HasSubstr("data must be UTF-8"), HasSubstr("/r\\xe9/log.csv"), HasSubstr("rename")));
  EXPECT_FALSE(fs::exists(here / "run"));
  ASSERT_EQ(here.train({"--run", "run"}).code, 0);
  fs::rename(here / "run", here / "r\xe9/run");  // the folder of a run itself may have any name
  EXPECT_EQ(here.run({"resume", "r\xe9/run", "--steps", "700"}).code, 0);
  EXPECT_EQ(here.train({"--from", "r\xe9/run", "--run", "second"}).code, 2);
}

TEST(TrainVerb, RefusesWhatCannotBeStartedFrom) {
  Workplace here;
  ASSERT_EQ(here.train({"--run", "first"}).code, 0);
  write_text(here / "wrong.csv", kLog + "1,2\n");
  const struct {
    std::vector<std::string> flags;
    std::vector<const char*> says;
  } cases[] = {
      {{"--data", "none.csv"}, {"none.csv", "No such file"}},
      {{"--data", "first/config.toml"}, {"config.toml", "*.csv"}},
      {{"--data", "wrong.csv"}, {"wrong.csv:5]", "expected 7 fields", "found 2"}},
      {{"--data", ""}, {"the value of --data is empty"}},
      {{"--from", "none"}, {"--from none", "folder of a run"}},
      {{"--from", "first", "--set", "critic.hidden=3"}, {"critic.hidden is [3], there ["}},
      {{"--from", "first", "--preset", "lillicrap2015"}, {"actor.hidden is [400, 300]", "actor.batch_norm is true"}},
      {{"--from", "first", "--set", "initial_policy=first/best.ddpg"}, {"must not stand with initial_run"}},
      {{"--keep-replay"}, {"keep_replay = true must not stand without initial_run"}},
      {{"--set", "initial_policy=first/config.toml"}, {"config.toml"}},
  };
  for (const auto& wrong : cases) {
    std::vector<std::string> arguments = {"train", "Pendulum-v1", "--run", "second"};
    arguments.insert(arguments.end(), wrong.flags.begin(), wrong.flags.end());
    const Finished finished = here.run(arguments);
    EXPECT_EQ(finished.code, 2) << finished.err;
    for (const char* part : wrong.says) EXPECT_THAT(finished.err, HasSubstr(part));
    EXPECT_FALSE(fs::exists(here / "second")) << wrong.flags[0];
  }
}

}  // namespace
}  // namespace ddpg::testing
