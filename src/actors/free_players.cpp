// What the learner does with players that play on their own: see free_players.h.
#include "actors/free_players.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "actors/sent.h"
#include "ddpg/error.h"
#include "group/waiting.h"
#include "policy/content.h"
#include "support/stop.h"

namespace ddpg {
namespace {

constexpr std::chrono::steady_clock::duration kBetweenPolicies = std::chrono::milliseconds(50);

void check_free(const Options& options) {
  const auto refuse = [](const std::string& what) {
    throw UsageError(fmt::format("[actors] {} needs its environments in one process: leave it out, or --actors", what));
  };
  if (options.environments != 1) refuse(fmt::format("environments = {}", options.environments));
  if (options.overlap) refuse("overlap");
  if (options.evaluation_episodes > 0 && options.evaluate_on == EvaluateOn::training)
    refuse("evaluate_on = \"training\"");
  if (!options.changes.empty()) refuse("a change in the middle");
}

}  // namespace

FreePlayers::FreePlayers(std::shared_ptr<Group> group, const Options& options, const Specification& specification,
                         const std::function<void(AgentCore&)>& prepare)
    : group_(std::move(group)),
      options_(options),
      keeps_replay_(options.checkpoint_replay),
      pool_(options.threads > 1 ? std::make_unique<ThreadPool>(options.threads) : nullptr),
      players_(static_cast<std::size_t>(group_->size() - 1)),
      observation_(static_cast<std::size_t>(specification.observation_size)),
      metrics_(specification.metric_names.size()),
      action_(static_cast<std::size_t>(specification.action_size())) {
  check_free(options);
  task_ = task_record(*make_environment(options.environment, options.env));
  agent_ = std::make_unique<AgentCore>(
      options, specification, players(), Compute{&best_kernels(), pool_.get()},
      options.data.empty() && !options.keep_replay ? AgentCore::Data::none : AgentCore::Data::may_be_added);
  if (prepare) prepare(*agent_);
}

// Each has streams of its own, which a resumed training does not use again.
void FreePlayers::begin() {
  begun_ = true;
  for (int process = 1; process <= players(); process++) {
    Parcel parcel(Word::free);
    parcel.put_text(to_toml(options_));
    parcel.put(static_cast<std::int32_t>(process - 1)).put(static_cast<std::int32_t>(players())).put(agent_->steps());
    group_->send(process, parcel.take());
  }
}

std::int64_t FreePlayers::most_of_a_step() const {
  return kBlockSteps;
}

void FreePlayers::step(std::int64_t most, const std::atomic<bool>* stop) {
  if (!begun_) begin();
  const std::int64_t before = agent_->steps();
  for (Waiting waiting; agent_->steps() == before && !is_set(stop); waiting.once()) {
    publish();
    try {
      if (const std::optional<Message> message = group_->receive()) take(*message, most);
    } catch (const Lost& lost) {
      lose(lost.rank(), lost.what());
    }
  }
  learn(stop);
}

void FreePlayers::take(const Message& message, std::int64_t most) {
  if (group_->is_lost(message.from)) return;  // its episode was cut
  Unpacking parcel(message.bytes);
  switch (parcel.word()) {
    case Word::failed:
      throw_failure(parcel, message.from);
    case Word::ready:
      return check_same_task(task_from_json(parcel.get_text(), "its answer"), task_,
                             fmt::format("process {}", message.from));
    case Word::lived:
      return live(parcel, message.from - 1, most);
    default:
      throw Error(fmt::format("[actors] process {} sent what was not asked for", message.from));
  }
}

// A block that is longer than what is wanted is cut: its rest is not needed any more.
void FreePlayers::live(Unpacking& lived, int actor, std::int64_t most) {
  Sums& sums = players_[static_cast<std::size_t>(actor)].sums;
  sums.blocks++;
  sums.staleness += agent_->updates() - lived.get<std::int64_t>();
  const std::int64_t end = agent_->steps() + most;
  while (!lived.empty() && agent_->steps() < end) switch (lived.get<Event>()) {
      case Event::begins:
        lived.get_all(std::span(observation_));
        agent_->begin_episode(actor, observation_);
        breakdowns_.add(unpack_breakdowns(lived));
        break;
      case Event::step:
        take_step(lived, actor);
        break;
      case Event::full:
        sums.whole_blocks++;
        sums.backlog += lived.get<std::int32_t>();
        break;
      default:
        throw Error(fmt::format("[actors] process {} sent what was not asked for", actor + 1));
    }
}

void FreePlayers::take_step(Unpacking& lived, int actor) {
  lived.get_all(std::span(action_));
  const auto result = lived.get<StepResult>();
  lived.get_all(std::span(observation_));
  agent_->observe(actor, action_, result, observation_);
  players_[static_cast<std::size_t>(actor)].steps++;
  players_[static_cast<std::size_t>(actor)].sums.steps++;
  if (!ends_episode(result) || metrics_.empty()) return;
  lived.get_all(std::span(metrics_));  // the means over the episode
  agent_->add_metrics(metrics_);
}

void FreePlayers::measure(Progress& progress) {
  agent_->measure(progress);
  const auto mean = [](std::int64_t sum, std::int64_t count) {
    return count > 0 ? static_cast<double>(sum) / static_cast<double>(count) : kNotMeasured;
  };
  for (const Player& player : players_) {
    const Sums& sums = player.sums;
    progress.players.push_back({.steps = sums.steps,
                                .staleness = mean(sums.staleness, sums.blocks),
                                .backlog = mean(sums.backlog, sums.whole_blocks)});
  }
}

void FreePlayers::start_new_sums() {
  agent_->start_new_sums();
  for (Player& player : players_) player.sums = {};
}

std::string FreePlayers::packed_policy() const {
  Parcel parcel(Word::policy);
  parcel.put(agent_->updates()).put(agent_->steps());
  pack(agent_->content(), parcel);
  return parcel.take();
}

// The newest one to each player that has taken what came before: one that is slow or stopped holds up nobody. However
// many there are, that takes a fiftieth of the learner's time at most.
void FreePlayers::publish() {
  const auto now = Clock::now();
  if (agent_->updates() != version_ &&
      (version_ < 0 || now - made_at_ >= std::max(kBetweenPolicies, 50 * publishing_))) {
    version_ = agent_->updates();
    made_at_ = now;
    policy_ = packed_policy();
    publishing_ = Clock::now() - now;
  }
  for (int process = 1; process <= players(); process++) {
    Player& to = player(process);
    if (group_->is_lost(process) || to.version == version_ || group_->underway(process) > 0) continue;
    to.version = version_;
    const auto before = Clock::now();
    group_->send(process, policy_);
    publishing_ += Clock::now() - before;
  }
}

void FreePlayers::lose(int process, const std::string& why) {
  agent_->cut_episode(process - 1);
  int left = 0;
  for (int other = 1; other <= players(); other++) left += group_->is_lost(other) ? 0 : 1;
  warning_ += fmt::format("{}{} at step {}, after {} of its own; {} still play", warning_.empty() ? "" : "; ", why,
                          agent_->steps(), player(process).steps, left);
  if (left == 0) throw OutOfPlayers(fmt::format("[actors] nobody is left to play: {}", why));
}

Environment& FreePlayers::environment() {
  throw UsageError("[actors] the environments are in other processes");
}

void FreePlayers::change(const Options&, VectorEnvironment::Copies) {
  throw UsageError("[actors] a change in the middle needs its environments in one process");
}

// Where an episode stands is known to its player alone, so a resumed training begins new ones.
void FreePlayers::exchange(Snapshot& snapshot) {
  if (snapshot.restores() && !snapshot.has("players"))
    throw UsageError(
        "[actors] in this run nobody plays on their own: resume it without --actors, or with --lockstep beside it");
  std::int64_t count = players();
  snapshot.value("players", count);
  if (count != players())
    throw UsageError(
        fmt::format("[actors] the checkpoint is of {} players and now there are {}: resume it with {} processes", count,
                    players(), count + 1));
  agent_->exchange(snapshot, keeps_replay_);
  for (int actor = 0; actor < players(); actor++) {
    snapshot.inside("copies." + std::to_string(actor), [&] { agent_->exchange_actor(snapshot, actor); });
    if (snapshot.restores()) agent_->cut_episode(actor);
  }
}

std::string FreePlayers::take_warning() {
  std::string text = std::exchange(warning_, {});
  if (const std::string broken = breakdowns_.take(); !broken.empty()) text += (text.empty() ? "" : "; ") + broken;
  return text;
}

}  // namespace ddpg
