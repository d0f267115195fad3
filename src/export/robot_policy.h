// A trained policy as ddpg::policy plays it on a robot, with the wrappers that it carries.
#pragma once

#include <fmt/format.h>

#include <span>
#include <string>
#include <vector>

#include "ddpg/error.h"
#include "ddpg/policy.h"
#include "ddpg_policy/policy.h"
#include "policy/content.h"
#include "policy/format.h"

namespace ddpg {

class RobotPolicy {
 public:
  explicit RobotPolicy(const Policy& policy) {
    const std::string bytes = encode_policy(policy.content());
    if (const deploy::Status status = policy_.load(bytes.data(), bytes.size()); !status) throw Error(status.message);
    int size = policy_.sensor_size();
    for (const auto& wrapper : policy.content().wrappers) {
      const int behind = size_behind(wrapper, size, policy_.action_size());
      if (wrapper.kind == deploy::WrapperKind::frame_stack) newest_ += behind - size;
      size = behind;
    }
  }
  // The robot's own observation in the one that the network takes.
  std::vector<double> sensors_in(std::span<const double> observation) const {
    const auto sensors =
        observation.subspan(static_cast<std::size_t>(newest_), static_cast<std::size_t>(policy_.sensor_size()));
    return {sensors.begin(), sensors.end()};
  }
  void reset() { policy_.reset(); }
  void play(std::span<const double> sensors, std::span<float> action) {
    if (const deploy::Code code = policy_.play(sensors, action); code != deploy::Code::ok)
      throw Error(fmt::format("[policy] it cannot act: {}", deploy::text(code)));
  }

 private:
  deploy::Policy policy_;
  int newest_ = 0;  // where it is
};

}  // namespace ddpg
