// What a training needs of memory: see memory.h.
#include "agent/memory.h"

#include <bit>
#include <string>

#include "agent/actor_critic.h"
#include "agent/learning_rule.h"
#include "ddpg/error.h"
#include "support/machine.h"

namespace ddpg {
namespace {

// Weights, target, gradient and two moments of each network, and a minibatch's activations with their gradients, which
// the critics share; a little is left out.
std::size_t network_bytes(const Options& options, const Specification& specification) {
  std::size_t floats = 0;
  const auto add = [&](const NetworkShape& shape, int count) {
    const Network network(shape);
    floats += 5 * static_cast<std::size_t>(count) * network.buffer_size();
    for (const Slot& slot : network.plan().slots)
      floats += 2 * static_cast<std::size_t>(options.batch_size) * static_cast<std::size_t>(padded(slot.width));
  };
  add(actor_shape(options, specification), 1);
  add(critic_shape(options, specification, outputs_of_critic(options)), options.critic.count);
  if (options.encoder.kind != EncoderKind::none) {
    add(state_encoder_shape(options, specification), 2);  // it has copies of copies, and works in three places
    add(action_encoder_shape(options, specification), 2);
  }
  return floats * sizeof(float);
}

// Of a tree of priorities, two nodes for each place of the replay buffer (SumTree).
std::size_t priorities_bytes(const Options& options) {
  if (options.replay.priority == Priority::uniform) return 0;
  const auto places = static_cast<std::uint64_t>(options.replay_capacity);
  return (std::bit_ceil(places) + places) * sizeof(double);
}

}  // namespace

std::size_t parameter_count(const Options& options, const Specification& specification) {
  const auto count = [](const NetworkShape& shape) {
    return static_cast<std::size_t>(Network(shape).parameter_count());
  };
  const std::size_t of_encoder =
      options.encoder.kind == EncoderKind::none
          ? 0
          : count(state_encoder_shape(options, specification)) + count(action_encoder_shape(options, specification));
  return count(actor_shape(options, specification)) +
         static_cast<std::size_t>(options.critic.count) *
             count(critic_shape(options, specification, outputs_of_critic(options))) +
         of_encoder;
}

void check_memory(const Options& options, const Specification& specification, std::size_t replay_bytes) {
  const std::size_t available = available_memory();
  replay_bytes += priorities_bytes(options);
  const std::size_t networks = network_bytes(options, specification);
  if (available == 0 || replay_bytes + networks <= available) return;
  throw Error("[memory] replay_capacity = " + std::to_string(options.replay_capacity) + " needs " +
              std::to_string(replay_bytes) + " bytes and the networks with a minibatch " + std::to_string(networks) +
              ", and this machine has " + std::to_string(available) + " available; lower " +
              (networks > replay_bytes ? "actor.hidden, critic.hidden or batch_size" : "replay_capacity"));
}

}  // namespace ddpg
