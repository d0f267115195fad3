// An ONNX graph while it is put together: nodes, initializers, inputs and outputs. Field numbers are those of
// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "support/protobuf.h"

namespace ddpg {

constexpr int kOnnxFloat = 1, kOnnxInteger = 7, kOnnxBool = 9, kOnnxDouble = 11;  // TensorProto.DataType

struct OnnxAttribute {
  const char* name;
  std::variant<float, std::int64_t, std::vector<std::int64_t>> value;
};

class OnnxGraph {
 public:
  // An initializer under its name, which is returned.
  std::string constant(const std::string& name, const std::vector<int>& dimensions, std::span<const float> values);
  std::string constant(const std::string& name, const std::vector<int>& dimensions, std::span<const double> values);

  std::string constant(const std::string& name, const std::vector<int>& dimensions,
                       std::span<const std::int64_t> values);

  // A node with one output, whose name is returned and is the node's too.
  std::string node(const char* operation, const std::vector<std::string>& inputs, const std::string& output,
                   const std::vector<OnnxAttribute>& attributes = {});

  // Of shape [batch, size].
  void input(std::string_view name, int size, int type = kOnnxFloat) {
    graph_.message(11, value_info(name, size, type));
  }
  void output(std::string_view name, int size, int type = kOnnxFloat) {
    graph_.message(12, value_info(name, size, type));
  }

  ProtoMessage message(const char* name) const;

 private:
  std::string constant(const std::string& name, const std::vector<int>& dimensions, int type, const std::string& bytes);
  static ProtoMessage value_info(std::string_view name, int size, int type);

  ProtoMessage graph_;
};

}  // namespace ddpg
