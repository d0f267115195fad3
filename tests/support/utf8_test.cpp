// What is UTF-8: the shortest form of each character alone, and no halves of UTF-16.
#include "support/utf8.h"

#include <gtest/gtest.h>

namespace ddpg {
namespace {

TEST(Utf8, IsTheShortestFormAlone) {
  for (const char* text : {"", "plain", "\xc3\xa9", "\xe6\xbc\xa2", "\xf0\x9f\xa4\x96"})
    EXPECT_TRUE(is_utf8(text)) << text;
  EXPECT_TRUE(is_utf8(std::string_view("\0", 1)));
  for (const char* text : {"\xe9", "a\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80"})
    EXPECT_FALSE(is_utf8(text));
}

}  // namespace
}  // namespace ddpg
