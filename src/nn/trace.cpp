// The memory of a pass: see passes.h.
#include "nn/passes.h"

namespace ddpg {
namespace {

AlignedFloats norm_floats(bool wanted, int size) {
  return AlignedFloats(wanted ? static_cast<std::size_t>(padded(size)) : 0);
}

AlignedFloats transposed_floats(int in, int out) {
  return AlignedFloats(static_cast<std::size_t>(panels_of(in)) * static_cast<std::size_t>(out) * kPanel);
}

}  // namespace

Trace::Trace(const Network& network, int max_rows, bool with_gradients) : rows(max_rows) {
  for (const Slot& slot : network.plan().slots) {
    Value value{PanelMatrix(max_rows, slot.width), {}, {}, norm_floats(slot.is_averaged, max_rows)};
    if (with_gradients) value.d = PanelMatrix(max_rows, slot.width);
    if (with_gradients && slot.is_added) value.shortcut = PanelMatrix(max_rows, slot.width);
    slots.push_back(std::move(value));
  }
  for (const NormLayout& layout : network.norms())
    norms.push_back({PanelMatrix(max_rows, layout.width), norm_floats(layout.batch, layout.width),
                     norm_floats(layout.batch, layout.width),
                     norm_floats(true, layout.batch ? layout.width : max_rows)});
  for (const DenseLayout& layer : network.layers()) {
    if (!with_gradients) break;
    transposed.push_back(layer.out > 1 ? transposed_floats(layer.in0, layer.out) : AlignedFloats());
    if (layer.out > 1 && layer.in1 > 0) transposed_action = transposed_floats(layer.in1, layer.out);
  }
  const Node& last = network.plan().nodes.back();
  output_slot = last.out;
  output_gradient_slot = last.kind == StepKind::activate && last.in != kObservationSlot ? last.in : last.out;
}

}  // namespace ddpg
