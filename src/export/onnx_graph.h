// An ONNX graph while it is put together: nodes, initializers, inputs and outputs. Field numbers are those of
// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "export/protobuf.h"

namespace ddpg {

enum class OnnxType { float32 = 1, int64 = 7, float64 = 11 };  // TensorProto.DataType

struct OnnxAttribute {
  const char* name;
  std::variant<float, std::int64_t, std::vector<std::int64_t>, ProtoMessage> value;  // the last: a graph
};

class OnnxGraph {
 public:
  // Initializers, under their name, which is returned.
  std::string constant(const std::string& name, const std::vector<int>& dimensions, std::span<const float> values);
  std::string constant(const std::string& name, const std::vector<int>& dimensions, std::span<const double> values);
  std::string constant(const std::string& name, const std::vector<std::int64_t>& values);  // [values.size()]

  // A node with one output, whose name is returned and is the node's too.
  std::string node(const char* operation, const std::vector<std::string>& inputs, const std::string& output,
                   const std::vector<OnnxAttribute>& attributes = {});

  // Of shape [batch, size]; or, where size is 0, of a shape that is not told.
  void input(const char* name, OnnxType type, int size = 0) { graph_.message(11, value_info(name, type, size)); }
  void output(const std::string& name, OnnxType type, int size = 0) {
    graph_.message(12, value_info(name, type, size));
  }

  ProtoMessage message(const char* name) const;

 private:
  static ProtoMessage value_info(std::string_view name, OnnxType type, int size);
  std::string initializer(const std::string& name, std::span<const int> dimensions, OnnxType type,
                          std::string_view bytes);

  ProtoMessage graph_;
};

}  // namespace ddpg
