// Your own task in ddpg: implement Environment, register it under a name, train it. Here a cart on a rail is pushed to
// a target.
#include <ddpg/ddpg.h>

#include <cstdio>

class Cart : public ddpg::Environment {
 public:
  Cart() {
    specification_.name = "Cart-v0";
    specification_.observation_size = 2;
    specification_.action_low = {-2.0f};  // N; the bounds need not be symmetric
    specification_.action_high = {3.0f};
    specification_.time_limit = 100;  // kept by ddpg, as truncation
  }

  const ddpg::Specification& specification() const override { return specification_; }

  void reset(ddpg::RandomStream& random, std::span<double> observation) override {
    distance_ = random.uniform(-2.0, 2.0);
    velocity_ = 0.0;
    observe(observation);
  }

  ddpg::StepResult step(std::span<const float> force, std::span<double> observation) override {
    velocity_ += 0.05 * force[0];  // 1 kg, 0.05 s
    distance_ += 0.05 * velocity_;
    observe(observation);
    const bool off_the_rail = distance_ < -4.0 || distance_ > 4.0;
    const double cost = distance_ * distance_ + 0.1 * velocity_ * velocity_ + 0.01 * force[0] * force[0];
    return {.reward = off_the_rail ? -20.0 : -0.1 * cost, .terminated = off_the_rail};
  }

 private:
  void observe(std::span<double> observation) const {
    observation[0] = distance_;
    observation[1] = velocity_;
  }

  ddpg::Specification specification_;
  double distance_ = 0.0;  // m from the target
  double velocity_ = 0.0;  // m/s
};

int main() {
  ddpg::EnvironmentEntry entry;
  entry.name = "Cart-v0";
  entry.make = [](const ddpg::EnvironmentSettings&) { return std::make_unique<Cart>(); };
  ddpg::register_environment(entry);

  ddpg::Options options = ddpg::find_preset("default").options;
  options.environment = "Cart-v0";
  options.steps = 10'000;

  const ddpg::Summary summary = ddpg::train(options).summary;
  std::printf("return before %.2f, after %.2f\n", summary.before.mean_return, summary.after.mean_return);
}
