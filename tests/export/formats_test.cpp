// ONNX and safetensors without their libraries (tests/export_onnx.sh asks those): the bytes, the graph, and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ddpg/error.h"
#include "export/onnx.h"
#include "export/samples.h"
#include "export/tensors_file.h"
#include "nn/activations.h"
#include "policy/check.h"
#include "support/bytes.h"
#include "support/protobuf.h"
#include "support/safetensors.h"

namespace ddpg::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

// Reads what ProtoMessage writes: the fields of a message.
struct ProtoField {
  int number;
  std::uint64_t integer = 0;
  std::string_view bytes;
};

std::uint64_t take_varint(ByteReader& in) {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const std::uint8_t byte = in.u8("varint");
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
}

std::vector<ProtoField> fields_of(std::string_view message, int number = 0) {
  ByteReader in(message, "message");
  std::vector<ProtoField> fields;
  while (!in.rest().empty()) {
    const std::uint64_t key = take_varint(in);
    ProtoField field{static_cast<int>(key >> 3), 0, {}};
    if ((key & 7) == 0) field.integer = take_varint(in);
    if ((key & 7) == 2) field.bytes = in.raw(take_varint(in), "bytes");
    if ((key & 7) == 5) field.bytes = in.raw(4, "number");
    if (number == 0 || field.number == number) fields.push_back(field);
  }
  return fields;
}

TEST(ProtoMessage, BytesOfTheEncodingGuide) {
  ProtoMessage inner, outer;
  inner.integer(1, 150);
  EXPECT_EQ(inner.bytes(), "\x08\x96\x01");
  outer.message(3, inner);
  EXPECT_EQ(outer.bytes(), "\x1a\x03\x08\x96\x01");
  ProtoMessage texts;
  texts.text(2, "testing");
  EXPECT_EQ(texts.bytes(), "\x12\x07testing");
  ProtoMessage negative;
  negative.integer(1, -2);
  EXPECT_EQ(negative.bytes(), "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01");
  ProtoMessage number;
  number.number(2, 1.0f);
  EXPECT_EQ(number.bytes(), std::string("\x15\0\0\x80\x3F", 5));
}

std::vector<std::string> operations(const std::string& model) {
  const std::string_view graph = fields_of(model, 7).at(0).bytes;
  std::vector<std::string> operations;
  std::string at_hand = "observation";
  for (const ProtoField& node : fields_of(graph, 1)) {
    EXPECT_EQ(fields_of(node.bytes, 1).at(0).bytes, at_hand);  // each reads what the one before wrote
    at_hand = fields_of(node.bytes, 2).at(0).bytes;
    operations.emplace_back(fields_of(node.bytes, 4).at(0).bytes);
  }
  EXPECT_EQ(at_hand, "action");
  return operations;
}

TEST(Onnx, GraphComputesStepByStepWhatAPolicyDoes) {
  ActorOptions actor;
  actor.hidden = {8};
  EXPECT_THAT(
      operations(onnx_model(export_sample({"a", actor_of(actor, 3, 1), true}).content)),
      ElementsAre("Sub", "Sub", "Div", "Max", "Min", "Gemm", "Relu", "Gemm", "Tanh", "Mul", "Add", "Max", "Min"));
  // observations that floats cannot tell apart come as doubles
  const std::string far = onnx_model(export_sample({"a", actor_of(actor, 3, 1), true, 1, kFar}).content);
  EXPECT_THAT(operations(far), ElementsAre("Sub", "Div", "Cast", "Max", "Min", "Gemm", "Relu", "Gemm", "Tanh", "Mul",
                                           "Add", "Max", "Min"));
  const auto type_of = [](const std::string& model, int field) {  // value_info: type, tensor_type, elem_type
    const std::string_view info = fields_of(fields_of(model, 7).at(0).bytes, field).at(0).bytes;
    return fields_of(fields_of(fields_of(info, 2).at(0).bytes, 1).at(0).bytes, 1).at(0).integer;
  };
  EXPECT_EQ(type_of(far, 11), 11u) << "double";
  EXPECT_EQ(type_of(far, 12), 1u) << "float";
  EXPECT_EQ(type_of(onnx_model(export_sample({"a", actor_of(actor, 3, 1), true}).content), 11), 1u);
  actor.batch_norm = true;
  actor.activation = Activation::elu;
  EXPECT_THAT(
      operations(onnx_model(export_sample({"a", actor_of(actor, 3, 1), false}).content)),
      ElementsAre("Sub", "Mul", "Add", "Gemm", "Sub", "Mul", "Add", "Elu", "Gemm", "Tanh", "Mul", "Add", "Max", "Min"));
  actor.batch_norm = false;
  actor.layer_norm = true;
  actor.activation = Activation::linear;
  EXPECT_THAT(operations(onnx_model(export_sample({"a", actor_of(actor, 3, 1), false}).content)),
              ElementsAre("Gemm", "LayerNormalization", "Gemm", "Tanh", "Mul", "Add", "Max", "Min"));
}

TEST(Onnx, GraphOfAResidualNetworkAddsTheEarlierValue) {
  ActorOptions actor;
  actor.hidden = {8};
  NetworkShape shape = actor_of(actor, 3, 1);
  shape.body = Body::simba;
  const std::string model = onnx_model(export_sample({"a", shape, false}).content);
  EXPECT_THAT(operations(model), ElementsAre("Gemm", "LayerNormalization", "Gemm", "Relu", "Gemm", "Add",
                                             "LayerNormalization", "Gemm", "Tanh", "Mul", "Add", "Max", "Min"));
  const std::vector<ProtoField> nodes = fields_of(fields_of(model, 7).at(0).bytes, 1);
  EXPECT_EQ(fields_of(nodes[5].bytes, 1).at(1).bytes, fields_of(nodes[0].bytes, 2).at(0).bytes);
}

// What a model says: version of the format, opset.
std::pair<int, int> versions(const std::string& model) {
  const auto number = [](std::string_view message, int field) {
    return static_cast<int>(fields_of(message, field).at(0).integer);
  };
  return {number(model, 1), number(fields_of(model, 8).at(0).bytes, 2)};
}

TEST(Onnx, IsOfTheLowestOpsetThatTheNetworkNeeds) {
  for (const ExportSample& sample : export_samples()) {
    const bool layer_norm = in_words(sample.content.body).find("layer normalisation") != std::string::npos;
    const auto expected = layer_norm ? std::pair(8, 17) : std::pair(4, 8);
    EXPECT_EQ(versions(onnx_model(sample.content)), expected) << sample.name;
  }
}

TEST(Onnx, IsOfTheOpsetThatIsAskedFor) {
  ActorOptions actor;
  actor.hidden = {8};
  actor.layer_norm = true;
  const Policy::Content content = export_sample({"a", actor_of(actor, 3, 1), false}).content;
  const std::pair<int, int> expected[] = {{4, 8},  {4, 9},  {5, 10}, {6, 11}, {7, 12}, {7, 13}, {7, 14},
                                          {8, 15}, {8, 16}, {8, 17}, {8, 18}, {9, 19}, {9, 20}, {10, 21}};
  for (const auto& [format, opset] : expected) {
    const std::string model = onnx_model(content, opset);
    EXPECT_EQ(versions(model), std::pair(format, opset));
    EXPECT_EQ(model.find("LayerNormalization") != std::string::npos, opset >= 17) << opset;
  }
  for (const int opset : {-1, 7, 22})
    EXPECT_THAT([&] { onnx_model(content, opset); }, ThrowsMessage<UsageError>(HasSubstr("expected 8 to 21")));
}

// What a bad step leaves in a robot's state is asked of ONNX Runtime, by tests/export_onnx.sh.
TEST(Onnx, WrappersAreWrittenByWhere) {
  ActorOptions actor;
  actor.hidden = {8};
  Policy::Content content = export_sample({"a", actor_of(actor, 6, 2), false}).content;
  content.wrappers = {{deploy::WrapperKind::frame_stack, 2, 0}, {deploy::WrapperKind::low_pass, 0, 0.5}};
  const std::string model = onnx_model(content);
  EXPECT_EQ(versions(model), std::pair(4, 9));
  std::vector<std::string> last;  // what gives the next state: whether the step is bad, the state, another
  for (const ProtoField& node : fields_of(fields_of(model, 7).at(0).bytes, 1)) {
    last.assign(1, std::string(fields_of(node.bytes, 4).at(0).bytes));
    for (const ProtoField& input : fields_of(node.bytes, 1)) last.emplace_back(input.bytes);
    last.emplace_back(fields_of(node.bytes, 2).at(0).bytes);
  }
  EXPECT_THAT(last, ElementsAre("Where", "is_bad", "state", "state_of_a_good_step", "next_state"));
  EXPECT_EQ(versions(onnx_model(content, 10)), std::pair(5, 10));
  EXPECT_THAT([&] { onnx_model(content, 8); },
              ThrowsMessage<UsageError>(HasSubstr("expected 9 to 21 for a policy that carries wrappers, found 8")));
}

TEST(TensorsFile, HoldsTheWholePolicy) {
  for (const ExportSample& sample : export_samples()) {
    const Policy::Content read = read_tensors_file(tensors_file(sample.content), "f");
    EXPECT_EQ(read.body, sample.content.body) << sample.name;
    EXPECT_EQ(read.tensors, sample.content.tensors) << sample.name;
    EXPECT_EQ(read.action_low, sample.content.action_low) << sample.name;
    EXPECT_EQ(read.action_high, sample.content.action_high) << sample.name;
    EXPECT_EQ(read.normalise, sample.content.normalise) << sample.name;
    EXPECT_EQ(read.mean, sample.content.mean) << sample.name;
    EXPECT_EQ(read.deviation, sample.content.deviation) << sample.name;
    EXPECT_EQ(read.clip, sample.content.clip) << sample.name;
    EXPECT_EQ(read.provenance.environment, "Pendulum-v1") << sample.name;
  }
}

TEST(TensorsFile, TellsWhereItComesFrom) {
  Policy::Content content = export_samples().front().content;
  content.provenance.env = {
      {"gravity", 9.8}, {"range", std::vector<double>{0.5, INFINITY}}, {"xml", std::string("\xFF")}};
  content.provenance.mean_return = NAN;
  const std::string bytes = tensors_file(content);
  const auto metadata = read_safetensors(bytes, "f").metadata;
  EXPECT_EQ(metadata.at("env"), "{\"gravity\":9.8,\"range\":[0.5,\"inf\"],\"xml\":\"\xEF\xBF\xBD\"}");
  EXPECT_EQ(metadata.at("mean_return"), "nan");
  EXPECT_EQ(metadata.at("step"), "20000");
}

// What ddpg wrote before networks were lists of steps.
TEST(TensorsFile, TheFirstVersionIsStillRead) {
  for (const SampleForm& form : sample_forms()) {
    if (!form.shape || form.shape->body != Body::mlp || form.normalise) continue;
    const Policy::Content content = export_sample(form).content;
    const std::string bytes = tensors_file(content);
    const SafetensorsView whole = read_safetensors(bytes, "f");
    const nlohmann::json network = {{"observation_size", form.shape->observation_size},
                                    {"hidden", form.shape->hidden},
                                    {"action_size", form.shape->output_size},
                                    {"activation", name_of(form.shape->activation)},
                                    {"output_activation", "tanh"},
                                    {"batch_norm", form.shape->batch_norm},
                                    {"layer_norm", form.shape->layer_norm},
                                    {"normalise_observations", false}};
    SafetensorsWriter writer;
    writer.metadata("network", network.dump());
    for (const TensorView& tensor : whole.tensors)
      writer.add_bytes(tensor.name, tensor.dtype, tensor.shape, tensor.bytes);
    const Policy::Content read = read_tensors_file(writer.bytes(), "f");
    EXPECT_EQ(read.body, content.body) << form.name;
    EXPECT_EQ(read.tensors, content.tensors) << form.name;
  }
}

// Metadata that does not fit the arrays: an error, whatever it says.
TEST(TensorsFile, RefusesANetworkThatTheArraysAreNot) {
  const Policy::Content content = export_samples().front().content;
  const std::string bytes = tensors_file(content);
  const SafetensorsView whole = read_safetensors(bytes, "f");
  const auto changed = [&](const std::string& network) {
    SafetensorsWriter writer;
    for (const auto& [key, text] : whole.metadata) writer.metadata(key, key == "network" ? network : text);
    for (const TensorView& tensor : whole.tensors)
      writer.add_bytes(tensor.name, tensor.dtype, tensor.shape, tensor.bytes);
    return writer.bytes();
  };
  const auto with = [&](const char* key, nlohmann::json value) {
    nlohmann::json network = nlohmann::json::parse(whole.metadata.at("network"));
    network[key] = std::move(value);
    return changed(network.dump());
  };
  EXPECT_NO_THROW(read_tensors_file(with("extra", 1), "f"));
  nlohmann::json steps = nlohmann::json::parse(whole.metadata.at("network")).at("steps");
  const auto with_step = [&](nlohmann::json step) {
    nlohmann::json other = steps;
    other[0] = std::move(step);
    return with("steps", std::move(other));
  };
  const auto refused = [&](const std::string& file, const char* message) {
    EXPECT_THAT([&] { read_tensors_file(file, "f"); }, ThrowsMessage<Error>(HasSubstr(message)));
  };
  refused(with_step({"dense", 63, true}), "expected shape");
  refused(with_step({"dense", 1 << 30, true}), "outputs of a dense step");
  refused(with_step({"dense", 64}), "[f: network");
  refused(with_step({"activate", "gelu"}), "gelu");
  refused(with_step({"convolve"}), "expected a kind of step, found \"convolve\"");
  refused(with_step({"add", 7}), "value that a step uses again");
  refused(with_step({"batch_norm"}), "input_norm.weight");
  EXPECT_THAT([&] { read_tensors_file(with("observation_size", -1), "f"); }, ThrowsMessage<Error>(HasSubstr("[f")));
  EXPECT_THAT([&] { read_tensors_file(with("action_size", "six"), "f"); },
              ThrowsMessage<Error>(HasSubstr("[f: network")));
  EXPECT_THAT([&] { read_tensors_file(with("normalise_observations", true), "f"); },
              ThrowsMessage<Error>(HasSubstr("observation_mean")));
  EXPECT_THAT([&] { read_tensors_file(changed("{"), "f"); }, ThrowsMessage<Error>(HasSubstr("[f: network")));
  EXPECT_THAT([&] { read_tensors_file(SafetensorsWriter().bytes(), "f"); },
              ThrowsMessage<Error>(HasSubstr("entry network")));
}

}  // namespace
}  // namespace ddpg::testing
