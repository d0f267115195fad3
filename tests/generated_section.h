// Documents with a section that is derived from the code: the test fails while the file and the code differ.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "places.h"

namespace ddpg {

// A bar would end the cell that it stands in.
inline std::string within_a_table(const std::string& text) {
  std::string cell;
  for (const char c : text) cell += c == '|' ? "\\|" : std::string(1, c);
  return cell;
}

// Expects docs/`name` to hold `section` between its lines "<!-- generated -->" and "<!-- end -->". Where it does not,
// writes the right document into the working directory and says how to put it in place.
inline void expect_generated_section(const std::string& name, const std::string& section) {
  const std::string begin = "<!-- generated -->\n", end = "<!-- end -->\n";
  const std::filesystem::path document = std::filesystem::path(tests_folder()).parent_path() / "docs" / name;
  std::stringstream content;
  content << std::ifstream(document).rdbuf();
  const std::string text = content.str();
  const std::size_t first = text.find(begin), last = text.find(end);
  ASSERT_TRUE(first != std::string::npos && last != std::string::npos && first < last)
      << document << " has no generated section";
  const std::string expected = text.substr(0, first + begin.size()) + section + text.substr(last);
  if (text == expected) return;
  const std::filesystem::path right = std::filesystem::current_path() / name;
  std::ofstream(right) << expected;
  ADD_FAILURE() << document << " is out of date; run: cp " << right.string() << " " << document.string();
}

}  // namespace ddpg
