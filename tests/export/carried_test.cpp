// The wrappers that a policy takes along: what was trained in the wrapped task, and each deployed form on the robot's
// own observations, play the same to the bit.
#include <ddpg_policy.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "ddpg/error.h"
#include "ddpg/train.h"
#include "ddpg/wrappers.h"
#include "deploy/deploy_samples.h"
#include "export/compiled.h"
#include "export/exported_policy.h"
#include "export/robot_policy.h"
#include "run/carried.h"
#include "run/small_run.h"

namespace ddpg::testing {
namespace {

using ::testing::HasSubstr;

// Writes down what it shows and what it is given; 0 is outside of the second action's bounds.
struct Recorded {
  std::vector<std::vector<double>> shown;
  std::vector<std::vector<float>> given;
};
class Recording final : public Environment {
 public:
  explicit Recording(std::shared_ptr<Recorded> record) : record_(std::move(record)) {}
  const Specification& specification() const override { return specification_; }
  void reset(RandomStream& random, std::span<double> observation) override {
    random_ = random.bits();
    show(observation, 0);
  }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    record_->given.emplace_back(action.begin(), action.end());
    show(observation, static_cast<double>(action[0] - action[1]));
    return {.reward = observation[0]};
  }

 private:
  void show(std::span<double> observation, double pushed) {
    RandomStream random(random_++);
    for (double& x : observation) x = random.uniform(-2, 2) + pushed;
    record_->shown.emplace_back(observation.begin(), observation.end());
  }

  std::shared_ptr<Recorded> record_;
  std::uint64_t random_ = 0;
  Specification specification_{"Recording-v0", 3, {-2, 0.5f}, {4, 3}, 12, 0, {"a", "b", "c"}, {"m", "", "s"}};
};

using Around = std::function<std::unique_ptr<Environment>(std::unique_ptr<Environment>)>;

Around wrapped_by(const EnvironmentSettings& settings) {
  return [settings](std::unique_ptr<Environment> inside) { return wrap(std::move(inside), settings); };
}
Around twice(const Around& first, const Around& second) {
  return [=](std::unique_ptr<Environment> inside) { return second(first(std::move(inside))); };
}

const EnvironmentSettings kAll = {{"low_pass", 0.3}, {"time_left", true}, {"last_actions", 2}, {"frame_stack", 3}};

struct WrappedCase {
  const char* name;
  Around around;
  std::size_t carried;
};

std::vector<WrappedCase> wrapped_cases() {
  return {
      {"nothing", wrapped_by({}), 0},
      {"stack", wrapped_by({{"frame_stack", 4}}), 1},
      {"actions", wrapped_by({{"last_actions", 1}}), 1},
      {"time", wrapped_by({{"time_left", true}}), 1},
      {"low-pass", wrapped_by({{"low_pass", 0.25}}), 1},
      {"all", wrapped_by(kAll), 4},
      {"all around the world's own", wrapped_by({{"sensor_noise", 0.1}, {"action_delay", 1}, {"frame_stack", 2}}), 1},
      {"another order",
       twice(wrapped_by({{"frame_stack", 2}, {"last_actions", 1}}),
             wrapped_by({{"low_pass", 0.5}, {"frame_stack", 2}})),
       4},
      {"the world's own is the outermost", twice(wrapped_by({{"frame_stack", 2}}), wrapped_by({{"action_delay", 1}})),
       0},
  };
}

// A policy of that task, as a training has it.
Policy policy_in(Environment& environment) {
  const Specification& task = environment.specification();
  Policy::Content content = random_policy(actor_network(task.observation_size, {16, 16}, task.action_size()), true, 3);
  content.action_low = task.action_low;
  content.action_high = task.action_high;
  content.observation_names = task.observation_names;
  content.observation_units = task.observation_units;
  content.provenance.environment = task.name;
  const auto wrappers = carried_wrappers(environment);
  return wrappers.empty() ? Policy(std::move(content)) : with_wrappers(Policy(std::move(content)), wrappers);
}

constexpr int kEpisodes = 3;

// What it does in the task, whose world shows and is given this. Where the world's own wrappers stand between, they are
// left out here: what lies within the carried ones is what the robot sees.
Recorded played_in(const Around& around, Policy& policy) {
  const auto record = std::make_shared<Recorded>();
  const auto environment = around(std::make_unique<Recording>(record));
  RandomStream random(5);
  for (int i = 0; i < kEpisodes; i++) play_episode(policy, *environment, random);
  return std::move(*record);
}

// Calls begin() and play(sensors, action) on what was shown, and expects what was given.
template <class Begin, class Play>
void expect_the_same(const Recorded& record, const Begin& begin, const Play& play) {
  std::size_t seen = 0, step = 0;
  for (int episode = 0; episode < kEpisodes; episode++, seen++) {  // the last one of an episode is not acted on
    begin();
    for (int t = 0; t < 12; t++, seen++, step++) {
      std::vector<float> action(2);
      play(record.shown[seen], action);
      ASSERT_EQ(action, record.given[step]) << "episode " << episode << ", step " << t;
    }
  }
}

class CarriedBy : public ::testing::TestWithParam<std::size_t> {
 protected:
  const WrappedCase tested = wrapped_cases()[GetParam()];
};

TEST_P(CarriedBy, EveryDeployedFormPlaysWhatWasTrained) {
  SCOPED_TRACE(tested.name);
  const auto environment = tested.around(std::make_unique<Recording>(std::make_shared<Recorded>()));
  Policy policy = policy_in(*environment);
  ASSERT_EQ(policy.content().wrappers.size(), tested.carried);
  if (tested.carried == 0 || std::string(tested.name).ends_with("own")) return;
  const Recorded record = played_in(tested.around, policy);

  RobotPolicy robot(policy);
  expect_the_same(
      record, [&] { robot.reset(); }, [&](auto& sensors, auto& action) { robot.play(sensors, action); });

  const std::string bytes = encode_policy(policy.content());
  ddpg_policy* c = nullptr;
  ASSERT_EQ(ddpg_policy_load_memory(bytes.data(), bytes.size(), &c, nullptr, 0), DDPG_POLICY_OK);
  EXPECT_EQ(ddpg_policy_sensor_size(c), 3);
  EXPECT_STREQ(ddpg_policy_sensor_name(c, 1), "b");
  EXPECT_STREQ(ddpg_policy_sensor_unit(c, 2), "s");
  EXPECT_STREQ(ddpg_policy_sensor_name(c, 3), "");
  expect_the_same(
      record, [&] { ddpg_policy_reset(c); },
      [&](auto& sensors, auto& action) {
        EXPECT_EQ(ddpg_policy_play_double(c, sensors.data(), 3, action.data(), 2), DDPG_POLICY_OK);
      });
  ddpg_policy_free(c);

  const CFolder folder;
  ExportOptions options;
  options.pairs = sample_pairs(policy.content(), 20);
  export_policy(policy, folder / "carried.h", options);
  export_policy(policy, folder / "carried.ddpg");
  folder.write("one.c",
               "#include \"carried.h\"\nvoid play(carried_state *s, const float *o, float *a);\n"
               "void play(carried_state *s, const float *o, float *a) { carried_play(s, o, a); }\n");
  EXPECT_EQ(folder.run("cc -std=c99 -O2 -pedantic -Wall -Wextra -Wconversion -Wsign-conversion -Wdouble-promotion "
                       "-Wshadow -ffreestanding -Werror -c one.c"),
            "");
  for (const char* file : {"carried.h", "carried.ddpg"}) {
    const ExportedPolicy exported = open_exported(folder / file, policy, {});
    ASSERT_TRUE(exported.begin) << file;
    expect_the_same(record, exported.begin, exported.actor);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, CarriedBy, ::testing::Range(std::size_t{0}, wrapped_cases().size()));

// A step that is not ok leaves no trace.
TEST(Carried, AStepThatFailsIsNotRemembered) {
  const auto environment = wrapped_by(kAll)(std::make_unique<Recording>(std::make_shared<Recorded>()));
  Policy trained = policy_in(*environment);
  const std::string bytes = encode_policy(trained.content());
  deploy::Policy policy, other;
  ASSERT_TRUE(policy.load(bytes.data(), bytes.size()));
  ASSERT_TRUE(other.load(bytes.data(), bytes.size()));
  std::vector<float> a(2), b(2), left = {7, 7};
  for (int step = 0; step < 20; step++) {
    const std::vector<double> good(3, 0.1 * step), bad = {0, NAN, 0};
    EXPECT_EQ(policy.play(std::span<const double>(bad), left), deploy::Code::not_finite);
    EXPECT_EQ(policy.play(std::span<const double>(good).first(2), left), deploy::Code::wrong_size);
    EXPECT_EQ(left, (std::vector<float>{7, 7}));
    EXPECT_EQ(policy.play(std::span<const double>(good), a), deploy::Code::ok);
    EXPECT_EQ(other.play(std::span<const double>(good), b), deploy::Code::ok);
    EXPECT_EQ(a, b);
  }
}

// From a training to a robot: the wrappers of a task's settings are in the file, also those that a change brings.
TEST(Carried, ATrainingWritesThemAndAnExportIsVerifiedWithThem) {
  Options options = small_run(120);
  options.env = {{"wrap.low_pass", 0.3}, {"wrap.last_actions", 2}, {"wrap.frame_stack", 2}, {"wrap.action_delay", 1}};
  options.changes = {"60 env.wrap.low_pass=0.5"};
  options.on_breakdown = OnBreakdown::end_episode;
  options.step_timeout = 60;
  TrainingResult result = train(options);
  using deploy::CarriedWrapper, deploy::WrapperKind;
  EXPECT_EQ(result.policy.content().wrappers,
            (std::vector<CarriedWrapper>{
                {WrapperKind::low_pass, 0, 0.5}, {WrapperKind::last_actions, 2, 0}, {WrapperKind::frame_stack, 2, 0}}));
  EXPECT_EQ(result.policy.content().sensor_size(), 3);

  const CFolder folder;
  const auto environment = make_environment("Pendulum-v1", result.policy.provenance().env);
  ExportOptions written;
  written.pairs = record_pairs(result.policy, *environment, 1, 5);
  export_policy(result.policy, folder / "a.h", written);
  export_policy(result.policy, folder / "a.ddpg");
  export_policy(result.policy, folder / "a.safetensors");  // the network alone
  for (const char* file : {"a.h", "a.ddpg", "a.safetensors"}) {
    const Verification found = verify_export(folder / file, result.policy, *environment, 2, 5);
    EXPECT_EQ(found.difference.observations, 400) << file;
    EXPECT_EQ(found.difference.largest, 0) << file;
    EXPECT_EQ(found.trained.mean_return, found.exported.mean_return) << file;
    EXPECT_EQ(found.trained.mean_return, evaluate(result.policy, *environment, 2, 5).mean_return) << file;
    EXPECT_EQ(verify_export(folder / file, result.policy, written.pairs).difference.largest, 0) << file;
  }
  EXPECT_THAT(folder.text("a.h"), HasSubstr("[[\"low_pass\",0.5],[\"last_actions\",2],[\"frame_stack\",2]]"));

  // one that does other than the trained one is found
  Policy::Content other = result.policy.content();
  other.wrappers[0].share = 0.4;
  export_policy(Policy(other), folder / "b.h", written);
  EXPECT_FALSE(verify_export(folder / "b.h", result.policy, *environment, 2, 5).agrees());
  other.wrappers.clear();
  export_policy(Policy(other), folder / "c.h", written);
  EXPECT_THROW(verify_export(folder / "c.h", result.policy, *environment, 2, 5), Error);
}

}  // namespace
}  // namespace ddpg::testing
