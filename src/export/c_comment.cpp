// The comment at the head of an exported C header: provenance, sizes, functions, an example of use. Its second line is
// read again when the header is verified.
#include "export/c_comment.h"

#include <fmt/format.h>

#include <charconv>

#include "ddpg/error.h"
#include "export/c_text.h"
#include "export/c_wrappers.h"
#include "export/identity.h"
#include "export/precision.h"
#include "support/bytes.h"

namespace ddpg {
namespace {

constexpr std::string_view kMark = "// ddpg-export c99 ", kFormat = "2 ";  // 1 had no act_double

std::string network_in_words(const Policy::Content& content) {
  std::string text = in_words(content.body);
  if (content.normalise) text += fmt::format(", observations normalised and cut to +-{}", content.clip);
  return text;
}

// Lines of at most 100 characters, each but the first with the beginning of a comment; broken behind a comma where
// there is one.
std::string broken_into_lines(std::string_view text) {
  constexpr std::size_t kMost = 100;
  std::string lines;
  while (text.size() > kMost) {
    const std::size_t comma = text.substr(0, kMost).rfind(',');
    const std::size_t length = comma == std::string_view::npos ? kMost : comma + 1;
    lines += fmt::format("{}\n//{:17}", text.substr(0, length), "");
    text.remove_prefix(length);
  }
  return lines += text;
}

std::string identity_lines(const Policy::Content& content) {
  std::string lines;
  for (const auto& [key, text] : identity(content)) {
    if (key == "env" && text == "{}") continue;
    lines += fmt::format("//   {:<13} {}\n", key, text.empty() ? "-" : broken_into_lines(c_comment_text(text)));
  }
  return lines;
}

// Where floats will not do.
std::string double_lines(const Policy::Content& content) {
  const int lost = lost_in_floats(content);
  if (lost < 0) return "";
  return fmt::format(" This one is to be used:\n//       {}.",
                     broken_into_lines(c_comment_text(loss_in_words(content, lost))));
}

std::string int8_lines(const ActionDifference& d, const PolicyPairs& pairs) {
  return fmt::format(
      "//\n// Its weights are 8-bit integers with a scale for each output. Against the trained policy, over {} "
      "observations\n"
      "// ({}), the actions differ by at most {:.3g}, which is {:.3g} of the action's range; on average by\n// {:.3g} "
      "of the "
      "range.\n",
      d.observations, c_comment_text(pairs.origin), d.largest, d.largest_share, d.mean_share);
}

constexpr std::string_view kFunctions = R"(//
//   void @name@_act(const float observation[{0}], float action[{1}]);
//       action = mu(observation), each within its bounds (@name@_action_low, @name@_action_high). Where an observation
//       is not a number, so are the actions. It only reads constants and takes no memory but the stack: it may run in
//       several threads and in interrupts, and does the same arithmetic each time.
//   void @name@_act_double(const double observation[{0}], float action[{1}]);
//       The same for observations of double precision.{2}
)";

constexpr std::string_view kPlayFunctions = R"(//
//   void @name@_reset(@name@_state *state);
//       An episode begins. The state is yours, {0} bytes, one for each robot.
//   void @name@_play(@name@_state *state, const float sensors[{1}], float action[{2}]);
//   void @name@_play_double(@name@_state *state, const double sensors[{1}], float action[{2}]);
//       One control step. What stood between the task and the policy in training (`wrappers` above, from the task
//       outwards) is done here, too; @name@_act is the network alone, which takes the observations that they make.
)";

constexpr std::string_view kCheckFunction = R"(//
//   float @name@_check(void);    only with @NAME@_WITH_CHECK defined before the include
//       The largest difference between this code's actions and those of the trained policy, as a share of the action's
//       range, over {0} observations: {1}.
//       Expected: at most @NAME@_CHECK_LIMIT.
)";

constexpr std::string_view kExample = R"(//
// For example:
//   #define @NAME@_WITH_CHECK
//   #include "{0}"
//   if (@name@_check() > @NAME@_CHECK_LIMIT) stop();  // once, when the device starts
{1}//
// Compiles as C99 and later, and as C++; freestanding, without the mathematical library. The constants are exact: each
// reads back to the bits of the trained one.

)";

constexpr std::string_view kActLoop = R"(//   float observation[@NAME@_OBSERVATIONS], action[@NAME@_ACTIONS];
//   for (;;) { read_sensors(observation); @name@_act(observation, action); drive_motors(action); wait_for_tick(); }
)";
constexpr std::string_view kPlayLoop = R"(//   @name@_state state;
//   float sensors[@NAME@_SENSORS], action[@NAME@_ACTIONS];
//   @name@_reset(&state);
//   for (;;) { read_sensors(sensors); @name@_play(&state, sensors, action); drive_motors(action); wait_for_tick(); }
)";

}  // namespace

std::string c_comment(const Policy::Content& content, const CHeader& header, const CSizes& sizes) {
  const int observations = content.body.observation_size, actions = content.body.output_size();
  const CWrappers wrappers = c_wrappers(content);
  const bool wrapped = !content.wrappers.empty();
  std::string text = fmt::format(
      "// A trained policy as C code, written by ddpg {}. Not to be edited: export it again.\n{}"
      "{}name={} weights={} observations={} actions={}{}\n//\n",
      c_comment_text(content.provenance.version), kMark, kFormat, header.name, header.int8 ? "int8" : "float32",
      observations, actions, wrapped ? fmt::format(" sensors={}", content.sensor_size()) : "");
  text += identity_lines(content);
  text += fmt::format("//   {:<13} {}\n", "network", network_in_words(content));
  text += fmt::format("//   {:<13} {} bytes of constants, {} bytes of stack for its buffers\n", "sizes",
                      sizes.constants, sizes.stack + wrappers.stack);
  if (header.int8) text += int8_lines(header.int8_difference, header.pairs);
  text += with_name(fmt::format(fmt::runtime(kFunctions), observations, actions, double_lines(content)), header.name);
  if (wrapped)
    text += with_name(fmt::format(fmt::runtime(kPlayFunctions), wrappers.state, content.sensor_size(), actions),
                      header.name);
  if (header.pairs.rows > 0) {
    text += with_name(fmt::format(fmt::runtime(kCheckFunction), header.pairs.rows, c_comment_text(header.pairs.origin)),
                      header.name);
  }
  return text + with_name(fmt::format(fmt::runtime(kExample), header.name + ".h", wrapped ? kPlayLoop : kActLoop),
                          header.name);
}

CHeaderMark read_c_header_mark(std::string_view text, const std::string& where) {
  const auto refuse = [&]() -> CHeaderMark {
    throw Error(fmt::format("[{}] expected a C header written by `ddpg export`, found another file", where));
  };
  const std::size_t begin = text.find(kMark);
  if (begin == std::string_view::npos || begin > 200) return refuse();
  std::string_view line = text.substr(begin + kMark.size());
  line = line.substr(0, line.find('\n'));
  if (!line.starts_with(kFormat))
    throw Error(
        fmt::format("[{}] expected a C header of version {}as this ddpg writes it, found another; export it again",
                    where, kFormat));
  const auto value = [&](std::string_view key) {
    const std::size_t at = line.find(fmt::format("{}=", key));
    if (at == std::string_view::npos) return std::string();
    const std::string_view rest = line.substr(at + key.size() + 1);
    return std::string(rest.substr(0, rest.find(' ')));
  };
  const auto number = [&](std::string_view key) {
    const std::string digits = value(key);
    int result = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), result);
    return result;
  };
  const CHeaderMark mark{value("name"), value("weights") == "int8", number("observations"), number("actions"),
                         number("sensors")};
  if (mark.name != c_name(mark.name) || mark.observations < 1 || mark.actions < 1) return refuse();
  return mark;
}

}  // namespace ddpg
