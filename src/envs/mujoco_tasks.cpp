// What `ddpg envs` shows of each MuJoCo task. The scores are of DDPG after a million steps, from the sources named:
// Fujimoto et al. 2018, table 2 ("our DDPG", mean of the last ten evaluations, tasks v1), PFRL's reproduction (v2),
// Spinning Up's plots (v3), Tianshou's benchmark (v3) and CleanRL's (v4). No DDPG figure is published for v5, so scores
// of other versions are marked where the task changed.
#include "envs/mujoco_tasks.h"

#include <array>

namespace ddpg {
namespace {

struct Description {
  const char* name;
  const char* summary;
  long suggested_steps;
  const char* expected;
};

constexpr std::array kDescriptions = {
    Description{"Ant-v5", "run forward on four legs", 1'000'000,
                "560 to 950 after 1,000,000 steps (Ant-v1 to v3: TD3 paper, PFRL, ChainerRL; v5 rewards and observes "
                "otherwise)"},
    Description{"HalfCheetah-v5", "run forward on two legs, in the plane", 1'000'000,
                "8,400 to 10,300 after 1,000,000 steps (TD3 paper, PFRL, ChainerRL)"},
    Description{"Hopper-v5", "hop forward on one leg, in the plane", 1'000'000,
                "1,060 to 1,790 after 1,000,000 steps (TD3 paper, PFRL, ChainerRL)"},
    Description{"Humanoid-v5", "run forward on two legs without falling", 1'000'000,
                "180 to 1,700 after 1,000,000 steps (Humanoid-v3 and v4: Tianshou, CleanRL; v5 rewards and observes "
                "otherwise)"},
    Description{"HumanoidStandup-v5", "stand up from lying on the back", 1'000'000, "no score of DDPG is published"},
    Description{"InvertedDoublePendulum-v5", "balance two poles on a cart", 200'000,
                "6,500 to 8,400 after 1,000,000 steps (TD3 paper, PFRL, ChainerRL); 9,360 is near-perfect"},
    Description{"InvertedPendulum-v5", "balance a pole on a cart", 100'000,
                "1,000 is perfect; 785 to 1,000 after 1,000,000 steps (TD3 paper, PFRL, ChainerRL)"},
    Description{"Pusher-v5", "push a cylinder to a goal with an arm of seven joints", 500'000,
                "-39 to -77 after 1,000,000 steps (Pusher-v4: CleanRL; v5 has a denser cylinder)"},
    Description{"Reacher-v5", "touch a target with an arm of two joints", 100'000,
                "-4.0 to -5.6 after 1,000,000 steps (TD3 paper, PFRL; v5 rewards after the step)"},
    Description{"Swimmer-v5", "swim forward as a chain of three links", 1'000'000,
                "136 to 144 after 1,000,000 steps (Spinning Up, Tianshou)"},
    Description{
        "Walker2d-v5", "walk forward on two legs, in the plane", 1'000'000,
        "1,900 to 2,400 after 1,000,000 steps (Walker2d-v1, v2: TD3 paper, PFRL, ChainerRL; v5 has other friction)"},
};

}  // namespace

std::vector<EnvironmentEntry> mujoco_entries() {
  std::vector<EnvironmentEntry> entries;
  for (const Description& task : kDescriptions) {
    const std::string name = task.name;
    entries.push_back(
        {.name = name,
         .summary = task.summary,
         .suggested_steps = task.suggested_steps,
         .expected = task.expected,
         .make = [name](const EnvironmentSettings& settings) { return make_mujoco_task(name, settings); }});
  }
  return entries;
}

}  // namespace ddpg
