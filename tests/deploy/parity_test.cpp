// One policy, one set of bits: the trained actor in the training library's reference kernels, ddpg::Policy, the policy
// library with each instruction set, one by one and in batches, and its C interface.
#include <ddpg_policy.h>
#include <gtest/gtest.h>

#include <bit>

#include "agent/actor_critic.h"
#include "ddpg/options.h"
#include "deploy/actor.h"
#include "deploy/deploy_samples.h"
#include "nn/action_bounds.h"
#include "nn/network_samples.h"
#include "nn/passes.h"
#include "policy/convert.h"
#include "policy/format.h"

namespace ddpg {
namespace {

constexpr int kObservations = DDPG_PARITY_ROWS;  // 10,000; under sanitizers fewer

struct Case {
  std::string name;
  NetworkBody body;
  bool normalise = false;

  Case(std::string n, NetworkBody b, bool by_statistics = false)
      : name(std::move(n)), body(std::move(b)), normalise(by_statistics) {}
  Case(std::string n, const NetworkShape& shape, bool by_statistics = false)
      : Case(std::move(n), body_of(shape), by_statistics) {}
};

// The name that ctest shows.
std::string full_name(const Case& c) {
  std::string name = c.name + "_" + std::to_string(c.body.observation_size);
  for (char& letter : name) letter = std::isalnum(static_cast<unsigned char>(letter)) != 0 ? letter : '_';
  return name;
}
void PrintTo(const Case& c, std::ostream* out) {
  *out << full_name(c);
}

// Every preset's actor, on the sizes of Pendulum and of HalfCheetah; the features that no preset has; widths that fill
// no panel, one panel, a group, and more.
std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Preset& preset : presets())
    for (const auto& [observations, actions] : {std::pair{3, 1}, std::pair{17, 6}}) {
      Specification s{preset.name, observations, std::vector<float>(static_cast<std::size_t>(actions), -1.0f),
                      std::vector<float>(static_cast<std::size_t>(actions), 1.0f)};
      all.push_back({preset.name, Mu(preset.options, s, 1).body(), preset.options.normalise_observations});
    }
  using testing::actor_network;
  all.push_back({"normaliser", actor_network(17, {64, 64}, 6), true});
  NetworkShape layer_norm = actor_network(5, {130, 17}, 3, Activation::tanh);
  layer_norm.layer_norm = true;
  all.push_back({"layer norm", layer_norm, true});
  NetworkShape batch_norm = actor_network(18, {33, 16}, 2, Activation::elu);
  batch_norm.batch_norm = true;
  all.push_back({"batch norm", batch_norm, true});
  all.push_back({"simba", testing::simba_shape(actor_network(17, {40, 40, 40}, 6)), true});
  all.push_back({"narrow simba", testing::simba_shape(actor_network(3, {5}, 1, Activation::elu))});
  for (const testing::NetworkSample& sample : testing::odd_networks()) {
    if (sample.body.action_size > 0) continue;
    NetworkBody body = sample.body;
    if (body.steps.back() != activate_step(Activation::tanh)) body.steps.push_back(activate_step(Activation::tanh));
    all.push_back({sample.name, body, true});
  }
  for (const testing::NetworkSample& sample : testing::composed_networks())
    all.push_back({sample.name, sample.body, true});
  all.push_back({"as many values wait as can", testing::body_of_waiting_values(kMostKept, 17), true});
  all.push_back({"elu", actor_network(1, {1, 300, 1}, 1, Activation::elu), false});
  all.push_back({"linear", actor_network(40, {8}, 20, Activation::linear), false});
  all.push_back({"narrow", actor_network(3, {5}, 2), false});
  all.push_back({"a panel of actions", actor_network(9, {70, 37}, 16), false});
  return all;
}

// What the training library makes of it, row by row.
std::vector<float> trained_actions(const Policy::Content& content, const Kernels& kernels,
                                   const std::vector<float>& observations) {
  const Network network(content.body);
  const Weights weights = network.from_tensors(content.tensors);
  const ActionBounds bounds(content.action_low, content.action_high);
  Trace trace(network, 1, false);
  PanelMatrix input(1, content.body.observation_size);
  std::vector<float> actions;
  for (std::size_t at = 0; at < observations.size();) {
    for (int i = 0; i < content.body.observation_size; i++, at++) {
      const auto c = static_cast<std::size_t>(i);
      double x = observations[at];
      if (content.normalise) x = std::clamp((x - content.mean[c]) / content.deviation[c], -content.clip, content.clip);
      input.view().at(0, i) = static_cast<float>(x);
    }
    forward(network, Compute{&kernels, nullptr}, weights, input.view(), {}, NormMode::running, trace);
    for (int i = 0; i < content.body.output_size(); i++)
      actions.push_back(bounds.scale(static_cast<std::size_t>(i), trace.output().at(0, i)));
  }
  return actions;
}

// How many numbers have other bits.
int other_bits(const std::vector<float>& a, const std::vector<float>& b) {
  int count = static_cast<int>(a.size() != b.size());
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); i++)
    count += std::bit_cast<std::uint32_t>(a[i]) != std::bit_cast<std::uint32_t>(b[i]);
  return count;
}

// Calls act(observation, action) for each row.
template <class Act>
std::vector<float> row_by_row(const Policy::Content& content, const std::vector<float>& observations, const Act& act) {
  const auto from = static_cast<std::size_t>(content.body.observation_size), to = content.action_low.size();
  std::vector<float> actions(observations.size() / from * to);
  for (std::size_t row = 0; row * from < observations.size(); row++)
    act(std::span(observations).subspan(row * from, from), std::span(actions).subspan(row * to, to));
  return actions;
}

class Parity : public ::testing::TestWithParam<Case> {
 protected:
  const Policy::Content content = testing::random_policy(GetParam().body, GetParam().normalise, 1);
  const std::vector<float> observations =
      testing::random_observations(kObservations, GetParam().body.observation_size, 2);
};

TEST_P(Parity, EveryFaceGivesTheSameBits) {
  const std::string bytes = encode_policy(content);
  deploy::Policy policy;
  ASSERT_TRUE(policy.load(bytes.data(), bytes.size()));
  const std::vector<float> actions = row_by_row(content, observations, [&](auto from, auto to) {
    EXPECT_EQ(policy.act(std::span<const float>(from), to), deploy::Code::ok);
  });

  // the trained actor; what is correct by definition is slow, so a tenth is compared with that
  EXPECT_EQ(other_bits(trained_actions(content, best_kernels(), observations), actions), 0);
  const std::vector<float> first(observations.begin(), observations.begin() + std::ssize(observations) / 10);
  const std::vector<float> correct = trained_actions(content, reference_kernels(), first);
  EXPECT_EQ(other_bits(correct, {actions.begin(), actions.begin() + std::ssize(correct)}), 0);

  std::vector<float> batch(actions.size());
  EXPECT_EQ(policy.act_batch(observations, batch), deploy::Code::ok);
  EXPECT_EQ(other_bits(batch, actions), 0);

  Policy training_face(content);
  EXPECT_EQ(other_bits(row_by_row(content, observations,
                                  [&](auto from, auto to) {
                                    training_face.act(std::vector<double>(from.begin(), from.end()), to);
                                  }),
                       actions),
            0);

  ddpg_policy* c = nullptr;
  ASSERT_EQ(ddpg_policy_load_memory(bytes.data(), bytes.size(), &c, nullptr, 0), DDPG_POLICY_OK);
  std::vector<float> through_c(actions.size());
  EXPECT_EQ(ddpg_policy_act_batch(c, observations.data(), policy.observation_size(), through_c.data(),
                                  policy.action_size(), kObservations),
            DDPG_POLICY_OK);
  ddpg_policy_free(c);
  EXPECT_EQ(other_bits(through_c, actions), 0);
}

TEST_P(Parity, EveryInstructionSetGivesTheSameBits) {
  deploy::Actor best;
  ASSERT_TRUE(best.build(view_of(content)));
  for (int set = 0; const deploy::Kernels* kernels = deploy::available_kernels(set); set++) {
    deploy::Actor actor;
    ASSERT_TRUE(actor.build(view_of(content), *kernels));
    const auto from = static_cast<std::size_t>(content.body.observation_size);
    std::vector<float> a(content.action_low.size()), b(content.action_low.size());
    for (std::size_t row = 0; row + 4 <= 400; row += 4) {
      for (std::size_t r = 0; r < 4; r++) actor.load(static_cast<int>(r), observations.data() + (row + r) * from);
      actor.run(4);
      std::vector<std::vector<float>> together;
      for (int r = 0; r < 4; r++) {
        actor.action(r, a.data());
        together.push_back(a);
      }
      for (std::size_t r = 0; r < 4; r++) {
        for (deploy::Actor* one : {&actor, &best}) {
          one->load(0, observations.data() + (row + r) * from);
          one->run(1);
        }
        actor.action(0, a.data());
        best.action(0, b.data());
        ASSERT_EQ(other_bits(together[r], b), 0) << kernels->name << ", row " << row + r << " of four";
        ASSERT_EQ(other_bits(a, b), 0) << kernels->name << ", row " << row + r << " alone";
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Deploy, Parity, ::testing::ValuesIn(cases()),
                         [](const auto& tested) { return full_name(tested.param); });

}  // namespace
}  // namespace ddpg
