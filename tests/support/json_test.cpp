// A count is a whole number in its range, and nothing is made into one; what is deep or no JSON is refused.
#include "support/json.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ddpg/error.h"

namespace ddpg {
namespace {

TEST(JsonNumber, TakesWholeNumbersInRange) {
  EXPECT_EQ(whole_number(0u, 7, "x"), 0);
  EXPECT_EQ(whole_number(7u, 7, "x"), 7);
}

TEST(JsonNumber, RefusesEverythingElseByName) {
  for (const char* text :
       {"8", "-1", "1.0", "1e300", "-1e300", "18446744073709551615", "true", "null", "\"1\"", "[1]"}) {
    EXPECT_THAT([&] { whole_number(parse_json(text, "x"), 7, "the count"); },
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
  const Json object = parse_json(R"({"text": "t", "flag": true, "list": [2, 3]})", "x");
  EXPECT_EQ(text_member(object, "text", "x"), "t");
  EXPECT_TRUE(flag_member(object, "flag", "x"));
  EXPECT_EQ(list_member(object, "list", "x").size(), 2u);
  const auto error = [](const char* text) { return ::testing::ThrowsMessage<Error>(::testing::StrEq(text)); };
  EXPECT_THAT([&] { text_member(object, "flag", "x"); }, error("[x] flag: expected a text, found boolean"));
  EXPECT_THAT([&] { flag_member(object, "text", "x"); }, error("[x] text: expected true or false, found string"));
  EXPECT_THAT([&] { list_member(object, "text", "x"); }, error("[x] text: expected a list, found string"));
  EXPECT_THAT([&] { member(object, "none", "x"); }, error("[x] expected \"none\", found no such key"));
  EXPECT_THAT([&] { member("text", "none", "x"); }, error("[x] expected a JSON object, found string"));
}

// What is written is what was read: kinds, order, numbers to the last digit.
TEST(JsonText, IsReadAndWritten) {
  const char* texts[] = {R"({"b":1,"a":[true,false,null,-2,18446744073709551615,0.1,1e+100],"c":{"":{}},"d":[]})",
                         R"(["\u0001\"\\/\n","μ"])", "-9223372036854775808", "\"\""};
  for (const std::string text : texts) EXPECT_EQ(parse_json(text, "x").dump(), text);
  Json made = {{"whole", 1}, {"large", std::uint64_t{1} << 63}, {"real", 0.5f}, {"text", "t"}, {"flag", true}};
  made["none"] = nullptr;
  made["list"] = std::vector<float>{0.1f};
  made["nan"] = std::nan("");
  made["text"] = "no longer t";
  EXPECT_EQ(made.dump(), R"({"whole":1,"large":9223372036854775808,"real":0.5,"text":"no longer t","flag":true,)"
                         R"("none":null,"list":[0.10000000149011612],"nan":null})");
  EXPECT_EQ(Json({{"a", Json::array()}, {"b", Json::object()}}).dump_lines(), "{\n  \"a\": [],\n  \"b\": {}\n}\n");
}

TEST(JsonText, LastOfSeveralMembersOfOneNameCounts) {
  EXPECT_EQ(text_member(parse_json(R"({"a": "first", "a": "last"})", "x"), "a", "x"), "last");
}

TEST(JsonText, OfOtherBytesThanUtf8) {
  const Json made = {{"text", "\xff\xce\xbc"}};
  EXPECT_EQ(made.dump(), "{\"text\":\"\xef\xbf\xbd\xce\xbc\"}");
  EXPECT_EQ(made.dump_ascii(), R"({"text":"\ufffd\u03bc"})");
  EXPECT_THROW(made.dump_or_refuse(), Error);
}

// As many objects as a hostile file can hold must not take a time that grows with their square.
TEST(JsonText, OfManyMembersIsReadInOneGo) {
  std::string text = "{";
  for (int i = 0; i < 200'000; i++) text += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":0";
  EXPECT_EQ(parse_json(text + "}", "x").size(), 200'000u);
}

}  // namespace
}  // namespace ddpg
