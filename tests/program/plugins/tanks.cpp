// A library of tasks, as a user writes one: two tanks, water flows from the first into the second.
#include <ddpg/error.h>
#include <ddpg/plugin.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

namespace {

class TwoTanks : public ddpg::Environment {
 public:
  TwoTanks() {
    specification_.name = "TwoTanks-v0";
    specification_.observation_size = 3;
    specification_.action_low = {0};
    specification_.action_high = {2};
    specification_.time_limit = 50;
    specification_.observation_names = {"upper level", "lower level", "set point"};
    specification_.observation_units = {"m", "m", "m"};
    specification_.metric_names = {"error"};
  }
  const ddpg::Specification& specification() const override { return specification_; }
  void reset(ddpg::RandomStream& random, std::span<double> observation) override {
    upper_ = lower_ = 0;
    wanted_ = random.uniform(0.2, 0.8);
    observe(observation);
  }
  ddpg::StepResult step(std::span<const float> inflow, std::span<double> observation) override {
    const double between = 0.5 * std::sqrt(upper_), out = 0.5 * std::sqrt(lower_);
    upper_ = std::max(upper_ + 0.1 * (inflow[0] - between), 0.0);
    lower_ = std::max(lower_ + 0.1 * (between - out), 0.0);
    observe(observation);
    return {.reward = -std::abs(lower_ - wanted_)};
  }
  void metrics(std::span<double> values) const override { values[0] = std::abs(lower_ - wanted_); }
  std::vector<double> save_state() const override { return {upper_, lower_, wanted_}; }
  void restore_state(std::span<const double> state) override {
    upper_ = state[0], lower_ = state[1], wanted_ = state[2];
  }

 protected:
  ddpg::Specification specification_;

 private:
  void observe(std::span<double> o) const { o[0] = upper_, o[1] = lower_, o[2] = wanted_; }

  double upper_ = 0, lower_ = 0, wanted_ = 0;
};

// Its pipe bursts in that step of each episode.
class Brittle : public TwoTanks {
 public:
  explicit Brittle(int at) : at_(at) { specification_.metric_names = {"return"}; }
  void reset(ddpg::RandomStream& random, std::span<double> observation) override {
    steps_ = 0;
    TwoTanks::reset(random, observation);
  }
  ddpg::StepResult step(std::span<const float> inflow, std::span<double> observation) override {
    if (++steps_ == at_) throw ddpg::Error("the pipe burst");
    return TwoTanks::step(inflow, observation);
  }

 private:
  int at_, steps_ = 0;
};

}  // namespace

DDPG_PLUGIN() {
  ddpg::register_environment({.name = "TwoTanks-v0",
                              .summary = "hold the lower of two tanks at a set point",
                              .suggested_steps = 5'000,
                              .make = [](const ddpg::EnvironmentSettings&) { return std::make_unique<TwoTanks>(); }});
  for (const int at : {1, 30})
    ddpg::register_environment(
        {.name = "Brittle" + std::to_string(at) + "-v0",
         .make = [at](const ddpg::EnvironmentSettings&) { return std::make_unique<Brittle>(at); }});
}
