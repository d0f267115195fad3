// Each network at every update. The targets follow softly (the paper's), or are copied every so many updates.
#include "agent/schedule.h"

namespace ddpg {
namespace {

class SoftUpdates final : public Schedule {
 public:
  explicit SoftUpdates(const Options& options) : tau_(options.tau) {}
  Turn turn(std::int64_t) const override { return {.tau = tau_}; }

 private:
  double tau_;
};

class HardCopies final : public Schedule {
 public:
  explicit HardCopies(const Options& options) : interval_(options.hard_update_interval) {}
  Turn turn(std::int64_t update) const override { return {.copy = update % interval_ == 0}; }

 private:
  std::int64_t interval_;
};

}  // namespace

constinit const Part<Schedule> soft_updates = {
    "soft updates", [](const Options&) { return true; },
    [](const Options& options) -> std::unique_ptr<Schedule> { return std::make_unique<SoftUpdates>(options); }};

constinit const Part<Schedule> hard_copies = {
    "hard copies", [](const Options& options) { return options.hard_update_interval > 0; },
    [](const Options& options) -> std::unique_ptr<Schedule> { return std::make_unique<HardCopies>(options); }};

}  // namespace ddpg
