// A policy in a control loop at a fixed rate, on the policy library alone: what a robot runs. Prints the latency
// histogram that the loop really had, and what the watchdog found.
//   deploy POLICY [HZ] [SECONDS]
// HZ: of the control loop; as the policy was trained, if left out or 0. Put your machine in read_sensors() and
// drive_motors(). For real time, run it as `chrt -f 50 taskset -c 1 deploy ...` on a core that has nothing else to do.
#include <ddpg_policy.h>
#include <sys/mman.h>
#include <time.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <span>
#include <vector>

#include "latency.h"

namespace deploy = ddpg::deploy;

namespace {

std::int64_t now() {  // nanoseconds of the clock that only goes forward
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

void sleep_until(std::int64_t time) {  // an absolute time, so that what a step takes does not add up
  const timespec t{.tv_sec = static_cast<time_t>(time / 1'000'000'000),
                   .tv_nsec = static_cast<long>(time % 1'000'000'000)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, nullptr) != 0) {
  }
}

// A machine that is none: its numbers swing, every 500th reading is broken, and from the 1200th to the 1260th none
// comes. Returns when the reading was made.
double read_sensors(std::int64_t step, double time, std::span<float> observation) {
  static double last = time;
  if (step % 2000 >= 1200 && step % 2000 < 1260) return last;
  for (std::size_t i = 0; i < observation.size(); i++)
    observation[i] = static_cast<float>(std::sin(time * (1 + 0.1 * static_cast<double>(i))));
  if (step % 500 == 499) observation[0] = std::numeric_limits<float>::quiet_NaN();
  return last = time;
}

void drive_motors(std::span<const float>) {}

struct Loop {
  deploy::Policy policy;
  deploy::Watchdog watchdog;
  Latency acting, waking;
  std::int64_t missed = 0;

  // So many periods. One that is over before its step could begin is left out: two steps at once would help nobody.
  void run(std::int64_t period, std::int64_t periods) {
    std::vector<float> observation(static_cast<std::size_t>(policy.sensor_size()));
    std::vector<float> action(static_cast<std::size_t>(policy.action_size()));
    std::int64_t next = now();
    for (std::int64_t step = 0; step < periods; step++) {
      next += period;
      if (next + period < now()) {
        missed++;
        continue;
      }
      sleep_until(next);
      const std::int64_t woken = now();
      const double time = static_cast<double>(woken) / 1e9;
      const double observed_at = read_sensors(step, time, observation);
      const std::int64_t before = now();
      watchdog.step(time, observation, observed_at, action);
      acting.add(now() - before);
      drive_motors(action);
      waking.add(woken - next);
    }
  }
};

int fail(const char* message) {
  std::fprintf(stderr, "deploy: %s\n", message);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 4) return fail("usage: deploy POLICY [HZ] [SECONDS]"), 2;

  // 1  load, and ask whether it acts here as it did in training
  Loop loop;
  if (const deploy::Status status = loop.policy.load(argv[1]); !status) return fail(status.message);
  const deploy::Status verified = loop.policy.verify();
  if (!verified && verified.code != deploy::Code::no_checks) return fail(verified.message);

  // 2  the rate at which it was trained, unless another is asked for
  const double asked = argc > 2 ? std::atof(argv[2]) : 0, seconds = argc > 3 ? std::atof(argv[3]) : 5;
  const double trained = loop.policy.control_period();
  if (!(asked > 0) && !(trained > 0)) return fail("the policy has no control period: give HZ");
  const double period = asked > 0 ? 1 / asked : trained;
  if (!(period > 1e-6 && period < 1e3 && seconds > 0 && seconds < 1e6)) return fail("HZ or SECONDS is out of range"), 2;

  // 3  what the motors may be asked: a full swing in a fifth of a second; after three silent periods the middle
  std::vector<float> rate, middle;
  for (std::size_t i = 0; i < loop.policy.action_low().size(); i++) {
    const float low = loop.policy.action_low()[i], high = loop.policy.action_high()[i];
    rate.push_back(5 * (high - low));
    middle.push_back(0.5f * low + 0.5f * high);
  }
  const deploy::WatchdogLimits limits{.stale_after = 3 * period, .rate = rate, .fallback = middle};
  const deploy::Status watched = loop.watchdog.start(loop.policy, limits, static_cast<double>(now()) / 1e9);
  if (!watched) return fail(watched.message);

  // 4  no page of memory goes away from now on (it may be refused: then it is not real time)
  if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0) std::fprintf(stderr, "deploy: memory is not locked (ulimit -l)\n");
  loop.run(static_cast<std::int64_t>(period * 1e9), std::llround(seconds / period));

  const deploy::WatchdogCounts& found = loop.watchdog.counts();
  std::printf("%s, %d observations, %d actions, kernels %s\n", argv[1], loop.policy.sensor_size(),
              loop.policy.action_size(), loop.policy.kernels());
  std::printf("%lld periods at %g Hz, %lld of them missed\n",
              static_cast<long long>(found.steps) + static_cast<long long>(loop.missed), 1 / period,
              static_cast<long long>(loop.missed));
  std::printf("watchdog: %llu bad observations, %llu stale, %llu actions cut to the rate\n",
              static_cast<unsigned long long>(found.bad), static_cast<unsigned long long>(found.stale),
              static_cast<unsigned long long>(found.limited));
  loop.acting.print("a step of the watchdog and the policy");
  loop.waking.print("woken too late by");
  return 0;
}
