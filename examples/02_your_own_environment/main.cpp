// Your own task with every verb of the program: implement Environment, register it under a name, and hand the command
// line on. Here a cart on a rail is pushed to a target.
//   your_own_environment train Cart-v0                                                a run folder, as of any task
//   your_own_environment report runs/Cart-v0                                          what it learnt
//   your_own_environment video runs/Cart-v0/default-seed0 --out cart.mp4              the policy at work
//   your_own_environment export runs/Cart-v0/default-seed0 --out policy.h --verify    for a robot
#include <ddpg/ddpg.h>

#include <algorithm>
#include <cmath>

class Cart : public ddpg::Environment {
 public:
  Cart() {
    specification_.name = "Cart-v0";
    specification_.observation_size = 2;
    specification_.action_low = {-2.0f};  // N; the bounds need not be symmetric
    specification_.action_high = {3.0f};
    specification_.time_limit = 100;  // kept by ddpg, as truncation
    specification_.metric_names = {"distance"};
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

  // Optional: figures of one's own, in every record of a run as means over episodes.
  void metrics(std::span<double> values) const override { values[0] = std::abs(distance_); }  // m

  // Optional: with these two, a run that was killed inside an episode is resumed to the same bits.
  std::vector<double> save_state() const override { return {distance_, velocity_}; }
  void restore_state(std::span<const double> state) override {
    distance_ = state[0];
    velocity_ = state[1];
  }

 protected:
  // Optional: what `video` and `report` show. The cart is a dark column on white, between -4 and 4 m.
  void draw_state(ddpg::Picture& picture, const std::string&) const override {
    std::fill(picture.rgb.begin(), picture.rgb.end(), 255);
    const int cart = static_cast<int>((distance_ / 8.0 + 0.5) * picture.width);
    for (int x = std::max(cart - 5, 0); x < std::min(cart + 5, picture.width); x++)
      for (int y = picture.height / 3; y < picture.height / 2; y++)
        std::fill_n(picture.rgb.begin() + 3 * (y * picture.width + x), 3, 40);
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

int main(int argc, char** argv) {
  ddpg::register_environment({.name = "Cart-v0",
                              .summary = "push a cart on a rail to the middle",
                              .suggested_steps = 10'000,
                              .make = [](const ddpg::EnvironmentSettings&) { return std::make_unique<Cart>(); }});
  return ddpg::program(argc, argv);
}
