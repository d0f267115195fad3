// A trained policy in forms that other programs read: a C99 header, ONNX, safetensors, or its own file. Each holds
// everything that the policy is: weights, action bounds and observation statistics.
#pragma once

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
  std::vector<float> observations;  ///< [rows, observation_size]
  std::vector<float> actions;       ///< [rows, action_size]
  std::string origin;               ///< where the observations come from, in words
};

/// All states of `episodes` episodes that the policy plays; the same starting states as evaluate() with this seed.
PolicyPairs record_pairs(Policy& policy, Environment& environment, int episodes, std::uint64_t seed);
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
  std::string name;
  /// Weights of a C header as 8-bit integers with a scale for each output: a quarter of the size, and less exact.
  bool int8 = false;
  /// ONNX with the trained policy's own rounding, many times as slow: where a runtime computes in double precision as
  /// IEEE 754 has it, one multiply-add in about 10^10 rounds otherwise, and the others do not.
  bool exact = false;
  /// Pairs for the header's check function, of which it takes 16, and for measuring what int8 costs, of which it takes
  /// all; not empty for a C header.
  PolicyPairs pairs;
};

struct Exported {
  std::string format;   ///< "c99", "onnx", "safetensors" or "ddpg"
  std::uint64_t bytes;  ///< length of the file
  std::string name;     ///< prefix of the names in a C header
  bool int8 = false;
  ActionDifference int8_difference;  ///< what int8 costs, over options.pairs
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
  bool exact = false;           ///< ONNX with the trained policy's own rounding
  ActionDifference difference;  ///< between exported and trained, at every observation of the trained one's episodes
  /// Both round. How far each lies from the same weights computed in double precision:
  ActionDifference trained_rounding, exported_rounding;
  Evaluation trained, exported;

  /// Whether the exported policy is the trained one: at most 1e-6 of the action's range apart, or, where the network
  /// magnifies rounding to more than that, as near to what double precision gives as the trained one is, within a
  /// factor of 4; that is no excuse for an exact one. Says nothing of 8-bit weights, which are meant to differ.
  bool agrees() const {
    if (difference.largest_share <= 1e-6) return true;
    return !exact && exported_rounding.largest_share <= 4 * trained_rounding.largest_share;
  }
};

/// Plays `episodes` episodes with the trained policy and asks the exported one at each observation too; then lets the
/// exported one play them alone. Throws Error where the file is not such a policy, or a program is missing or fails.
Verification verify_export(const std::string& path, Policy& policy, Environment& environment, int episodes,
                           std::uint64_t seed, const VerifyPrograms& programs = {});

}  // namespace ddpg
