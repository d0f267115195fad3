// What others chose is printed on one line, and a terminal has nothing to obey in it; a command has its paths quoted.
#include "support/shown.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <utility>

#include "support/temporary_folder.h"

namespace ddpg {
namespace {

TEST(Shown, HasNothingThatATerminalObeys) {
  const std::pair<std::string, std::string> cases[] = {
      {"plain name.csv", "plain name.csv"},
      {"naïve 走 μ", "naïve 走 μ"},
      {"\x1b[2J\a", "\\x1b[2J\\x07"},
      {"two\nlines\r", "two\\x0alines\\x0d"},
      {"\x9b 2J", "\\x9b 2J"},                    // ESC [ of 8-bit terminals
      {"\xc2\x9b 2J", "\\xc2\\x9b 2J"},           // the same in UTF-8
      {"a\xe2\x80\xae b", "a\\xe2\\x80\\xae b"},  // right to left
      {"\xc0\x8a", "\\xc0\\x8a"},                 // a line end, in a form that is no UTF-8
      {"\xe2\x80", "\\xe2\\x80"},
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"}};
  for (const auto& [text, expected] : cases) EXPECT_EQ(shown(text), expected);
  EXPECT_EQ(shown_lines("a\nb\x1b"), "a\nb\\x1b");
  EXPECT_EQ(shown(std::filesystem::path("a\nb")), "a\\x0ab");
}

// By the word of a shell itself.
TEST(Typed, IsReadByAShellAsThatPath) {
  const testing::TemporaryFolder here;
  for (const std::string name : {"runs/plain-1", "sp; echo pwn", "it's", "$(id) `id` \"x\"", "a\nb\\n\x1b[2J'", "~", "",
                                 "*", "naïve 走", "b\x9b\\"}) {
    std::ofstream(here.path() / "script") << "printf %s " << typed(name);
    FILE* shell = ::popen(("bash " + (here.path() / "script").string()).c_str(), "r");
    ASSERT_NE(shell, nullptr);
    std::string said;
    for (int c = 0; (c = std::fgetc(shell)) != EOF;) said += static_cast<char>(c);
    EXPECT_EQ(::pclose(shell), 0) << name;
    EXPECT_EQ(said, name);
    EXPECT_EQ(shown(typed(name)), typed(name));
  }
  EXPECT_EQ(typed("-x"), "./-x");
  EXPECT_EQ(typed("runs/a"), "runs/a");
}

}  // namespace
}  // namespace ddpg
