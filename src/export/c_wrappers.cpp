#include "export/c_wrappers.h"

#include <fmt/format.h>

#include <algorithm>

#include "export/c_text.h"

namespace ddpg {
namespace {

using deploy::CarriedWrapper, deploy::WrapperKind;

// From the world outwards; numbers in the names count the wrappers. x0 are the sensors, x1 what the first one makes.
class Writer {
 public:
  explicit Writer(const Policy::Content& content) : content_(content), size_(content.sensor_size()) {}

  CWrappers written() {
    out_.stack = static_cast<std::size_t>(size_) * sizeof(double);  // x0 of the function for floats
    for (std::size_t i = 0; i < content_.wrappers.size(); i++) observe(content_.wrappers[i], static_cast<int>(i));
    for (std::size_t i = content_.wrappers.size(); i-- > 0;) remember(content_.wrappers[i], static_cast<int>(i));
    out_.defines = fmt::format("#define @NAME@_SENSORS {}\n", content_.sensor_size());
    out_.text = fmt::format(
        "\n// What is remembered from step to step. One for each robot; @name@_reset begins an episode.\n"
        "typedef struct @name@_state {{\n  int begun;\n{}}} @name@_state;\n\n"
        "static inline void @name@_reset(@name@_state *s) {{\n  int i;\n  s->begun = 0;\n{}  (void)i;\n}}\n\n"
        "// action = what is to be played for these sensors; where they are not numbers, so are the actions, and "
        "nothing is\n"
        "// remembered of the step\n"
        "static inline void @name@_play_double(@name@_state *s, const double sensors[{}], float action[{}]) {{\n"
        "  const double *x0 = sensors;\n{}  int i;\n{}"
        "  @name@_act_double(x{}, action);\n"
        "  for (i = 0; i < {}; i++)\n    if (!(action[i] == action[i])) return;\n{}  s->begun = 1;\n}}\n"
        "static inline void @name@_play(@name@_state *s, const float sensors[{}], float action[{}]) {{\n"
        "  double x0[{}];\n  int i;\n  for (i = 0; i < {}; i++) x0[i] = (double)sensors[i];\n"
        "  @name@_play_double(s, x0, action);\n}}\n",
        members_, reset_, content_.sensor_size(), actions(), buffers_, observe_, content_.wrappers.size(), actions(),
        remember_, content_.sensor_size(), actions(), content_.sensor_size(), content_.sensor_size());
    out_.state += sizeof(double);
    return out_;
  }

 private:
  int actions() const { return static_cast<int>(content_.action_low.size()); }

  void buffer(int number, int size) {
    buffers_ += fmt::format("  double x{}[{}];\n", number, size);
    out_.stack += static_cast<std::size_t>(size) * sizeof(double);
    size_ = size;
  }
  void member(const std::string& name, int size, const std::string& value) {
    members_ += fmt::format("  double {}[{}];\n", name, size);
    reset_ += fmt::format("  for (i = 0; i < {}; i++) s->{}[i] = {};\n", size, name, value);
    out_.state += static_cast<std::size_t>(size) * sizeof(double);
  }

  void observe(const CarriedWrapper& wrapper, int i) {
    const int in = size_, out = size_behind(wrapper, in, actions()), memory = remembered_by(wrapper, out, actions());
    const std::string copy = fmt::format("  for (i = 0; i < {0}; i++) x{1}[i] = x{2}[i];\n", in, i + 1, i);
    buffer(i + 1, out);
    switch (wrapper.kind) {
      case WrapperKind::time_left:
        member(fmt::format("steps{}", i), memory, "0.0");
        observe_ += copy + fmt::format("  x{0}[{1}] = 1.0 - s->steps{2}[0] / {3}.0;\n", i + 1, in, i, wrapper.count);
        return;
      case WrapperKind::last_actions:
        member(fmt::format("actions{}", i), memory, "0.0");
        observe_ +=
            copy + fmt::format("  for (i = 0; i < {0}; i++) x{1}[{2} + i] = s->actions{3}[i];\n", memory, i + 1, in, i);
        return;
      case WrapperKind::frame_stack:
        member(fmt::format("frames{}", i), memory, "0.0");
        observe_ += fmt::format(
            "  for (i = 0; i < {0}; i++) x{1}[i] = s->begun ? s->frames{2}[{3} + i] : x{2}[i % {3}];\n"
            "  for (i = 0; i < {3}; i++) x{1}[{0} + i] = x{2}[i];\n",
            out - in, i + 1, i, in);
        return;
      case WrapperKind::low_pass:
        member(fmt::format("played{}", i), memory,
               "@name@_action_low[i] > 0.0f ? (double)@name@_action_low[i] : @name@_action_high[i] < 0.0f ? "
               "(double)@name@_action_high[i] : 0.0");
        observe_ += copy;
        return;
    }
  }

  void remember(const CarriedWrapper& wrapper, int i) {
    const int more = wrapper.count * actions();
    switch (wrapper.kind) {
      case WrapperKind::time_left:
        remember_ += fmt::format("  s->steps{0}[0] = s->steps{0}[0] + 1.0;\n", i);
        return;
      case WrapperKind::last_actions:
        remember_ += fmt::format(
            "  for (i = {0} - 1; i >= {1}; i--) s->actions{2}[i] = s->actions{2}[i - {1}];\n"
            "  for (i = 0; i < {1}; i++) {{\n"
            "    const double low = (double)@name@_action_low[i], high = (double)@name@_action_high[i];\n"
            "    s->actions{2}[i] = ((double)action[i] - (low + high) / 2.0) / ((high - low) / 2.0);\n  }}\n",
            more, actions(), i);
        return;
      case WrapperKind::frame_stack:
        remember_ += fmt::format(
            "  for (i = 0; i < (int)(sizeof s->frames{0} / sizeof(double)); i++) s->frames{0}[i] = x{1}[i];\n", i,
            i + 1);
        return;
      case WrapperKind::low_pass:
        remember_ += fmt::format(
            "  for (i = 0; i < {0}; i++) {{\n"
            "    const volatile double change = {1} * ((double)action[i] - s->played{2}[i]);  // rounded by itself\n"
            "    float a;\n"
            "    s->played{2}[i] = s->played{2}[i] + change;\n    a = (float)s->played{2}[i];\n"
            "    action[i] = a < @name@_action_low[i] ? @name@_action_low[i] : (@name@_action_high[i] < a ? "
            "@name@_action_high[i] : a);\n  }}\n",
            actions(), c_number(wrapper.share), i);
        return;
    }
  }

  const Policy::Content& content_;
  int size_;  // of the observation at hand
  std::string members_, reset_, buffers_, observe_, remember_;
  CWrappers out_;
};

}  // namespace

CWrappers c_wrappers(const Policy::Content& content) {
  if (content.wrappers.empty()) return {};
  return Writer(content).written();
}

}  // namespace ddpg
