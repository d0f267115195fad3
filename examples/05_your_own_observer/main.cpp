// An observer of your own: prints each new best evaluation, keeps that policy, and stops the training once it is good
// enough. Started again it resumes from the last checkpoint; then the observer learns from which row on.
#include <ddpg/ddpg.h>

#include <atomic>
#include <cstdio>
#include <fstream>

class GoodEnough : public ddpg::Observer {
 public:
  GoodEnough(double wanted, std::atomic<bool>& stop) : wanted_(wanted), stop_(stop) {}

 private:
  // Once, before the first step. A record of your own keeps its first `rows` rows and drops the rest: they are
  // reported once more.
  void started(const ddpg::RunStart& start) override {
    std::printf("%s from step %lld, after %lld rows\n", start.options.environment.c_str(),
                static_cast<long long>(start.step), static_cast<long long>(start.rows));
  }

  // At every row. What was not measured is NaN, which is never better than anything.
  void progressed(const ddpg::Progress& row, const ddpg::Policy& policy) override {
    if (!row.warning.empty()) std::fprintf(stderr, "warning: %s\n", row.warning.c_str());
    if (!row.best) return;
    const double reached = row.evaluation.mean_return;
    std::printf("step %lld: return %.1f, the best so far\n", static_cast<long long>(row.step), reached);
    policy.save("best.policy");
    if (reached >= wanted_) stop_ = true;
  }

  // Once, at the end, whatever ended it.
  void ended(const ddpg::Summary& summary, const ddpg::Policy&) override {
    std::printf("%lld steps in %.1f s\n", static_cast<long long>(summary.steps), summary.seconds);
  }

  double wanted_;
  std::atomic<bool>& stop_;
};

int main() {
  ddpg::Options options = ddpg::find_preset("default").options;
  options.environment = "Pendulum-v1";
  options.steps = 20'000;

  std::atomic<bool> stop = false;
  GoodEnough good_enough(-200, stop);
  try {
    ddpg::resume(options, "checkpoints", {&good_enough}, &stop);
  } catch (const ddpg::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
