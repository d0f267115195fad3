// The verbs that only tell: envs, presets, version, help; and what happens when their output cannot be written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "places.h"
#include "program/program.h"

namespace ddpg::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(Envs, ListsEveryTaskWithItsSizes) {
  Workplace here;
  const Finished table = here.run({"envs"});
  EXPECT_EQ(table.code, 0);
  for (const char* name : {"LinearQuadratic-v0", "MountainCarContinuous-v0", "Pendulum-v1", "PointReach-v0"})
    EXPECT_THAT(table.out, HasSubstr(name));
  EXPECT_THAT(table.out, HasSubstr("1 in [-1, 1.2]"));

  const nlohmann::json all = here.run({"envs", "--json"}).json().at("environments");
  const auto pendulum =
      std::find_if(all.begin(), all.end(), [](const auto& entry) { return entry.at("name") == "Pendulum-v1"; });
  ASSERT_NE(pendulum, all.end());
  EXPECT_EQ(pendulum->at("observation_size"), 3);
  EXPECT_EQ(pendulum->at("action_size"), 1);
  EXPECT_EQ(pendulum->at("action_low"), nlohmann::json({-2}));
  EXPECT_EQ(pendulum->at("action_high"), nlohmann::json({2}));
  EXPECT_EQ(pendulum->at("time_limit"), 200);
  EXPECT_GT(pendulum->at("suggested_steps"), 0);
}

TEST(Envs, TellsOfEveryMujocoTaskWhatItIsOrWhatIsMissing) {
  Workplace here;
  const nlohmann::json all = here.run({"envs", "--json"}).json().at("environments");
  int tasks = 0;
  for (const auto& entry : all) {
    if (!entry.at("name").get<std::string>().ends_with("-v5")) continue;
    tasks++;
    EXPECT_FALSE(entry.at("expected").get<std::string>().empty()) << entry.at("name");
    if (entry.contains("unavailable"))
      EXPECT_THAT(entry.at("unavailable").get<std::string>(), HasSubstr("./ddpg mujoco"));
    else
      EXPECT_GT(entry.at("time_limit"), 0);
  }
  EXPECT_EQ(tasks, 11);
  // a reason is given once, not for each task
  const std::string text = here.run({"envs"}).out;
  EXPECT_EQ(text.find("this needs MuJoCo"), text.rfind("this needs MuJoCo"));
}

TEST(Presets, ShowsEveryValueOfEveryPreset) {
  Workplace here;
  const Finished table = here.run({"presets"});
  EXPECT_EQ(table.code, 0);
  for (const char* text : {"default", "lillicrap2015", "our-ddpg", "spinningup", "td3", "td3-2018-repo",
                           "exploration.noise", "[400, 300]", "1509.02971"}) {
    EXPECT_THAT(table.out, HasSubstr(text));
  }
  const nlohmann::json all = here.run({"presets", "--json"}).json().at("presets");
  ASSERT_GE(all.size(), 4u);
  for (const auto& preset : all) {
    EXPECT_FALSE(preset.at("source").get<std::string>().empty());
    EXPECT_EQ(preset.at("options").size(), all[0].at("options").size());
  }
  EXPECT_EQ(all[0].at("name"), "default");
  const auto paper =
      std::ranges::find_if(all, [](const nlohmann::json& preset) { return preset.at("name") == "lillicrap2015"; });
  ASSERT_NE(paper, all.end());
  EXPECT_EQ(paper->at("options").at("actor.hidden"), nlohmann::json({400, 300}));
  EXPECT_EQ(paper->at("options").at("critic.l2"), 0.01);
  EXPECT_TRUE(paper->at("options").at("target.lowest").is_null());  // -inf
}

TEST(Presets, PrintsTheFileOfOneAsAConfig) {
  Workplace here;
  const Finished written = here.run({"presets", "lillicrap2015"});
  ASSERT_EQ(written.code, 0);
  EXPECT_THAT(written.out,
              AllOf(HasSubstr("\ncritic.l2 = 1e-2             # section 7\n"), HasSubstr("# overlap = false\n")));
  write_text(here / "paper.toml", written.out);
  const Finished used = here.run({"train", "Pendulum-v1", "--config", "paper.toml", "--steps", "20", "--set",
                                  "evaluation_episodes=0", "--run", "run", "--quiet"});
  EXPECT_EQ(used.code, 0) << used.err;
  EXPECT_THAT(text_of(here / "run/config.toml"), HasSubstr("preset = \"lillicrap2015\""));
}

TEST(Version, TellsTheVersionAndTheMachine) {
  Workplace here;
  const Finished flag = here.run({"--version"});
  EXPECT_EQ(flag.code, 0);
  EXPECT_TRUE(flag.out.starts_with("ddpg ")) << flag.out;
  const Finished verb = here.run({"version"});
  EXPECT_TRUE(verb.out.starts_with(flag.out)) << verb.out;
  const nlohmann::json json = here.run({"version", "--json"}).json();
  EXPECT_EQ("ddpg " + json.at("version").get<std::string>() + "\n", flag.out);
  for (const char* key : {"compiler", "kernels", "processor", "system"}) EXPECT_TRUE(json.at(key).is_string()) << key;
}

TEST(Help, IsThereForTheProgramAndForEachVerb) {
  Workplace here;
  const Finished help = here.run({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const char* verb : {"train", "evaluate", "video", "envs", "presets", "bench", "version"}) {
    EXPECT_THAT(help.out, HasSubstr(verb));
    const Finished its = here.run({verb, "--help"});
    EXPECT_EQ(its.code, 0);
    EXPECT_THAT(its.out, HasSubstr("--json")) << verb;
  }
}

TEST(Documentation, NamesEveryKeyOfTheJsonObjects) {
  Workplace here;
  const std::string page = text_of(tests_folder() + "/../docs/command-line.md");
  ASSERT_EQ(here.train({"--run", "run", "--quiet"}).code, 0);
  const std::vector<std::vector<std::string>> commands = {small_training({"--json"}),
                                                          {"evaluate", "run", "--json"},
                                                          {"video", "run", "--out", "a.gif", "--size", "8x6", "--json"},
                                                          {"envs", "--json"},
                                                          {"presets", "--json"},
                                                          {"version", "--json"}};
  for (const std::vector<std::string>& command : commands) {
    const nlohmann::json object = here.run(command).json();
    const nlohmann::json& inner = object.size() == 1 ? object.front().front() : object;  // of a list, its first element
    for (const auto& [key, value] : inner.items()) EXPECT_THAT(page, HasSubstr("`" + key + "`")) << command.front();
  }
}

TEST(Documentation, NamesEveryColumnOfTheProgressTable) {
  Workplace here;
  const std::string page = text_of(tests_folder() + "/../docs/metrics.md");
  ASSERT_EQ(here.train({"--run", "run", "--quiet"}).code, 0);
  std::istringstream header(text_of(here / "run/progress.csv"));
  std::string line, column;
  std::getline(header, line);
  for (std::istringstream columns(line); std::getline(columns, column, ',');)
    EXPECT_THAT(page, HasSubstr("`" + column + "`"));
}

TEST(Output, NeverPassesControlCharactersToTheTerminal) {
  Workplace here;
  const Finished finished = here.run({"train", "\x1b[31mPendulum\r"});
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.err, HasSubstr("\\x1b[31mPendulum\\x0d"));
  EXPECT_EQ(finished.err.find('\x1b'), std::string::npos);
}

TEST(Output, ThatCannotBeWrittenIsAFailure) {
  Workplace here;
  const std::string command = "\"" + program_file() + "\" envs >/dev/full 2>'" + (here / "err").string() + "'";
  const int status = std::system(command.c_str());
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_THAT(text_of(here / "err"), HasSubstr("standard output"));
}

}  // namespace
}  // namespace ddpg::testing
