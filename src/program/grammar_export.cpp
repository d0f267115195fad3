// The flags of `ddpg export`.
#include "program/grammar_export.h"

#include <limits>

namespace ddpg::cli {

void add_export(CLI::App& app, ExportArguments& exporting, ReadInteger integer) {
  app.add_option("RUN|POLICY", exporting.target, "folder of a run, or a policy file")->type_name("");
  const auto text = [&](const char* flag, std::string& value, const char* type, const char* help) {
    app.add_option(flag, value, help)->type_name(type)->allow_extra_args(false);
  };
  text("--out", exporting.out, "FILE",
       "file to write: .h (a C99 header), .onnx, .safetensors or .ddpg (the policy file itself)");
  app.add_option_function<std::string>(
         "--verify", [&](const std::string& file) { exporting.verify = file; },
         "play episodes with the exported policy beside the trained one: with --out, the file just written")
      ->trigger_on_parse()
      ->expected(0, 1)
      ->type_name("[FILE]");
  const auto number = [&](const char* flag, std::int64_t low, std::int64_t high, auto& value, const char* help) {
    const auto read = [&value, flag, low, high, integer](const std::string& given) {
      value = static_cast<std::remove_reference_t<decltype(value)>>(integer(flag, given, low, high));
    };
    app.add_option_function<std::string>(flag, read, help)->trigger_on_parse()->allow_extra_args(false)->type_name("N");
  };
  number("--episodes", 1, 1'000'000, exporting.episodes, "episodes to verify with, and to take check pairs from [10]");
  number("--seed", 0, std::numeric_limits<std::int64_t>::max(), exporting.seed,
         "decides the starting states, as for evaluate [0]");
  text("--name", exporting.name, "NAME", "what the names in a C header begin with [the name of its file]");
  app.add_flag("--int8", exporting.int8, "weights of a C header in 8 bits: a quarter of the size, and less exact")
      ->disable_flag_override();
  number("--opset", 8, 21, exporting.opset, "version of ONNX's operators, 8 to 21 [the lowest that the network needs]");
  app.add_flag("--overwrite", exporting.overwrite, "replace the file that is there")->disable_flag_override();
  text("--compiler", exporting.compiler, "PROGRAM", "C compiler to verify a header with [cc]");
  text("--python", exporting.python, "PROGRAM",
       "Python to verify an .onnx with, with the package onnxruntime [python3]");
  app.footer(
      "For example:\n"
      "  ddpg export runs/Pendulum-v1/default-seed0 --out policy.h --verify\n"
      "  ddpg export runs/Pendulum-v1/default-seed0 --verify policy.h     of a file written before");
}

}  // namespace ddpg::cli
