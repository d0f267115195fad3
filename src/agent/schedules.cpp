// The critics at every update, the actor at every one (the paper's) or every few. The targets follow softly (the
// paper's), at every update or every few, or are copied every so many updates.
#include "agent/schedule.h"

namespace ddpg {
namespace {

class SoftUpdates final : public Schedule {
 public:
  explicit SoftUpdates(const Options& options)
      : tau_(options.tau), actor_period_(options.actor.period), target_period_(options.target.period) {}
  Turn turn(std::int64_t update, std::int64_t step) const override {
    return {
        .actor = update % actor_period_ == 0, .tau = update % target_period_ == 0 ? tau_.at(step) : 0, .step = step};
  }

 private:
  Scheduled tau_;
  std::int64_t actor_period_, target_period_;
};

class HardCopies final : public Schedule {
 public:
  explicit HardCopies(const Options& options)
      : actor_period_(options.actor.period), interval_(options.hard_update_interval) {}
  Turn turn(std::int64_t update, std::int64_t step) const override {
    return {.actor = update % actor_period_ == 0, .copy = update % interval_ == 0, .step = step};
  }

 private:
  std::int64_t actor_period_, interval_;
};

}  // namespace

constinit const Part<Schedule> soft_updates = {
    [](const Options&) { return true; },
    [](const Options& options) -> std::unique_ptr<Schedule> { return std::make_unique<SoftUpdates>(options); }};

constinit const Part<Schedule> hard_copies = {
    [](const Options& options) { return options.hard_update_interval > 0; },
    [](const Options& options) -> std::unique_ptr<Schedule> { return std::make_unique<HardCopies>(options); }};

}  // namespace ddpg
