// The policy's graph with the trained policy's own rounding: every sum in its order, every step rounded to single
// precision. For networks that magnify rounding, and slow: ONNX has no multiply-add that rounds once, so a sum is a
// loop, of products in double precision.
#pragma once

#include "export/protobuf.h"
#include "policy/content.h"

namespace ddpg {

// The graph of onnx_model(content, true), opset 17.
ProtoMessage exact_onnx_graph(const Policy::Content& content);

}  // namespace ddpg
