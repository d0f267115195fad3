// What a user may write in the most obvious way: it compiles with all warnings as errors, and means what it seems to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "ddpg/ddpg.h"
#include "places.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

TEST(PublicHeaders, OneIncludesThemAllAndNoneShowsWhatIsBehindIt) {
  const fs::path folder = fs::path(tests_folder()).parent_path() / "include/ddpg";
  const std::string all = text_of(folder / "ddpg.h");
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string(), text = text_of(entry.path());
    if (name == "ddpg.h") continue;
    EXPECT_THAT(all, ::testing::HasSubstr("#include \"ddpg/" + name + "\"\n"));
    for (const char* hidden : {"ThreadPool", "struct Delete", "Renderer"})
      EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr(hidden))) << name;
  }
}

TEST(Convenience, AWholeNumberIsASetting) {
  EnvironmentSettings settings;
  settings["area"] = 1;
  settings["long"] = -2L;
  settings["size"] = std::size_t{3};
  settings["exact"] = 0.5;
  settings["single"] = 0.25f;
  settings["flag"] = true;
  settings["text"] = "a";
  settings["range"] = std::vector<double>{0, 1};
  const EnvironmentSettings expected = {
      {"area", 1.0},    {"long", -2.0}, {"size", 3.0}, {"exact", 0.5},
      {"single", 0.25}, {"flag", true}, {"text", "a"}, {"range", std::vector<double>{0, 1}}};
  EXPECT_EQ(settings, expected);
  EXPECT_EQ(std::get<double>(settings["area"]), 1.0);
  EXPECT_TRUE(std::holds_alternative<bool>(settings["flag"]));
}

// -Wextra warns of each member that a designated initialiser leaves out and that has no initialiser of its own.
TEST(Convenience, MembersMayBeLeftOut) {
  const EnvironmentEntry entry{.name = "X-v0", .make = {}};
  const Specification specification{.name = "X-v0", .observation_size = 3};
  const ExportOptions export_options{.int8 = true};
  const PolicyPairs pairs{.rows = 0};
  const VideoFile file{.width = 64};
  const VideoOptions options{.episodes = 2};
  const MujocoModel model{.frame_skip = 5};
  const Picture picture{.width = 1};
  const Provenance provenance{.seed = 1};
  const Transition transition{.reward = 1};
  EXPECT_TRUE(entry.summary.empty() && entry.expected.empty() && specification.action_low.empty());
  EXPECT_TRUE(export_options.name.empty() && pairs.origin.empty() && file.path.empty() && options.camera.empty());
  EXPECT_TRUE(model.file.empty() && picture.rgb.empty() && provenance.version.empty());
  EXPECT_TRUE(transition.action.empty() && transition.next_observation.empty());
}

}  // namespace
}  // namespace ddpg
