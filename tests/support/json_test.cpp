// A count is a whole number in its range, and nothing is made into one; what is deep or no JSON is refused.
#include "support/json.h"

#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ddpg/error.h"

namespace ddpg {
namespace {

TEST(JsonNumber, TakesWholeNumbersInRange) {
  EXPECT_EQ(whole_number(nlohmann::json::parse("0"), 7, "x"), 0);
  EXPECT_EQ(whole_number(nlohmann::json::parse("7"), 7, "x"), 7);
}

TEST(JsonNumber, RefusesEverythingElseByName) {
  for (const char* text :
       {"8", "-1", "1.0", "1e300", "-1e300", "18446744073709551615", "true", "null", "\"1\"", "[1]"}) {
    EXPECT_THAT([&] { whole_number(nlohmann::json::parse(text), 7, "the count"); },
                ::testing::ThrowsMessage<Error>(
                    ::testing::StartsWith("the count: expected a whole number from 0 to 7, found ")))
        << text;
  }
}

// Deep lists take the stack of what writes them again, or gigabytes of indentation.
TEST(JsonText, IsRefusedWhenItIsDeepOrNoJson) {
  const std::pair<std::string, const char*> cases[] = {
      {std::string(50'000, '['), "[x] expected JSON of at most 32 levels"},
      {R"({"a": )" + std::string(40, '[') + std::string(40, ']') + "}", "[x] expected JSON of at most 32 levels"},
      {"", "[x] expected JSON, found something else (parse error at line 1"},
      {R"({"a": "\\\", )", "[x] expected JSON, found something else (parse error at line 1"}};
  for (const auto& [text, expected] : cases) {
    EXPECT_THAT([json = text] { parse_json(json, "x"); },
                ::testing::ThrowsMessage<Error>(::testing::StartsWith(expected)));
  }
  EXPECT_EQ(parse_json(R"({"a": "\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["})", "x").size(), 1u);
}

TEST(JsonMembers, AreAskedForByNameAndKind) {
  const nlohmann::json object = parse_json(R"({"text": "t", "flag": true})", "x");
  EXPECT_EQ(text_member(object, "text", "x"), "t");
  EXPECT_TRUE(flag_member(object, "flag", "x"));
  const auto error = [](const char* text) { return ::testing::ThrowsMessage<Error>(::testing::StrEq(text)); };
  EXPECT_THAT([&] { text_member(object, "flag", "x"); }, error("[x] flag: expected a text, found boolean"));
  EXPECT_THAT([&] { flag_member(object, "text", "x"); }, error("[x] text: expected true or false, found string"));
  EXPECT_THAT([&] { member(object, "none", "x"); }, error("[x] expected \"none\", found no such key"));
  EXPECT_THAT([&] { member("text", "none", "x"); }, error("[x] expected a JSON object, found string"));
}

}  // namespace
}  // namespace ddpg
