// ddpg export: writes a trained policy for other programs, and plays it beside the trained one.
#include "ddpg/export.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "ddpg/error.h"
#include "output.h"
#include "policy_file.h"
#include "record/text.h"
#include "support/paths.h"
#include "support/shown.h"
#include "verbs.h"

namespace ddpg::cli {

namespace {

namespace fs = std::filesystem;

constexpr int kRandomRows = 1000;  // observations where there is no environment to ask

// `--out FILE --verify RUN` and `--out FILE RUN --verify` are one thing: a file behind --verify is for use without
// --out.
ExportArguments settled(ExportArguments arguments) {
  if (arguments.out.empty() || !arguments.verify || arguments.verify->empty()) return arguments;
  if (!arguments.target.empty()) {
    throw UsageError(fmt::format("--verify: with --out it verifies the file just written and names none, found \"{}\"",
                                 *arguments.verify));
  }
  arguments.target = *arguments.verify;
  arguments.verify = "";
  return arguments;
}

// What is wrong is told before anything is computed.
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
  if (!arguments.out.empty() && is_folder(file)) throw UsageError(fmt::format("{}: this is a folder", shown(file)));
  if (!arguments.out.empty() && is_there(file) && !arguments.overwrite) {
    throw UsageError(fmt::format("{}: this file is there already; --overwrite replaces it", shown(file)));
  }
}

// For a C header: what the policy does in its environment, where that can be asked.
PolicyPairs pairs_for(Policy& policy, const ExportArguments& arguments) {
  std::unique_ptr<Environment> environment;
  try {
    environment = make_environment(policy.provenance().environment, policy.provenance().env);
  } catch (const Error& error) {
    const PolicyPairs carried = carried_pairs(policy);
    print_message(fmt::format("{}; the check pairs are {}", error.what(),
                              carried.rows > 0 ? "those of the policy file" : "of observations drawn at random"));
    return carried.rows > 0 ? carried : random_pairs(policy, kRandomRows, arguments.seed);
  }
  return record_pairs(policy, *environment, arguments.episodes, arguments.seed);
}

using Rows = std::vector<std::vector<std::string>>;

std::string in_words(const ActionDifference& difference) {
  return fmt::format("at most {:.3g}, {:.3g} of the action's range, {:.3g} on average; over {}", difference.largest,
                     difference.largest_share, difference.mean_share, counted(difference.observations, "observation"));
}

void add_json(nlohmann::ordered_json& result, const ActionDifference& difference) {
  result["observations"] = difference.observations;
  result["largest_difference"] = difference.largest;
  result["largest_difference_of_range"] = difference.largest_share;
  result["mean_difference_of_range"] = difference.mean_share;
}

void write(Policy& policy, const ExportArguments& arguments, nlohmann::ordered_json& result, Rows& rows) {
  ExportOptions options;
  options.name = arguments.name;
  options.int8 = arguments.int8;
  options.opset = arguments.opset;
  if (export_format(arguments.out) == "c99") options.pairs = pairs_for(policy, arguments);
  const Exported exported = export_policy(policy, arguments.out, options);
  result["bytes"] = exported.bytes;
  rows.push_back({"size", human_bytes(exported.bytes)});
  if (exported.format != "c99") return;
  result["name"] = exported.name;
  rows.push_back({"functions", fmt::format("{0}_act, {0}_check", exported.name)});
  if (!exported.int8) return;
  nlohmann::ordered_json cost;
  add_json(cost, exported.int8_difference);
  result["int8_cost"] = cost;
  rows.push_back({"8-bit weights", "change an action by " + in_words(exported.int8_difference)});
}

bool verify(Policy& policy, const std::string& file, const ExportArguments& arguments, nlohmann::ordered_json& result,
            Rows& rows) {
  const auto environment = make_environment(policy.provenance().environment, policy.provenance().env);
  const Verification found = verify_export(file, policy, *environment, arguments.episodes, arguments.seed,
                                           {arguments.compiler, arguments.python});
  const bool agrees = found.int8 || found.agrees();
  result["int8"] = found.int8;
  result["episodes"] = arguments.episodes;
  result["seed"] = arguments.seed;
  add_json(result, found.difference);
  result["agrees"] = found.int8 ? nlohmann::ordered_json() : nlohmann::ordered_json(agrees);
  result["mean_return"] = found.trained.mean_return;
  result["std_return"] = found.trained.std_return;
  result["exported_mean_return"] = found.exported.mean_return;
  result["exported_std_return"] = found.exported.std_return;
  rows.push_back({"difference", in_words(found.difference)});
  rows.push_back({"return", fmt::format("trained {}, exported {}; {}, seed {}",
                                        with_deviation(found.trained.mean_return, found.trained.std_return),
                                        with_deviation(found.exported.mean_return, found.exported.std_return),
                                        counted(arguments.episodes, "episode"), arguments.seed)});
  return agrees;
}

}  // namespace

int run(const ExportArguments& given, const Arguments& common) {
  const ExportArguments arguments = settled(given);
  const fs::path source = policy_file(arguments.target, "export");
  check(arguments);
  Policy policy = Policy::load(source.string());
  const std::string& file = arguments.out.empty() ? *arguments.verify : arguments.out;

  nlohmann::ordered_json result = {{"environment", policy.provenance().environment},
                                   {"policy", source.string()},
                                   {"file", file},
                                   {"format", export_format(file)}};
  Rows rows = {{"file", file}};
  if (!arguments.out.empty()) write(policy, arguments, result, rows);
  const bool agrees = !arguments.verify || verify(policy, file, arguments, result, rows);
  if (common.json) {
    print_json(result);
  } else {
    print(table(rows));
  }
  if (!agrees) {
    print_message(fmt::format("{} is another policy than {}: the difference is more than rounding explains", file,
                              source.string()));
  }
  return agrees ? kDone : kFailed;
}

}  // namespace ddpg::cli
