// Exploration by a process of the user's own, and dimensions of the action that are not shaken alike.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/exploration.h"
#include "ddpg/agent.h"
#include "ddpg/error.h"
#include "ddpg/train.h"
#include "run/checkpoint_contents.h"
#include "run/rows.h"
#include "run/small_run.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

using testing::Rows;

// A sum of what was drawn, which forgets a tenth of itself.
class Drift final : public NoiseProcess {
 public:
  explicit Drift(int size) : state_(static_cast<std::size_t>(size)) {}
  void reset() override { state_.assign(state_.size(), 0); }
  void sample(RandomStream& random, double sigma, std::span<double> noise) override {
    for (std::size_t i = 0; i < noise.size(); i++) noise[i] = state_[i] = 0.9 * state_[i] + sigma * random.normal();
  }
  std::vector<double> save_state() const override { return state_; }
  void restore_state(std::span<const double> state) override { state_.assign(state.begin(), state.end()); }

 private:
  std::vector<double> state_;
};

TEST(OwnNoise, ResumesToTheSameBits) {
  register_noise("drift", [](int size) { return std::make_unique<Drift>(size); });
  Options options = testing::small_run(300);
  options.exploration.noise = Noise::own;
  options.exploration.process = "drift";
  options.exploration.sigma = Scheduled::linear(0.5, 0.1, 200);
  options.exploration.sigma_each = {0.5};
  const testing::TemporaryFolder folder;
  Rows expected, rows;
  train(options, {&expected}, nullptr, folder.path() / "straight");
  rows.stop_at = 133;
  train(options, {&rows}, &rows.stop, folder.path() / "cut");
  resume(options, folder.path() / "cut", {&rows});
  EXPECT_EQ(rows.lines, expected.lines);
  EXPECT_THAT(testing::differences(testing::kept(folder.path() / "straight"), testing::kept(folder.path() / "cut")),
              ::testing::IsEmpty());
}

TEST(OwnNoise, IsRefusedWhereThereIsNone) {
  ExplorationOptions options;
  options.noise = Noise::own;
  options.process = "drfit";
  register_noise("drift", [](int size) { return std::make_unique<Drift>(size); });
  try {
    Exploration exploration(options, 1);
    ADD_FAILURE();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("Did you mean drift"));
  }
  Options agents;
  agents.exploration = options;
  agents.exploration.sigma_each = {1, 2};
  const Specification world{"point", 1, {-1.0f}, {1.0f}, 0};
  EXPECT_THAT(
      violations(agents, world),
      ::testing::ElementsAre(::testing::HasSubstr("exploration.sigma_each has 2 numbers, and the task 1 actions"),
                             ::testing::HasSubstr("Did you mean drift")));
  agents.exploration.process = "";
  agents.exploration.sigma_each = {};
  EXPECT_EQ(violations(agents, world).size(), 1);
  agents.exploration.process = "drift";
  EXPECT_THAT(violations(agents, world), ::testing::IsEmpty());
  EXPECT_THROW(register_noise("", [](int size) { return std::make_unique<Drift>(size); }), UsageError);
  EXPECT_THROW(register_noise("none", {}), UsageError);
}

TEST(OwnNoise, DimensionsHaveMultiplesOfSigma) {
  ExplorationOptions plain, each;
  plain.sigma = each.sigma = 0.3;
  each.sigma_each = {1, 0, 2};
  Exploration all(plain, 3), scaled(each, 3);
  RandomStream a(1), b(1);
  std::vector<double> noise(3), other(3);
  all.sample(a, 0, noise);
  scaled.sample(b, 0, other);
  EXPECT_EQ(other, (std::vector<double>{noise[0], 0, 2 * noise[2]}));
  EXPECT_THROW(Exploration(each, 2), UsageError);
}

}  // namespace
}  // namespace ddpg
