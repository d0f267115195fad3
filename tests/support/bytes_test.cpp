// Bytes against values worked out by hand.
#include "support/bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ddpg/error.h"

namespace ddpg {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(Crc32, CheckValueOfTheCatalogue) {
  EXPECT_EQ(crc32("123456789"), 0xCBF43926u);
  EXPECT_EQ(crc32(""), 0u);
}

TEST(Bytes, LittleEndianWhateverTheMachine) {
  ByteWriter out;
  out.u8(0xFE);
  out.u32(0x01020304);
  out.u64(0x1112131415161718);
  out.f32(-2.0f);
  out.f64(1.0);
  out.text("ab");
  const std::string_view expected(
      "\xFE\x04\x03\x02\x01\x18\x17\x16\x15\x14\x13\x12\x11\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\xF0\x3F"
      "\x02\x00\x00\x00\x00\x00\x00\x00"
      "ab",
      35);
  EXPECT_EQ(out.bytes(), expected);

  ByteReader in(out.bytes(), "x");
  EXPECT_EQ(in.u8("a"), 0xFE);
  EXPECT_EQ(in.u32("b"), 0x01020304u);
  EXPECT_EQ(in.u64("c"), 0x1112131415161718u);
  EXPECT_EQ(in.rest().size(), 4u + 8 + 8 + 2);
  EXPECT_EQ(in.raw(4, "d"), std::string_view("\x00\x00\x00\xC0", 4));
}

TEST(Bytes, LengthsAreCheckedBeforeTheyAreUsed) {
  const auto message = [](const char* text) { return ThrowsMessage<Error>(HasSubstr(text)); };
  EXPECT_THAT([&] { ByteReader("rest", "x").raw(~std::uint64_t{0}, "name"); },
              message("[x] ends too early: expected 18446744073709551615 bytes for name, found 4"));
  EXPECT_THAT([&] { ByteReader("rest", "x").u64("size"); }, message("expected 8 bytes for size, found 4"));
}

TEST(Bytes, PrintableIsSafeToPrint) {
  EXPECT_EQ(printable("a b\n\x1b\"\\\xFF"), R"("a b\x0a\x1b\x22\x5c\xff")");
  EXPECT_EQ(printable(std::string(41, 'x')), '"' + std::string(40, 'x') + "...\"");
}

}  // namespace
}  // namespace ddpg
