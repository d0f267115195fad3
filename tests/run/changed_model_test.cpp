// The files of a model are kept with a run: a model that is changed afterwards is refused with what differs, and one
// that is named by a relative path is found from every folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ddpg/error.h"
#include "ddpg/policy.h"
#include "envs/source_files.h"
#include "run/task_record.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> names(const std::vector<SourceFile>& files) {
  std::vector<std::string> found;
  for (const SourceFile& file : files) found.push_back(file.name);
  return found;
}

TEST(SourceFiles, AreTheModelAndAllThatItIncludesAndNeeds) {
  const testing::TemporaryFolder folder;
  fs::create_directory(folder.path() / "meshes");
  const auto write = [&](const char* name, const char* text) { write_file_atomically(folder.path() / name, text); };
  write("robot.xml", R"(<mujoco><compiler meshdir="meshes"/><!-- <include file="absent.xml"/> -->
    <include file="legs.xml"/><include file = 'arms.xml'/><asset><mesh name="a" file="foot.stl"/></asset></mujoco>)");
  write("legs.xml", R"(<mujoco><include file="legs.xml"/><include file="arms.xml"/></mujoco>)");
  write("arms.xml", R"(<mujoco><asset><texture file="skin.png"/><mesh file="not_there.stl"/></asset></mujoco>)");
  write("meshes/foot.stl", "solid");
  write("skin.png", "picture");
  const auto files = model_files({.name = "Robot-v0", .file = (folder.path() / "robot.xml").string()});
  EXPECT_THAT(names(files), ElementsAre("robot.xml", "legs.xml", "arms.xml", "foot.stl", "skin.png"));
  EXPECT_EQ(files[3].bytes, "solid");
  EXPECT_FALSE(files[3].is_text);
  EXPECT_TRUE(files[1].is_text);
}

TEST(SourceFiles, AreThoseOfAttachedModelsAndOfCubesToo) {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder.path() / "arms/meshes");
  const auto write = [&](const char* name, const char* text) { write_file_atomically(folder.path() / name, text); };
  write("robot.xml", R"(<mujoco><asset><model name="a" file="arms/arm.xml"/>
    <texture type="cube" fileright="right.png" fileup="up.png"/></asset></mujoco>)");
  write("arms/arm.xml", R"(<mujoco><compiler meshdir="meshes"/><include file="joints.xml"/><asset>
    <mesh file="hand.stl"/><model name="itself" file="arm.xml"/></asset></mujoco>)");
  for (const char* name : {"arms/joints.xml", "arms/meshes/hand.stl", "right.png", "up.png"}) write(name, "bytes");
  const auto files = model_files({.name = "Robot-v0", .file = (folder.path() / "robot.xml").string()});
  EXPECT_THAT(names(files),
              ElementsAre("robot.xml", "arms/arm.xml", "arms/joints.xml", "arms/hand.stl", "right.png", "up.png"));
  EXPECT_TRUE(files[1].is_text);
}

TEST(TaskRecord, ReadsBackAndNamesWhatDiffers) {
  TaskRecord task;
  task.specification = {"Robot-v0", 3, {-1, -0.1f}, {1, 0.3f}, 200, 0.05};
  task.files = {{"robot.xml", "<a>\n <b g=\"-9.81\"/> <!-- here -->\n</a>", 1, 30}, {"foot.stl", "", 7, 5}};
  const TaskRecord same = task_from_json(to_json(task), "task.json");
  EXPECT_NO_THROW(check_same_task(task, same, "task.json"));
  TaskRecord moved = task;
  moved.files[0].text = "<a><b g=\"-9.81\"/></a>";
  moved.files[0].checksum = 2;
  EXPECT_THROW(check_same_task(task, moved, "task.json"), UsageError);  // blanks between elements where there were some
  moved.files[0].text = "<a>   <b g=\"-9.81\"/>\n</a>";
  EXPECT_NO_THROW(check_same_task(task, moved, "task.json"));
  TaskRecord changed = task;
  changed.files = {{"robot.xml", "<a>\n <b g=\"-3\"/>\n</a>", 3, 30}, {"foot.stl", "", 8, 5}, {"new.xml", "", 1, 1}};
  changed.specification.action_high[1] = 0.4f;
  try {
    check_same_task(task, changed, "task.json");
    FAIL() << "no error";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("action_high was [1, 0.3], is [1, 0.4]"), HasSubstr("foot.stl has changed"),
                      HasSubstr("robot.xml has changed: was `<b g=\"-9.81\"/>`, is `<b g=\"-3\"/>`"),
                      HasSubstr("new.xml is new")));
  }
}

// What hindsight reads of an observation.
TEST(TaskRecord, HoldsWhereTheGoalsAre) {
  TaskRecord task;
  task.specification = {"Reach-v0", 6, {-1}, {1}, 50, 0.05};
  const TaskRecord without = task_from_json(to_json(task), "task.json");
  task.specification.goals = {.size = 2, .achieved = 0, .desired = 4};
  const TaskRecord kept = task_from_json(to_json(task), "task.json");
  EXPECT_NO_THROW(check_same_task(kept, task, "task.json"));
  EXPECT_NO_THROW(check_same_task(without, task, "task.json"));
  task.specification.goals.desired = 2;
  try {
    check_same_task(kept, task, "task.json");
    FAIL() << "no error";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("goals.desired was 4, is 2"));
  }
}

TEST(TaskRecord, DamagedJsonIsAnErrorThatNamesTheFile) {
  TaskRecord task;
  task.specification = {"Robot-v0", 3, {-1}, {1}, 200, 0.05};
  task.specification.goals = {.size = 1, .achieved = 0, .desired = 2};
  task.files = {{"robot.xml", "<a/>", 1, 4}};
  const std::string whole = to_json(task);
  for (std::size_t at = 0; at < whole.size(); at++) {
    std::string text = whole;
    text[at] = text[at] == '7' ? 'x' : '7';
    try {
      task_from_json(text, "task.json");
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("[task.json]"));
    }
    if (at + 2 < whole.size()) {
      EXPECT_THROW(task_from_json(whole.substr(0, at), "task.json"), Error);
    }
  }
}

TEST(Settled, MakesARelativeModelAbsolute) {
  const std::string here = fs::current_path().string();
  const auto file = [](const std::string& given) {
    return std::get<std::string>(settled({{"xml_file", given}, {"frame_skip", 2.0}}).at("xml_file"));
  };
  EXPECT_EQ(file("./models/../mine.xml"), here + "/mine.xml");
  EXPECT_EQ(file("/models/mine.xml"), "/models/mine.xml");
  EXPECT_EQ(settled({{"xml_file", true}}), (EnvironmentSettings{{"xml_file", true}}));
}

}  // namespace
}  // namespace ddpg
