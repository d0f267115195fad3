// Trains Pendulum-v1 from C++, prints how it goes and saves the policy. About as long as `ddpg train Pendulum-v1`.
#include <ddpg/ddpg.h>

#include <cstdio>

// The library never prints; an observer is notified, and does what it likes.
class Printer : public ddpg::Observer {
  void progressed(const ddpg::Progress& row, const ddpg::Policy&) override {
    if (row.evaluation.episodes == 0) return;
    std::printf("step %6lld  return %8.1f  critic loss %8.4f  mean Q %8.2f\n", static_cast<long long>(row.step),
                row.evaluation.mean_return, row.critic_loss, row.mean_q);
  }
};

int main() {
  ddpg::Options options = ddpg::find_preset("default").options;
  options.environment = "Pendulum-v1";
  options.steps = 10'000;
  options.seed = 1;

  Printer printer;
  try {
    const ddpg::TrainingResult result = ddpg::train(options, {&printer});
    result.policy.save("pendulum.policy");
    std::printf("return before %.1f, after %.1f; the policy is in pendulum.policy\n", result.summary.before.mean_return,
                result.summary.after.mean_return);
  } catch (const ddpg::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
