// The hot path takes no memory. All of it is counted: every malloc, calloc, realloc and aligned_alloc of the process,
// and with them every new.
#include <ddpg_policy.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <tuple>

#include "agent/algorithm.h"
#include "agent/goal_line.h"
#include "agent/test_environments.h"
#include "ddpg/agent.h"
#include "policy/format.h"

namespace {

std::atomic<bool> counting = false;
std::atomic<long> allocations = 0;

void count() {
  if (counting.load(std::memory_order_relaxed)) allocations.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DDPG_SANITIZED  // GCC
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define DDPG_SANITIZED  // Clang
#endif
#endif

#ifdef __SANITIZE_THREAD__
constexpr bool kAlignedIsSeen = false;  // ThreadSanitizer calls no hook for aligned_alloc; the other builds count it
#else
constexpr bool kAlignedIsSeen = true;
#endif

#ifdef DDPG_SANITIZED

// GCC installs no header for this function of the sanitizers' runtime
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void*, std::size_t),
                                                         void (*on_free)(const volatile void*));

namespace {
[[maybe_unused]] const int kInstalled = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t) { count(); }, [](const volatile void*) {});
}

#else  // the functions of glibc, replaced by ones that count and call it

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) {
  count();
  return __libc_malloc(size);
}
void* calloc(std::size_t number, std::size_t size) {
  count();
  return __libc_calloc(number, size);
}
void* realloc(void* old, std::size_t size) {
  count();
  return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  count();
  return __libc_memalign(alignment, size);
}
}

#endif

namespace ddpg {
namespace {

template <class Body>
long allocations_of(Body body) {
  allocations = 0;
  counting = true;
  body();
  counting = false;
  return allocations;
}

TEST(Allocation, IsCounted) {
  void* volatile kept = nullptr;  // volatile, so that the compiler cannot leave the allocation out
  EXPECT_EQ(allocations_of([&] { kept = std::malloc(8); }), 1);
  std::free(kept);
  EXPECT_EQ(allocations_of([&] { kept = ::operator new(8); }), 1);
  ::operator delete(kept);
  EXPECT_EQ(allocations_of([&] { kept = std::aligned_alloc(64, 64); }), kAlignedIsSeen ? 1 : 0);
  std::free(kept);
}

TEST(Allocation, NoneInAThousandStepsWithUpdates) {
  for (const int norm : {0, 1, 2})
    for (const auto& [threads, environments, overlap] :
         {std::tuple(1, 1, false), std::tuple(2, 1, false), std::tuple(2, 5, false), std::tuple(1, 5, true)}) {
      Options options;
      options.environments = environments;
      options.overlap = overlap;
      options.threads = threads;
      options.actor.hidden = options.critic.hidden = {20, 12};
      options.actor.batch_norm = options.critic.batch_norm = norm == 1;
      options.actor.layer_norm = options.critic.layer_norm = norm == 2;
      options.critic.action_layer = 2;
      options.normalise_observations = options.normalise_rewards = norm == 2;
      options.exploration.noise = norm == 0 ? Noise::gaussian : Noise::ornstein_uhlenbeck;
      options.critic.count = norm == 0 ? 1 : norm + 1;  // 2, 3
      options.critic.aggregate = norm == 1 ? Aggregate::min : Aggregate::mean;
      options.actor.period = norm == 0 ? 1 : 2;
      options.actor.aggregate = norm == 0 ? Aggregate::first : norm == 1 ? Aggregate::mean : Aggregate::min;
      options.target.noise = norm == 0 ? 0 : 0.2;
      options.n_step = 1 + norm;
      options.replay.priority = norm == 0 ? Priority::uniform : norm == 1 ? Priority::per : Priority::fade;
      options.hard_update_interval = norm == 2 ? 10 : 0;
      options.critic.head = norm == 1 ? Head::categorical : Head::mse;
      options.target.clip_to_seen_range = norm == 2;
      options.replay_capacity = 500;  // wraps around
      options.batch_size = 16;
      options.learning_starts = 0;
      options.warmup_steps = 100;
      Algorithm algorithm(options, testing::copies_of(environments, testing::point));
      while (algorithm.updates() < 10) algorithm.step();
      const std::int64_t before = algorithm.updates();
      EXPECT_EQ(allocations_of([&] {
                  for (int i = 0; i < 1'000; i++) algorithm.step();
                }),
                0)
          << "norm " << norm << ", threads " << threads << ", environments " << environments << ", overlap " << overlap;
      EXPECT_EQ(algorithm.updates(), before + 1'000 * environments);
    }
}

TEST(Allocation, NoneForGoalsInHindsight) {
  Options options;
  options.actor.hidden = options.critic.hidden = {20, 12};
  options.replay_capacity = 500;  // wraps around
  options.batch_size = 16;
  options.learning_starts = options.warmup_steps = 50;
  options.normalise_observations = true;
  options.replay.hindsight = 4;
  Algorithm algorithm(options, testing::copies_of(1, testing::goal_line));
  while (algorithm.updates() < 10) algorithm.step();
  EXPECT_EQ(allocations_of([&] {
              for (int i = 0; i < 1'000; i++) algorithm.step();
            }),
            0);
}

TEST(Allocation, NoneInALoopOfTheCallersOwn) {
  Options options;
  options.actor.hidden = options.critic.hidden = {20, 12};
  options.replay_capacity = 500;  // wraps around
  options.batch_size = 16;
  options.learning_starts = options.warmup_steps = 50;
  options.normalise_observations = true;
  options.critic.count = 2;
  options.target.noise = 0.2;
  Agent agent(options, testing::point().specification, 2);
  const std::vector<double> observation{0.5};
  const std::vector<int> both{0, 1};
  std::vector<float> actions(2);
  const auto play = [&](int steps) {
    for (int step = 0; step < steps; step++) {
      for (const int actor : both)
        if (!agent.in_episode(actor)) agent.begin_episode(actor, observation);
      step % 2 == 0 ? agent.act(both, actions) : agent.act(1, std::span(actions).last(1));
      agent.observe(0, std::span(actions).first(1), {.reward = 1, .terminated = step % 9 == 0}, observation);
      agent.observe(1, std::span(actions).last(1), {.reward = 1}, observation);
      agent.end_episode(1);
      agent.learn(2);
      agent.value(observation, std::span(actions).first(1));
    }
  };
  play(100);
  EXPECT_EQ(allocations_of([&] { play(1'000); }), 0);
  EXPECT_GT(agent.updates(), 1'000);
}

TEST(Allocation, NoneInTheStepsOfAPolicy) {
  Options options;
  Algorithm algorithm(options, testing::scripted(testing::point()));
  Policy policy = algorithm.policy({});
  const std::vector<double> observation{0.5};
  std::vector<float> action(1);
  EXPECT_EQ(allocations_of([&] {
              for (int i = 0; i < 100; i++) policy.act(observation, action);
            }),
            0);
}

// The policy library takes all its memory in load() and start().
TEST(Allocation, NoneOnARobot) {
  for (const int norm : {0, 1, 2}) {
    Options options;
    options.actor.batch_norm = norm == 1;
    options.actor.layer_norm = norm == 2;
    options.normalise_observations = options.normalise_rewards = norm == 2;
    Policy::Content content = Algorithm(options, testing::scripted(testing::point())).policy({}).content();
    if (norm > 0) content.wrappers = {{deploy::WrapperKind::low_pass, 0, 0.5}};
    const std::string bytes = encode_policy(content);
    deploy::Policy policy;
    ASSERT_TRUE(policy.load(bytes.data(), bytes.size()));
    deploy::Watchdog watchdog;
    const std::vector<float> observations(7, 0.5f), rate = {0.1f}, nothing;
    ASSERT_TRUE(watchdog.start(policy, {.stale_after = 1, .rate = rate, .fallback = {}}, 0));
    std::vector<float> actions(7);
    const std::span<const float> one(observations.data(), 1);
    EXPECT_EQ(allocations_of([&] {
                for (int i = 0; i < 1'000; i++) {
                  policy.act(one, std::span(actions).first(1));
                  policy.act(std::span<const float>(nothing), actions);
                  policy.act_batch(observations, actions);
                  policy.play(one, std::span(actions).first(1));
                  watchdog.step(i, i % 2 == 0 ? one : nothing, i - i % 3, std::span(actions).first(1));
                }
                policy.reset();
                policy.verify();
              }),
              0);
  }
}

}  // namespace
}  // namespace ddpg
