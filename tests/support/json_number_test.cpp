// A count is a whole number in its range, and nothing is made into one.
#include "support/json_number.h"

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

}  // namespace
}  // namespace ddpg
