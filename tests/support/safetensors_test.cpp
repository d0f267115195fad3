// safetensors against bytes worked out by hand, and against files that lie.
#include "support/safetensors.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ddpg/error.h"
#include "support/bytes.h"

namespace ddpg {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

std::string file_of(const std::string& header, const std::string& data) {
  ByteWriter out;
  out.text(header);
  out.raw(data);
  return out.bytes();
}

TEST(Safetensors, BytesWorkedOutByHand) {
  const std::vector<std::uint8_t> small = {1, 2, 3};
  const std::vector<float> floats = {1.0f, -2.0f};
  SafetensorsWriter writer;
  writer.metadata("a", "\"b\"");
  writer.add<std::uint8_t>("bytes", {3}, small);
  writer.add<float>("floats", {1, 2}, floats);
  const std::string header = R"({"__metadata__":{"a":"\"b\""},)"
                             R"("floats":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},)"
                             R"("bytes":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}})";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  const std::string expected = file_of(padded, std::string("\0\0\x80\x3F\0\0\0\xC0\x01\x02\x03", 11));
  EXPECT_EQ(writer.bytes(), expected);
  EXPECT_EQ(writer.size(), expected.size());
}

TEST(Safetensors, ReadsWhatItWrote) {
  const std::vector<double> doubles = {0.1, -1e300};
  const std::vector<std::uint64_t> large = {~std::uint64_t{0}};
  const std::vector<std::uint32_t> small = {7, 8};
  const std::vector<std::int64_t> negative = {-5};
  SafetensorsWriter writer;
  writer.add<std::uint32_t>("u32", {2}, small);
  writer.add<double>("doubles", {2, 1}, doubles);
  writer.add<std::int64_t>("scalar", {}, negative);
  writer.add<std::uint64_t>("large", {1}, large);
  writer.add<float>("empty", {0, 4}, std::span<const float>());
  writer.metadata("text", "Zürich\n");
  const std::string bytes = "x" + writer.bytes();  // at an odd address
  const SafetensorsView read = read_safetensors(std::string_view(bytes).substr(1), "f");
  EXPECT_EQ(read.tensors.size(), 5u);
  EXPECT_EQ(read.metadata.at("text"), "Zürich\n");
  EXPECT_EQ(read.values<double>("doubles", {2, 1}), doubles);
  EXPECT_EQ(read.values<std::int64_t>("scalar", TensorShape{}), negative);
  EXPECT_EQ(read.values<std::uint64_t>("large"), large);
  EXPECT_EQ(read.values<std::uint32_t>("u32"), small);
  EXPECT_TRUE(read.values<float>("empty", {0, 4}).empty());
  EXPECT_THAT([&] { read.values<float>("doubles"); }, ThrowsMessage<Error>(HasSubstr("expected dtype F32, found F64")));
  EXPECT_THAT([&] { read.values<double>("doubles", {2}); },
              ThrowsMessage<Error>(HasSubstr("expected shape [2], found [2, 1]")));
  EXPECT_THAT([&] { read.values<double>("none"); }, ThrowsMessage<Error>(HasSubstr("[f] expected an array none")));
}

TEST(Safetensors, AsksSourcesForTheirBytesInPieces) {
  SafetensorsWriter writer;
  writer.add("u", Dtype::u8, {4}, [](const SafetensorsWriter::Sink& sink) { sink("ab"), sink(""), sink("cd"); });
  EXPECT_EQ(read_safetensors(writer.bytes(), "f").tensors.at(0).bytes.substr(0, 2), "ab");
  SafetensorsWriter wrong;
  wrong.add("u", Dtype::u8, {4}, [](const SafetensorsWriter::Sink& sink) { sink("abc"), sink("de"); });
  EXPECT_THAT([&] { wrong.bytes(); }, ThrowsMessage<Error>(HasSubstr("u: expected 4 bytes, found 5")));
}

TEST(Safetensors, RefusesWhatCannotBeWritten) {
  const std::vector<float> one = {1};
  SafetensorsWriter writer;
  writer.add<float>("a", {1}, one);
  EXPECT_THROW(writer.add<float>("a", {1}, one), UsageError);
  EXPECT_THROW(writer.add<float>("__metadata__", {1}, one), UsageError);
  EXPECT_THROW(writer.add<float>("b", {2}, one), UsageError);
  EXPECT_THROW(writer.add<float>("b", {-1}, std::span<const float>()), UsageError);
  EXPECT_THROW(writer.add("b", Dtype::f64, {1ll << 40, 1ll << 40}, {}), UsageError);
  writer.metadata("k", "\xFF");
  EXPECT_THAT([&] { writer.bytes(); }, ThrowsMessage<Error>(HasSubstr("UTF-8")));
}

TEST(Safetensors, RefusesFilesThatLie) {
  const auto tensor = [](const char* dtype, const char* shape, const char* offsets) {
    return fmt::format(R"({{"a":{{"dtype":{},"shape":{},"data_offsets":{}}}}})", dtype, shape, offsets);
  };
  struct Lie {
    std::string header, message;
  };
  const Lie lies[] = {
      {"", "header"},
      {"[]", "expected an object"},
      {"{", "expected JSON"},
      {"{}x", "expected JSON"},
      {"{}", "trailing bytes"},
      {"\xFF", "expected JSON"},
      {R"({"a":1})", "expected an object of"},
      {R"({"a":{"dtype":"F32","shape":[2]}})", "expected an object of"},
      {R"({"a":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}})", "deeper"},
      {R"({"__metadata__":{"a":1}})", "object of texts"},
      {R"({"__metadata__":[]})", "object of texts"},
      {tensor(R"("F16")", "[4]", "[0,8]"), "expected dtype F32"},
      {tensor("4", "[4]", "[0,8]"), "expected dtype F32"},
      {tensor(R"("F32")", "[-2]", "[0,8]"), "whole numbers in shape"},
      {tensor(R"("F32")", "[2.0]", "[0,8]"), "whole numbers in shape"},
      {tensor(R"("F32")", "[18446744073709551615]", "[0,8]"), "whole numbers in shape"},
      {tensor(R"("F32")", "2", "[0,8]"), "to be an array"},
      {tensor(R"("F32")", "[4611686018427387905,4]", "[0,8]"), "as many bytes as"},
      {tensor(R"("F32")", "[3]", "[0,8]"), "as many bytes as"},
      {tensor(R"("F32")", "[0]", "[0,8]"), "as many bytes as"},
      {tensor(R"("F32")", "[3]", "[0,12]"), "within the 8 bytes"},
      {tensor(R"("F32")", "[2]", "[8,0]"), "within the 8 bytes"},
      {tensor(R"("F32")", "[2]", "[0,8,8]"), "within the 8 bytes"},
      {tensor(R"("F32")", "[1]", "[0,4]"), "trailing bytes"},
      {tensor(R"("F32")", "[1]", "[4,8]"), "begin at 0"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
       "twice"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
       "begin at 8"},
  };
  for (const Lie& lie : lies) {
    EXPECT_THAT([&] { read_safetensors(file_of(lie.header, "12345678"), "f"); },
                ThrowsMessage<Error>(HasSubstr(lie.message)))
        << lie.header;
  }
  EXPECT_THAT([&] { read_safetensors(file_of(std::string(1'000'000, '['), ""), "f"); },
              ThrowsMessage<Error>(HasSubstr("deeper")));
  EXPECT_THAT([&] { read_safetensors("DDPGPOL\n12345678", "f"); },
              ThrowsMessage<Error>(HasSubstr("not a safetensors file")));
}

TEST(Safetensors, EveryTruncationAndFlippedByteIsReadOrRefused) {
  const std::vector<float> two = {1, 2};
  SafetensorsWriter writer;
  writer.add<float>("a", {2}, two);
  writer.metadata("k", "v");
  const std::string whole = writer.bytes();
  for (std::size_t size = 0; size < whole.size(); size++) {
    EXPECT_THROW(read_safetensors(std::string(whole.substr(0, size)), "f"), Error) << size;
  }
  for (std::size_t i = 0; i < whole.size(); i++) {
    for (int bit = 0; bit < 8; bit++) {
      std::string flipped = whole;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      try {
        read_safetensors(flipped, "f");  // a changed name or number may pass
      } catch (const Error&) {
      }
    }
  }
}

// As the state of a training in 4,096 environments; a writer or reader that looks at all before at each would take
// minutes.
TEST(Safetensors, HoldsTensOfThousandsOfArrays) {
  constexpr int kArrays = 40'000;
  SafetensorsWriter writer;
  std::vector<std::vector<double>> numbers;
  for (int i = 0; i < kArrays; i++) numbers.push_back({static_cast<double>(i)});
  for (int i = 0; i < kArrays; i++) writer.add(std::to_string(i), {1}, std::span<const double>(numbers[i]));
  const std::string bytes = writer.bytes();
  const SafetensorsView view = read_safetensors(bytes, "x");
  ASSERT_EQ(view.tensors.size(), kArrays);
  EXPECT_EQ(view.values<double>("39999"), numbers.back());
}

}  // namespace
}  // namespace ddpg
