// A control loop of your own, at a fixed rate, as on a robot: in each period an action is applied and what followed is
// observed; learning takes the time that is left, and never more. A safety filter may change the action before it is
// applied, and what was applied is what is learnt from. The world is a pendulum here; put your robot in its place.
//   your_own_loop [SECONDS]
#include <ddpg/ddpg.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

using Clock = std::chrono::steady_clock;

constexpr std::chrono::microseconds kPeriod(2'000);

// The torque must not change by more than 1 N m from one period to the next.
float safe(float wanted, float applied_before) {
  return std::clamp(wanted, applied_before - 1.0f, applied_before + 1.0f);
}

// Learns until `deadline`, as far as updates are due. Another one is begun only where the longest so far would fit.
class LearnUntil {
 public:
  void operator()(ddpg::Agent& agent, Clock::time_point deadline) {
    for (Clock::time_point now = Clock::now(); agent.updates_due() > 0 && now + longest_ < deadline;) {
      agent.learn(1);
      const Clock::time_point done = Clock::now();
      longest_ = std::max(longest_ * 15 / 16, done - now);  // one that was held up by chance is forgotten
      now = done;
    }
  }

 private:
  Clock::duration longest_ = std::chrono::microseconds(500);
};

// How much of its period each round took, in tenths; the last place counts those that were late.
class Histogram {
 public:
  void add(Clock::duration taken) {
    const auto tenth = static_cast<std::size_t>(10 * taken / kPeriod);
    counts_[std::min(tenth, counts_.size() - 1)]++;
  }
  void print() const {
    for (std::size_t i = 0; i < counts_.size(); i++)
      std::printf("  %s %3zu %%  %ld\n", i + 1 < counts_.size() ? "up to" : "over ",
                  std::min<std::size_t>(10 * (i + 1), 100), counts_[i]);
  }

 private:
  std::array<long, 11> counts_{};
};

int main(int count, char** arguments) try {
  const double seconds = count > 1 ? std::atof(arguments[1]) : 20;

  ddpg::Options options = ddpg::find_preset("default").options;
  options.seed = 1;
  const auto world = ddpg::make_environment("Pendulum-v1");  // the agent never sees it, only what it looks like
  ddpg::Agent agent(options, world->specification());

  ddpg::RandomStream random(options.seed, "environment");
  std::vector<double> observation(3);
  std::vector<float> action(1);
  float applied = 0;
  LearnUntil learn_until;
  Histogram histogram;

  const Clock::time_point end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  for (Clock::time_point begin = Clock::now(); begin < end; begin += kPeriod) {
    std::this_thread::sleep_until(begin);
    if (!agent.in_episode(0)) {
      world->reset(random, observation);
      agent.begin_episode(0, observation);
      applied = 0;
    }
    agent.act(0, action);
    action[0] = applied = safe(action[0], applied);
    const ddpg::StepResult result = world->step(action, observation);
    agent.observe(0, action, result, observation);  // the action really applied
    learn_until(agent, begin + kPeriod);
    histogram.add(Clock::now() - begin);
    begin = std::max(begin, Clock::now() - kPeriod);  // what was missed is not made up for
  }

  std::printf("%lld steps, %lld updates, %lld still due; share of a period of %lld us that a round took:\n",
              static_cast<long long>(agent.steps()), static_cast<long long>(agent.updates()),
              static_cast<long long>(agent.updates_due()), static_cast<long long>(kPeriod.count()));
  histogram.print();
  ddpg::Policy policy = agent.policy();
  policy.save("pendulum.policy");
  agent.save("pendulum.agent");  // from which ddpg::Agent::load() continues
  std::printf("mean return without noise and filter: %.1f\n", ddpg::evaluate(policy, *world, 10, 0).mean_return);
} catch (const ddpg::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
