// The seam to players, measured: see actors.h.
#include "bench/actors.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "actors/free_players.h"
#include "actors/parcel.h"
#include "actors/player.h"
#include "bench/measure.h"
#include "bench/updates.h"
#include "ddpg/error.h"
#include "group/local_group.h"
#include "group/waiting.h"

namespace ddpg {
namespace {

constexpr const char* kTask = "Recorded-17-6";
constexpr int kPlayers = 8;
constexpr int kBlock = 64, kBlocks = 64;        // transitions in a block, blocks recorded
constexpr int kEpisode = kBlock * kBlocks / 4;  // so that the recording ends with an episode

// Costs nothing, so that what is sent is all there is to measure.
class Recorded final : public Environment {
 public:
  Recorded() { specification_.time_limit = kEpisode; }
  const Specification& specification() const override { return specification_; }
  void reset(RandomStream& random, std::span<double> observation) override {
    random_ = random;
    draw(observation);
  }
  StepResult step(std::span<const float>, std::span<double> observation) override {
    draw(observation);
    return {.reward = random_.uniform(-1, 1)};
  }

 private:
  void draw(std::span<double> observation) {
    for (double& x : observation) x = random_.uniform(-1, 1);
  }

  Specification specification_ = box(17, 6);
  RandomStream random_{0};
};

void register_recorded() {
  register_environment(
      {.name = kTask, .make = [](const EnvironmentSettings&) { return std::make_unique<Recorded>(); }});
}

Options learning_options(const BenchmarkOptions& bench) {
  Options options = sized({256, 256}, 256);
  options.environment = kTask;
  options.warmup_steps = options.learning_starts = options.batch_size;
  options.replay_capacity = 100'000;
  options.threads = bench.threads;
  return options;
}

// The players: the processes of a job, or threads.
class Feeders {
 public:
  explicit Feeders(const BenchmarkOptions& bench) : group_(bench.group) {
    register_recorded();
    if (group_) return;
    auto members = LocalGroup::of(kPlayers + 1);
    for (int player = 1; player <= kPlayers; player++)
      threads_.emplace_back([member = std::shared_ptr<Group>(std::move(members[static_cast<std::size_t>(player)]))] {
        feed_recorded(*member);
      });
    group_ = std::move(members[0]);
  }
  ~Feeders() {
    try {
      threads_.empty() ? quiet() : send_home(*group_);
    } catch (const Error&) {  // of a process that is lost: what was measured is told
    }
    for (std::thread& thread : threads_) thread.join();
  }
  Feeders(const Feeders&) = delete;
  Feeders& operator=(const Feeders&) = delete;

  const std::shared_ptr<Group>& group() const { return group_; }
  int players() const { return group_->size() - 1; }
  std::unique_ptr<FreePlayers> learner(const Options& options) {
    return std::make_unique<FreePlayers>(group_, options, box(17, 6), nullptr);
  }

 private:
  // They stop sending, and what they have sent is taken.
  void quiet() {
    for (int player = 1; player <= players(); player++) group_->send(player, Parcel(Word::stop).take());
    for (int player = 1; player <= players(); player++)
      while (Unpacking(wait_for_message(*group_, player).bytes).word() != Word::stop) {
      }
  }

  std::shared_ptr<Group> group_;
  std::vector<std::thread> threads_;
};

void take_block(FreePlayers& learner) {
  learner.step(std::numeric_limits<std::int64_t>::max() / 2, nullptr);
}

}  // namespace

BenchmarkResult benchmark_seam(const std::string& name, const BenchmarkOptions& bench) {
  Feeders feeders(bench);
  Options options = learning_options(bench);
  options.learning_starts = std::numeric_limits<std::int64_t>::max() / 4;
  const auto learner = feeders.learner(options);
  for (int block = 0; block < 4 * feeders.players(); block++) take_block(*learner);
  const auto rate = [&](bool on_the_wall) {
    return measure_rate({.seconds = bench.seconds / 2, .rounds = kRoundsOfTurn, .beside_others = on_the_wall},
                        [&] { take_block(*learner); })
        .per_second;
  };
  const double on_the_wall = rate(true), alone = rate(false);
  return {name,
          1,
          {{"players", feeders.players()},
           {"transitions_per_second", kBlock * on_the_wall},
           {"microseconds_per_block", 1e6 / alone}}};
}

BenchmarkResult benchmark_policies(const std::string& name, const BenchmarkOptions& bench) {
  Feeders feeders(bench);
  const auto learner = feeders.learner(learning_options(bench));
  take_block(*learner);
  std::string policy;
  const double made =
      measure_rate({.seconds = bench.seconds / 2}, [&] { policy = learner->packed_policy(); }).per_second;
  // that it is taken is waited for, and not counted
  double sending = 0, sends = 0;
  for (const Stopwatch whole(false); whole.seconds() < bench.seconds / 2; sends++) {
    const Stopwatch watch(true);
    feeders.group()->send(1, policy);
    sending += watch.seconds();
    for (Waiting waiting; feeders.group()->underway(1) > 0;) waiting.once();
  }
  return {name,
          1,
          {{"bytes", static_cast<double>(policy.size())},
           {"microseconds_to_make", 1e6 / made},
           {"microseconds_to_send", 1e6 * sending / sends}}};
}

// In turns, so that both meet the machine in the same moods.
BenchmarkResult benchmark_fed_learner(const std::string& name, const BenchmarkOptions& bench) {
  Feeders feeders(bench);
  const Options options = learning_options(bench);
  const auto learner = feeders.learner(options);
  UpdateLoop alone({"", 17, 6, options}, bench.threads);
  while (learner->updates() == 0) take_block(*learner);
  const Measuring turn = {.seconds = bench.seconds / kTurns, .threads = bench.threads, .rounds = kRoundsOfTurn};
  std::vector<double> shares;
  double best = 0, best_alone = 0;
  for (int i = 0; i < kTurns; i++) {
    const double fed = kBlock * measure_rate(turn, [&] { take_block(*learner); }).per_second;
    const double by_itself = measure_rate(turn, alone).per_second;
    shares.push_back(fed / by_itself);
    best = std::max(best, fed), best_alone = std::max(best_alone, by_itself);
  }
  return {name,
          bench.threads,
          {{"players", feeders.players()},
           {"updates_per_second", best},
           {"updates_per_second_alone", best_alone},
           {"share_of_updates_alone", median(shares)}}};
}

namespace {

// What a player sends, whole episodes of it, while it plays this task with the policy that the learner begins with.
// Nothing where that is told another word, which becomes `word`.
std::vector<std::string> recorded(Group& group, const std::string& asked, Word& word) {
  auto pair = LocalGroup::of(2);
  std::thread player([&] { play_for(*pair[1]); });
  pair[0]->send(1, asked);
  group.send(0, wait_for_message(*pair[0], 1).bytes);  // which task it has
  std::vector<std::string> blocks;
  Message next = wait_for_message(group, 0);
  word = Unpacking(next.bytes).word();
  if (word == Word::policy) pair[0]->send(1, std::move(next.bytes));
  while (word == Word::policy && blocks.size() < kBlocks) blocks.push_back(wait_for_message(*pair[0], 1).bytes);
  send_home(*pair[0]);
  player.join();
  return blocks;
}

// Until it is told another word, which is given back.
Word send_again_and_again(Group& group, const std::vector<std::string>& blocks) {
  std::size_t next = 0;
  for (Waiting waiting;; waiting.once()) {
    while (const std::optional<Message> message = group.receive(0))
      if (const Word word = Unpacking(message->bytes).word(); word != Word::policy) return word;
    if (blocks.empty() || group.underway(0) >= 2) continue;
    group.send(0, blocks[next++ % blocks.size()]);
    waiting = {};
  }
}

}  // namespace

void feed_recorded(Group& group) {
  register_recorded();
  for (;;) {
    const Message message = wait_for_message(group, 0);
    Word word = Unpacking(message.bytes).word();
    if (word == Word::free) {
      const std::vector<std::string> blocks = recorded(group, message.bytes, word);
      if (word == Word::policy) word = send_again_and_again(group, blocks);
    }
    group.send(0, Parcel(word).take());
    if (word == Word::end) return;
  }
}

}  // namespace ddpg
