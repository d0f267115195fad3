// The trained policy: mu(s) with its action bounds and observation statistics, as one value and as one file.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ddpg/environment.h"

namespace ddpg {

/// A file of a MuJoCo task's model, as it was when a policy was trained; a policy of another task names none.
struct ModelFile {
  std::string name{};
  std::uint32_t checksum = 0;  ///< CRC-32; of XML without its comments, each run of blanks as one space
  bool operator==(const ModelFile&) const = default;
};

/// Where a policy comes from; carried in its file.
struct Provenance {
  std::string environment{};
  EnvironmentSettings env{};
  std::string preset{};
  std::uint64_t seed = 0;
  std::int64_t step = 0;   ///< environment steps trained
  double mean_return = 0;  ///< of its last evaluation; NaN when there was none
  std::string version{};   ///< of ddpg
  std::vector<ModelFile> model{};
};

/// A deterministic policy a = mu(s), without noise, its action within the bounds. Holds its own working memory: act()
/// allocates nothing; use one copy per thread. Using one that was moved from throws UsageError.
class Policy {
 public:
  struct Content;  // src/policy/content.h
  explicit Policy(Content content);
  Policy(const Policy&);
  Policy(Policy&&) noexcept;
  Policy& operator=(const Policy&);
  Policy& operator=(Policy&&) noexcept;
  ~Policy();

  /// Reads a policy file. Throws Error naming the file and what is wrong: missing, truncated, damaged, too new,
  /// inconsistent.
  static Policy load(const std::string& path);
  /// Writes a policy file atomically: either the old file or the whole new one is there. Where `path` is a symbolic
  /// link, the file that it leads to is written. Throws Error, also where a folder, a device or a pipe is at `path`.
  void save(const std::string& path) const;

  int observation_size() const;
  int action_size() const;
  std::span<const float> action_low() const;
  std::span<const float> action_high() const;
  const Provenance& provenance() const;
  /// The specification of the environment that it was trained in, as its file has it.
  Specification specification() const;
  const Content& content() const;

  /// action [action_size] = mu(observation [observation_size]). Throws UsageError when a size differs, and Error when
  /// an observation or an action is NaN or infinite (as a float); `action` stays as it was then. On a robot,
  /// ddpg::policy (ddpg_policy/policy.h) returns a code instead, and its Watchdog has an action for that moment too.
  void act(std::span<const double> observation, std::span<float> action);

  /// Acts on the check pairs that its file holds, as ddpg::policy does on a robot, and gives the largest difference of
  /// an action from the expected one, as a share of its range: 0 when all is well, or when there are no pairs (files of
  /// format version 1). Throws Error when it is above 1e-6.
  double verify() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ddpg
