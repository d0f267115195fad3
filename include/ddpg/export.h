// A trained policy in forms that other programs read: a C99 header, ONNX, safetensors, or its own file. Each holds
// everything that the policy is: weights, action bounds and observation statistics.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "ddpg/environment.h"
#include "ddpg/observer.h"
#include "ddpg/policy.h"

namespace ddpg {

/// Observations and the actions that the trained policy answered with, row by row.
struct PolicyPairs {
  int rows = 0;
  std::vector<float> observations{};  ///< [rows, observation_size]
  std::vector<float> actions{};       ///< [rows, action_size]
  std::string origin{};               ///< where the observations come from, in words
};

/// All states of `episodes` >= 1 episodes that the policy plays; the same starting states as evaluate() with this seed.
/// Throws Interrupted when `*stop` becomes true.
PolicyPairs record_pairs(Policy& policy, Environment& environment, int episodes, std::uint64_t seed,
                         const std::atomic<bool>* stop = nullptr);
/// Where there is no environment to ask: the check pairs that the policy carries, or none.
PolicyPairs carried_pairs(const Policy& policy);
/// Where it carries none: `rows` observations drawn at random, by the policy's statistics where it has
/// some and uniformly from [-1, 1] otherwise.
PolicyPairs random_pairs(Policy& policy, int rows, std::uint64_t seed);
/// At most `rows` of them, evenly spread.
PolicyPairs thinned(const PolicyPairs& pairs, int rows);

/// How far actions lie from those that they should be.
struct ActionDifference {
  double largest = 0;        ///< in the action's own unit
  double largest_share = 0;  ///< of the range of its dimension
  double mean_share = 0;     ///< the mean of these shares
  std::int64_t observations = 0;
};

struct ExportOptions {
  /// What the names in a C header begin with, a C identifier; "": made of the file's name.
  std::string name{};
  /// Weights of a C header as 8-bit integers with a scale for each output: a quarter of the size, and less exact.
  bool int8 = false;
  /// Version of ONNX's operators, 8 to 21, for a runtime that knows no newer ones; 0: the lowest that the network
  /// needs, which is 8, with wrappers that the policy carries 9, with layer normalisation 17. Below 17 that is written
  /// as simpler operators; wrappers cannot be written below 9.
  int opset = 0;
  /// Pairs for the header's check function, of which it takes 16, and for measuring what int8 costs, of which it takes
  /// all; not empty for a C header.
  PolicyPairs pairs{};
};

struct Exported {
  std::string format;   ///< "c99", "onnx", "safetensors" or "ddpg"
  std::uint64_t bytes;  ///< length of the file
  std::string name;     ///< prefix of the names in a C header
  bool int8 = false;
  ActionDifference int8_difference;  ///< what int8 costs, over options.pairs
  /// What a user of the file must know: that observations are not to be given as floats, and why. "": nothing.
  std::string warning{};
};

/// What the ending of `path` says: "c99", "onnx", "safetensors", "ddpg". Throws UsageError naming the endings there
/// are.
std::string export_format(const std::string& path);

/// Writes the policy to `path`, atomically, in the format that its ending names. Throws UsageError for options that
/// cannot be, Error where the file cannot be written.
Exported export_policy(const Policy& policy, const std::string& path, const ExportOptions& options = {});

/// Programs that verifying runs: paths, or names to be found as a shell would.
struct VerifyPrograms {
  std::string compiler = "cc";     ///< for C headers
  std::string python = "python3";  ///< for ONNX; with the packages onnxruntime and numpy
};

struct Verification {
  std::string format;
  bool int8 = false;            ///< a C header with 8-bit weights
  ActionDifference difference;  ///< between exported and trained, at every observation of the trained one's episodes
  Evaluation trained, exported;

  /// Whether the exported policy is the trained one: at most 1e-6 of the action's range apart. An ONNX runtime sums in
  /// an order of its own, and a network magnifies rounding at some observations: there, 1e-6 on average and 1e-3 at
  /// most. Says nothing of 8-bit weights, which are meant to differ.
  bool agrees() const {
    if (format != "onnx") return difference.largest_share <= 1e-6;
    return difference.mean_share <= 1e-6 && difference.largest_share <= 1e-3;
  }
};

/// Plays `episodes` episodes with the trained policy and asks the exported one at each observation too; then lets the
/// exported one play them alone. Throws Error where the file is not such a policy, or a program is missing or fails,
/// Interrupted when `*stop` becomes true.
Verification verify_export(const std::string& path, Policy& policy, Environment& environment, int episodes,
                           std::uint64_t seed, const VerifyPrograms& programs = {},
                           const std::atomic<bool>* stop = nullptr);
/// Where there is no environment: asks the exported policy at the observations of `pairs`, whose actions are the
/// trained one's. `trained` and `exported` stay unmeasured.
Verification verify_export(const std::string& path, Policy& policy, const PolicyPairs& pairs,
                           const VerifyPrograms& programs = {}, const std::atomic<bool>* stop = nullptr);

}  // namespace ddpg
