// ddpg export: writes a trained policy for other programs, and plays it beside the trained one.
#include "ddpg/export.h"

#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "ddpg/error.h"
#include "ddpg/interrupted.h"
#include "policy/content.h"
#include "program/interrupt.h"
#include "program/output.h"
#include "program/policy_file.h"
#include "program/replaceable.h"
#include "program/verbs.h"
#include "record/text.h"
#include "run/task_record.h"
#include "support/json.h"
#include "support/paths.h"
#include "support/shown.h"

namespace ddpg::cli {

namespace {

struct ExportArguments {
  std::string target;                 // a run folder or a policy file
  std::string out;                    // the file to write; "" when not given
  std::optional<std::string> verify;  // --verify, with the file that it named or ""
  std::string name;                   // of the names in a C header; "" when not given
  bool int8 = false;
  int opset = 0;  // 0: the lowest that will do
  bool overwrite = false;
  int episodes = 10;
  std::uint64_t seed = 0;
  std::string compiler = "cc", python = "python3";
};

namespace fs = std::filesystem;

constexpr int kRandomRows = 1000;  // observations where there is no environment to ask

// `--out FILE --verify RUN` and `--out FILE RUN --verify` are one thing: a file behind --verify is for use without
// --out.
ExportArguments settled(ExportArguments arguments) {
  if (arguments.out.empty() || !arguments.verify || arguments.verify->empty()) return arguments;
  if (!arguments.target.empty()) {
    throw UsageError(fmt::format("--verify: with --out it verifies the file just written and names none, found \"{}\"",
                                 shown(*arguments.verify)));
  }
  arguments.target = *arguments.verify;
  arguments.verify = "";
  return arguments;
}

// Reports what is wrong before anything is computed.
void check(const ExportArguments& arguments) {
  if (arguments.out.empty() && !arguments.verify) {
    throw UsageError(
        "which file is to be written? For example --out policy.h; .onnx, .safetensors and .ddpg are known too.");
  }
  if (arguments.out.empty() && arguments.verify->empty()) {
    throw UsageError("--verify: which file? Name one that was exported before, or write one with --out.");
  }
  const std::string& file = arguments.out.empty() ? *arguments.verify : arguments.out;
  export_format(file);
  if (arguments.out.empty()) {
    const char* flag = arguments.opset != 0     ? "--opset"
                       : arguments.int8         ? "--int8"
                       : arguments.name.empty() ? nullptr
                                                : "--name";
    if (flag != nullptr)
      throw UsageError(fmt::format("{}: says how a file is to be written; name it with --out", flag));
    if (is_folder(file)) throw UsageError(fmt::format("--verify: {} is a folder; name a file", shown(file)));
  }
  if (arguments.out.empty() && !is_there(file)) {
    throw UsageError(fmt::format("--verify: there is no file {}; write it with --out", shown(file)));
  }
  if (!arguments.out.empty()) check_folder_of("--out", file);
  if (!arguments.out.empty() && is_folder(file)) throw UsageError(fmt::format("{}: this is a folder", shown(file)));
  if (!arguments.out.empty() && is_there(file) && !arguments.overwrite) {
    throw UsageError(fmt::format("{}: this file is there already; --overwrite replaces it", shown(file)));
  }
}

// Where the policy is tried: in its environment, or, where that is not known here, at some observations.
struct Ground {
  std::unique_ptr<Environment> environment;
  PolicyPairs pairs;
};

Ground ground_of(Policy& policy, const fs::path& source, const ExportArguments& arguments) {
  Ground ground;
  try {
    ground.environment = make_environment(policy.provenance().environment, policy.provenance().env);
  } catch (const Error& error) {
    ground.pairs = carried_pairs(policy);
    const bool carried = ground.pairs.rows > 0;
    print_message(fmt::format("in place of episodes {} are taken: {}",
                              carried ? "the check pairs of the policy file" : "observations drawn at random",
                              error.what()));
    if (!carried) ground.pairs = random_pairs(policy, kRandomRows, arguments.seed);
    return ground;
  }
  check_task_of(policy, source, *ground.environment);
  return ground;
}

using Rows = std::vector<std::vector<std::string>>;

std::string in_words(const ActionDifference& difference) {
  return fmt::format("at most {:.3g}, {:.3g} of the action's range, {:.3g} on average; over {}", difference.largest,
                     difference.largest_share, difference.mean_share, counted(difference.observations, "observation"));
}

void add_json(Json& result, const ActionDifference& difference) {
  result["observations"] = difference.observations;
  result["largest_difference"] = difference.largest;
  result["largest_difference_of_range"] = difference.largest_share;
  result["mean_difference_of_range"] = difference.mean_share;
}

void write(Policy& policy, const ExportArguments& arguments, const Ground& ground, const std::atomic<bool>& stop,
           Json& result, Rows& rows) {
  ExportOptions options;
  options.name = arguments.name;
  options.int8 = arguments.int8;
  options.opset = arguments.opset;
  if (export_format(arguments.out) == "c99") {
    options.pairs = ground.environment
                        ? record_pairs(policy, *ground.environment, arguments.episodes, arguments.seed, &stop)
                        : ground.pairs;
  }
  const Exported exported = export_policy(policy, arguments.out, options);
  result["bytes"] = exported.bytes;
  rows.push_back({"size", human_bytes(exported.bytes)});
  if (!exported.warning.empty()) {
    print_message(exported.warning);
    result["warning"] = exported.warning;
  }
  if (exported.format != "c99") return;
  result["name"] = exported.name;
  const char* played = policy.content().wrappers.empty() ? "" : ", {0}_reset, {0}_play, {0}_play_double";
  rows.push_back({"functions", fmt::format(fmt::runtime("{0}_act, {0}_act_double, {0}_check" + std::string(played)),
                                           exported.name)});
  if (!exported.int8) return;
  Json cost;
  add_json(cost, exported.int8_difference);
  result["int8_cost"] = cost;
  rows.push_back({"8-bit weights", "change an action by " + in_words(exported.int8_difference)});
}

Verification verification(Policy& policy, const std::string& file, const ExportArguments& arguments,
                          const Ground& ground, const std::atomic<bool>& stop) {
  const VerifyPrograms programs = {arguments.compiler, arguments.python};
  if (!ground.environment) return verify_export(file, policy, ground.pairs, programs, &stop);
  return verify_export(file, policy, *ground.environment, arguments.episodes, arguments.seed, programs, &stop);
}

bool report(const Verification& found, const ExportArguments& arguments, Json& result, Rows& rows) {
  const bool agrees = found.int8 || found.agrees();
  result["int8"] = found.int8;
  result["episodes"] = found.trained.episodes;
  result["seed"] = arguments.seed;
  add_json(result, found.difference);
  result["agrees"] = found.int8 ? Json() : Json(agrees);
  result["mean_return"] = found.trained.mean_return;
  result["std_return"] = found.trained.std_return;
  result["exported_mean_return"] = found.exported.mean_return;
  result["exported_std_return"] = found.exported.std_return;
  rows.push_back({"difference", in_words(found.difference)});
  if (found.trained.episodes == 0) return agrees;
  rows.push_back({"return", fmt::format("trained {}, exported {}; {}, seed {}",
                                        with_deviation(found.trained.mean_return, found.trained.std_return),
                                        with_deviation(found.exported.mean_return, found.exported.std_return),
                                        counted(arguments.episodes, "episode"), arguments.seed)});
  return agrees;
}

// Once the file is written there is no wrong use any more, by which nothing would have been.
bool verify(Policy& policy, const std::string& file, const ExportArguments& arguments, const Ground& ground,
            const std::atomic<bool>& stop, Json& result, Rows& rows) try {
  return report(verification(policy, file, arguments, ground, stop), arguments, result, rows);
} catch (const Interrupted& stopped) {
  if (arguments.out.empty()) throw;
  throw Interrupted(fmt::format("{}; {} is written, and was not verified", stopped.what(), shown(file)));
} catch (const Error& error) {
  if (arguments.out.empty()) throw;
  throw Error(fmt::format("{}; {} is written, and was not verified", error.what(), shown(file)));
}

int run_export(const ExportArguments& given, const Common& common) {
  const ExportArguments arguments = settled(given);
  const fs::path source = policy_file(arguments.target, "export");
  check(arguments);
  Policy policy = Policy::load(source.string());
  const std::string& file = arguments.out.empty() ? *arguments.verify : arguments.out;

  Json result = {{"environment", policy.provenance().environment},
                 {"policy", source.string()},
                 {"file", file},
                 {"format", export_format(file)}};
  Rows rows = {{"file", file}};
  const std::atomic<bool>& stop = listen_for_interrupt(false);
  const bool tries = arguments.verify || export_format(file) == "c99";
  const Ground ground = tries ? ground_of(policy, source, arguments) : Ground{};
  if (!arguments.out.empty()) write(policy, arguments, ground, stop, result, rows);
  const bool agrees = !arguments.verify || verify(policy, file, arguments, ground, stop, result, rows);
  if (common.json) {
    print_json(result);
  } else {
    print(table(rows));
  }
  if (!agrees) {
    flush_output();
    print_message(fmt::format("{} is another policy than {}: the difference is more than rounding explains",
                              shown(file), shown(source)));
  }
  return agrees ? kDone : kFailed;
}

}  // namespace

Run add_export(Flags& flags) {
  const auto exporting = std::make_shared<ExportArguments>();
  ExportArguments& given = *exporting;
  add_target(flags, given.target);
  flags.text("--out", given.out, "FILE",
             "file to write: .h (a C99 header), .onnx, .safetensors or .ddpg (the policy file itself)");
  flags.each(
      "--verify", "[FILE]", [&given](const std::string& file) { given.verify = file; },
      "play episodes with the exported policy beside the trained one: with --out, the file just written", true);
  flags.number("--episodes", given.episodes, 1, 1'000'000,
               "episodes to verify with, and to take check pairs from [10]");
  flags.number("--seed", given.seed, 0, kNoLimit, "decides the starting states, as for evaluate [0]");
  flags.text("--name", given.name, "NAME", "what the names in a C header begin with [the name of its file]");
  flags.yes("--int8", given.int8, "weights of a C header in 8 bits: a quarter of the size, and less exact");
  flags.number(
      "--opset", given.opset, 8, 21,
      "version of ONNX's operators, 8 to 21, with carried wrappers 9 to 21 [the lowest that the policy needs]");
  flags.yes("--overwrite", given.overwrite, "replace the file that is there");
  flags.text("--compiler", given.compiler, "PROGRAM", "C compiler to verify a header with [cc]");
  flags.text("--python", given.python, "PROGRAM",
             "Python to verify an .onnx with, with the package onnxruntime [python3]");
  flags.footer(
      "For example:\n"
      "  ddpg export runs/Pendulum-v1/default-seed0 --out policy.h --verify\n"
      "  ddpg export runs/Pendulum-v1/default-seed0 --verify policy.h     of a file written before");
  return [exporting](const Common& common) { return run_export(*exporting, common); };
}

}  // namespace ddpg::cli
