// What the fuzz targets of checkpoints share: the training whose files are in corpus/, and checksums written a second
// time, which would keep a fuzzer out otherwise. The corpus is of
//   ddpg train Pendulum-v1 --envs 2 --steps 40 --set warmup_steps=10 --set learning_starts=10 --set batch_size=4
//     --set replay_capacity=24 --set actor.hidden=3 --set critic.hidden=3 --set normalise_observations=true
//     --set evaluation_episodes=1 --set log_interval=20, files version_2 by one of version 2 of the format
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "agent/algorithm.h"
#include "ddpg/environment.h"
#include "ddpg/error.h"
#include "support/bytes.h"
#include "support/safetensors.h"

namespace ddpg::testing {

inline Options sampled_options() {
  Options options;
  options.environment = "Pendulum-v1";
  options.environments = 2;
  options.steps = 60;
  options.warmup_steps = options.learning_starts = 10;
  options.batch_size = 4;
  options.replay_capacity = 24;
  options.actor.hidden = options.critic.hidden = {3};
  options.normalise_observations = true;
  options.evaluation_episodes = 1;
  options.log_interval = 20;
  return options;
}

inline Algorithm sampled_algorithm() {
  VectorEnvironment::Copies copies;
  for (int i = 0; i < 2; i++) copies.push_back(make_environment("Pendulum-v1"));
  return Algorithm(sampled_options(), std::move(copies));
}

// As far as the bytes are a safetensors file with an array of checksums at its end.
inline void repair_checksums(std::string& bytes) try {
  SafetensorsView view = read_safetensors(bytes, "x");
  if (view.tensors.empty() || view.tensors.back().bytes.size() != 4 * view.tensors.size()) return;
  ByteReader head(bytes, "x");
  std::string checksums;
  const auto add = [&](std::string_view checked) {
    const std::uint32_t checksum = crc32(checked);
    checksums.append(reinterpret_cast<const char*>(&checksum), sizeof checksum);
  };
  add(std::string_view(bytes).substr(0, 8 + head.u64("length")));
  for (std::size_t i = 0; i + 1 < view.tensors.size(); i++) add(view.tensors[i].bytes);
  bytes.replace(bytes.size() - checksums.size(), checksums.size(), checksums);
} catch (const Error&) {
}

// What a target does with its input: as it is, and once more with the checksums repaired.
inline int as_given_and_repaired(const std::uint8_t* data, std::size_t size, void (*try_bytes)(std::string_view)) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  try_bytes(bytes);
  repair_checksums(bytes);
  try_bytes(bytes);
  return 0;
}

}  // namespace ddpg::testing
