// How a policy acts on a robot: see acting.h.
#include "bench/acting.h"

#include <ddpg_policy.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "bench/measure.h"
#include "bench/updates.h"
#include "ddpg/error.h"
#include "policy/content.h"
#include "policy/format.h"

namespace ddpg {
namespace {

// Loaded from its bytes, as a robot loads it.
deploy::Policy make_policy() {
  RandomStream random(0, "initialisation");
  Policy::Content content;
  content.body = body_of(actor_shape(sized({256, 256}, 1), box(17, 6)));
  const Network network(content.body);
  content.tensors = network.tensors(network.initialise(random, 0));
  content.action_low = box(17, 6).action_low;
  content.action_high = box(17, 6).action_high;
  const std::string bytes = encode_policy(content);
  deploy::Policy policy;
  if (const deploy::Status status = policy.load(bytes.data(), bytes.size()); !status) throw Error(status.message);
  return policy;
}

struct Acting {
  deploy::Policy policy = make_policy();
  std::vector<float> observation = std::vector<float>(17, 0.1f), action = std::vector<float>(6);

  void operator()() { policy.act(std::span<const float>(observation), action); }
};

// Keeps the thread on the core that it is on, as a robot's control loop is kept.
class Pinned {
 public:
  Pinned() {
    CPU_ZERO(&before_);
    pinned_ = ::sched_getaffinity(0, sizeof before_, &before_) == 0;
    const int core = ::sched_getcpu();
    cpu_set_t one;
    CPU_ZERO(&one);
    if (core >= 0) CPU_SET(static_cast<unsigned>(core), &one);
    pinned_ = pinned_ && core >= 0 && ::sched_setaffinity(0, sizeof one, &one) == 0;
  }
  ~Pinned() {
    if (pinned_) ::sched_setaffinity(0, sizeof before_, &before_);
  }
  Pinned(const Pinned&) = delete;

 private:
  cpu_set_t before_;
  bool pinned_ = false;
};

double quantile(std::vector<std::uint32_t>& nanoseconds, double share) {
  const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(nanoseconds.size()));
  std::nth_element(nanoseconds.begin(), nanoseconds.begin() + place, nanoseconds.end());
  return nanoseconds[static_cast<std::size_t>(place)] / 1e3;
}

}  // namespace

BenchmarkResult benchmark_act(const std::string& name, const BenchmarkOptions& bench) {
  Acting act;
  const MeasuredRate rate = measure_rate({.seconds = bench.seconds}, [&] {
    for (int i = 0; i < 100; i++) act();
  });
  return {name, 1, {{"microseconds", 1e6 / (100 * rate.per_second)}, {"actions_per_second", 100 * rate.per_second}}};
}

BenchmarkResult benchmark_latency(const std::string& name, const BenchmarkOptions&) {
  constexpr std::size_t kCalls = 1'000'000;
  using Clock = std::chrono::steady_clock;
  Acting act;
  std::vector<std::uint32_t> nanoseconds(kCalls, 1);  // written once, so that no page is missing later
  const Pinned pinned;
  for (int i = 0; i < 1'000; i++) act();
  for (std::uint32_t& taken : nanoseconds) {
    const Clock::time_point start = Clock::now();
    act();
    const std::int64_t time = (Clock::now() - start).count();
    taken = static_cast<std::uint32_t>(std::min<std::int64_t>(time, UINT32_MAX));
  }
  const double median = quantile(nanoseconds, 0.5), tail = quantile(nanoseconds, 0.999);
  return {name,
          1,
          {{"median_microseconds", median},
           {"p999_microseconds", tail},
           {"p999_per_median", tail / median},
           {"calls", static_cast<double>(kCalls)}}};
}

}  // namespace ddpg
