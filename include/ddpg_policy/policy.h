// A trained policy on a robot: loads policy.ddpg and acts. The standard library alone; no exceptions, no locks, no
// threads, no allocation after load(), and the same bits as in training. See docs/deploy.md.
// Not here: training, and the policy as the training library knows it (ddpg/policy.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ddpg::deploy {

/// What became of a call. The numbers are those of the C interface (ddpg_policy.h) and never change.
enum class Code : std::int32_t {
  ok = 0,
  cannot_read = 1,    ///< the file: missing, a folder, unreadable
  not_a_policy = 2,   ///< it begins with something else
  truncated = 3,      ///< shorter than it says
  damaged = 4,        ///< a checksum does not match, or bytes follow the end
  too_new = 5,        ///< written by a newer ddpg
  invalid = 6,        ///< its content is not a policy
  out_of_memory = 7,  ///< the policy needs more than there is
  wrong_size = 8,     ///< numbers in an observation or an action
  not_finite = 9,     ///< an observation holds NaN or infinity (as float), or an action would
  no_checks = 10,     ///< the file holds no check pairs to verify by
  differs = 11,       ///< verify(): an action is not the one that the file expects
  not_loaded = 12,    ///< there is no policy in it yet
};

/// The code as a few English words.
const char* text(Code code) noexcept;

/// A code and, when it is not ok, what was expected, what was found and what to do, as one line.
struct Status {
  Code code = Code::ok;
  char message[512] = "";

  explicit operator bool() const noexcept { return code == Code::ok; }
};

/// Where the policy comes from.
struct Origin {
  std::string_view environment, preset, version;  ///< version: of the ddpg that trained it
  std::uint64_t seed = 0;
  std::int64_t step = 0;   ///< environment steps trained
  double mean_return = 0;  ///< of its last evaluation; NaN when there was none
};

/// A deterministic policy. One object is for one thread at a time: it holds its own working memory.
class Policy {
 public:
  Policy() noexcept = default;
  ~Policy();
  Policy(Policy&& other) noexcept;
  Policy& operator=(Policy&& other) noexcept;
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;

  /// Reads a policy file, or the bytes of one, which are untrusted. Takes all memory that the policy will ever
  /// need, in proportion to the file. When it fails, the policy that was there before is kept.
  Status load(const char* path) noexcept;
  Status load(const void* bytes, std::size_t size, const char* where = "policy") noexcept;
  bool loaded() const noexcept { return impl_ != nullptr; }

  int observation_size() const noexcept;
  int action_size() const noexcept;
  std::span<const float> action_low() const noexcept;
  std::span<const float> action_high() const noexcept;
  double control_period() const noexcept;  ///< seconds from an action to the next, as trained; 0: unknown
  int time_limit() const noexcept;         ///< steps of an episode as trained; 0: none
  const Origin& origin() const noexcept;
  int format_version() const noexcept;  ///< of the file
  /// Names and units; "" where they are unknown or i is out of range. Each ends with a zero byte.
  std::string_view observation_name(int i) const noexcept;
  std::string_view observation_unit(int i) const noexcept;
  std::string_view action_name(int i) const noexcept;
  std::string_view action_unit(int i) const noexcept;

  /// action [action_size] = mu(observation [observation_size]). When it is not ok, action is left as it was.
  Code act(std::span<const float> observation, std::span<float> action) noexcept;
  Code act(std::span<const double> observation, std::span<float> action) noexcept;
  /// actions [rows, action_size] = mu(observations [rows, observation_size]), row by row the same bits as act(). When
  /// it is not ok, the rows before the wrong one are written.
  Code act_batch(std::span<const float> observations, std::span<float> actions) noexcept;

  /// What the policy does beside its network: frame stacking, last actions and the time left as observations, a
  /// low-pass of its actions, as they were around the task in training. play() does it all, and remembers; act() is the
  /// network alone. Of a policy without such wrappers play() is act().
  /// Numbers that play() takes: the robot's own observation.
  int sensor_size() const noexcept;
  std::string_view sensor_name(int i) const noexcept;  ///< as observation_name()
  std::string_view sensor_unit(int i) const noexcept;
  /// An episode begins: nothing was seen or done. So it is after load(), too.
  void reset() noexcept;
  /// One control step: action [action_size] is what is to be played for sensors [sensor_size]. When it is not ok,
  /// action is left as it was, and nothing is remembered of the step.
  Code play(std::span<const float> sensors, std::span<float> action) noexcept;
  Code play(std::span<const double> sensors, std::span<float> action) noexcept;

  /// Acts on the observations of the file's check pairs and compares. ok when each action differs from the expected one
  /// by at most 1e-6 of its range.
  Status verify() noexcept;
  int check_count() const noexcept;
  double largest_difference() const noexcept;  ///< found by verify(), as a share of the action's range

  /// The instruction set that is used: "avx512", "avx2", "neon", "plain".
  const char* kernels() const noexcept;

  struct Impl;

 private:
  Impl* impl_ = nullptr;
};

}  // namespace ddpg::deploy
