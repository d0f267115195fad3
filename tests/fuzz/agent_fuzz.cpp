// Any bytes as an agent's file: they are refused with an Error, or the agent goes on, and can be saved. The corpus is
// of an agent with sampled_options(), three observations, one action and two actors, after 40 steps of each.
#include <algorithm>
#include <vector>

#include "checkpoint_samples.h"
#include "ddpg/agent.h"
#include "run/checkpoint_file.h"
#include "scratch_folder.h"

namespace ddpg {
namespace {

// An honest file may ask for much memory, and for threads: that is no finding.
bool is_small(std::string_view bytes) try {
  const CheckpointFile file = parse_checkpoint_file(bytes, "x");
  const auto text = file.metadata.find("options");
  Options options;
  if (text != file.metadata.end()) apply_toml(options, text->second, "x");
  return options.batch_size <= 64 && options.replay_capacity <= 10'000 && options.threads == 1;
} catch (const Error&) {
  return true;
}

void go_on(Agent& agent) {
  const std::vector<double> observation(static_cast<std::size_t>(agent.specification().observation_size), 0.5);
  std::vector<float> action(static_cast<std::size_t>(agent.specification().action_size()));
  const int actors = std::min(agent.actors(), 2);
  for (int step = 0; step < 4; step++)
    for (int actor = 0; actor < actors; actor++) {
      if (!agent.in_episode(actor)) agent.begin_episode(actor, observation);
      agent.act(actor, action);
      agent.observe(actor, action, {1, step == 2, false}, observation);
      agent.learn(1);
    }
  agent.save((testing::scratch_folder() / "again.agent").string());
}

void try_bytes(std::string_view bytes) {
  if (!is_small(bytes)) return;
  const std::string file = testing::scratch_file("x.agent", bytes).string();
  try {
    Agent agent = Agent::load(file);
    go_on(agent);
  } catch (const Error&) {
  }
}

}  // namespace
}  // namespace ddpg

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return ddpg::testing::as_given_and_repaired(data, size, ddpg::try_bytes);
}
