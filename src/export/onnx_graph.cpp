#include "export/onnx_graph.h"

#include "support/bytes.h"

namespace ddpg {
namespace {

// AttributeProto: the field of each kind of value, and how AttributeType names it.
ProtoMessage attribute_message(const OnnxAttribute& attribute) {
  ProtoMessage message;
  message.text(1, attribute.name);
  if (const auto* number = std::get_if<float>(&attribute.value)) {
    message.number(2, *number);
    message.integer(20, 1);
  } else if (const auto* integer = std::get_if<std::int64_t>(&attribute.value)) {
    message.integer(3, *integer);
    message.integer(20, 2);
  } else {
    for (const std::int64_t value : std::get<std::vector<std::int64_t>>(attribute.value)) message.integer(8, value);
    message.integer(20, 7);
  }
  return message;
}

}  // namespace

std::string OnnxGraph::constant(const std::string& name, const std::vector<int>& dimensions,
                                std::span<const float> values) {
  ByteWriter raw;
  for (const float value : values) raw.f32(value);
  return constant(name, dimensions, kOnnxFloat, raw.bytes());
}

std::string OnnxGraph::constant(const std::string& name, const std::vector<int>& dimensions,
                                std::span<const double> values) {
  ByteWriter raw;
  for (const double value : values) raw.f64(value);
  return constant(name, dimensions, kOnnxDouble, raw.bytes());
}

std::string OnnxGraph::constant(const std::string& name, const std::vector<int>& dimensions,
                                std::span<const std::int64_t> values) {
  ByteWriter raw;
  for (const std::int64_t value : values) raw.u64(static_cast<std::uint64_t>(value));
  return constant(name, dimensions, kOnnxInteger, raw.bytes());
}

std::string OnnxGraph::constant(const std::string& name, const std::vector<int>& dimensions, int type,
                                const std::string& bytes) {
  ProtoMessage tensor;
  for (const int size : dimensions) tensor.integer(1, size);
  tensor.integer(2, type);
  tensor.text(8, name);
  tensor.text(9, bytes);
  graph_.message(5, tensor);
  return name;
}

std::string OnnxGraph::node(const char* operation, const std::vector<std::string>& inputs, const std::string& output,
                            const std::vector<OnnxAttribute>& attributes) {
  ProtoMessage node;
  for (const std::string& input : inputs) node.text(1, input);
  node.text(2, output);
  node.text(3, output);
  node.text(4, operation);
  for (const OnnxAttribute& attribute : attributes) node.message(5, attribute_message(attribute));
  graph_.message(1, node);
  return output;
}

ProtoMessage OnnxGraph::value_info(std::string_view name, int size, int type) {
  ProtoMessage batch, width, shape, tensor, kind, info;
  batch.text(2, "batch");
  width.integer(1, size);
  shape.message(1, batch);
  shape.message(1, width);
  tensor.integer(1, type);
  tensor.message(2, shape);
  kind.message(1, tensor);
  info.text(1, name);
  info.message(2, kind);
  return info;
}

ProtoMessage OnnxGraph::message(const char* name) const {
  ProtoMessage graph = graph_;
  graph.text(2, name);
  return graph;
}

}  // namespace ddpg
