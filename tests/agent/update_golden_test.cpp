// Whole updates of all networks against PyTorch: tests/golden/make_update_golden.py did them in float64.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agent/learner.h"
#include "places.h"

namespace ddpg {
namespace {

using Json = nlohmann::json;

Json read_golden(const std::string& name) {
  std::ifstream file(tests_folder() + "/golden/update_" + name + ".json");
  return Json::parse(file);
}

Activation activation_of(const Json& name) {
  return std::map<std::string, Activation>{
      {"relu", Activation::relu}, {"tanh", Activation::tanh}, {"elu", Activation::elu}}
      .at(name);
}

Aggregate aggregate_of(const std::string& name) {
  return std::map<std::string, Aggregate>{
      {"first", Aggregate::first}, {"mean", Aggregate::mean}, {"min", Aggregate::min}}
      .at(name);
}

void read_network(const Json& from, const Json& all, NetworkOptions& to) {
  to.hidden = from["hidden"].get<std::vector<int>>();
  to.activation = activation_of(from["activation"]);
  to.learning_rate = from["learning_rate"].get<double>();
  to.gradient_clip = from["gradient_clip"];
  to.weight_decay = from.value("weight_decay", 0.0);
  to.body = std::map<std::string, Body>{{"mlp", Body::mlp},
                                        {"simba", Body::simba},
                                        {"layer-norm-tanh", Body::layer_norm_tanh},
                                        {"avg-l1-norm", Body::avg_l1_norm}}
                .at(from.value("body", "mlp"));
  to.batch_norm = all["batch_norm"];
  to.layer_norm = all["layer_norm"];
}

void read_head(const Json& from, CriticOptions& to) {
  to.head =
      std::map<std::string, Head>{
          {"mse", Head::mse}, {"huber", Head::huber}, {"categorical", Head::categorical}, {"two-hot", Head::two_hot}}
          .at(from.value("head", "mse"));
  to.atoms = from.value("atoms", to.atoms);
  to.v_min = from.value("v_min", to.v_min);
  to.v_max = from.value("v_max", to.v_max);
}

void read_encoder(const Json& from, EncoderOptions& to) {
  to.kind = EncoderKind::sale;
  to.hidden = from["hidden"].get<std::vector<int>>();
  to.size = from["size"];
  to.activation = activation_of(from["activation"]);
  to.learning_rate = from["learning_rate"].get<double>();
}

Options read_options(const Json& from) {
  Options options;
  options.discount = from["discount"];
  options.batch_size = from["batch_size"];
  options.tau = from["tau"].get<double>();
  options.adam.epsilon = from["adam_epsilon"];
  options.hard_update_interval = from["hard_update_interval"];
  options.targets_use_running_statistics = from["targets_use_running_statistics"];
  read_network(from["actor"], from, options.actor);
  read_network(from["critic"], from, options.critic);
  options.critic.action_layer = from["critic"]["action_layer"];
  options.critic.l2 = from["critic"]["l2"];
  options.critic.count = from.value("critics", 1);
  options.critic.aggregate = aggregate_of(from.value("aggregate", "min"));
  options.actor.aggregate = aggregate_of(from.value("actor_aggregate", "first"));
  options.actor.period = from.value("actor_period", 1);
  options.target = {from.value("target_noise", 0.0), from.value("target_noise_clip", 0.0),
                    from.value("target_period", 1)};
  options.target.clip_to_seen_range = from.value("clip_to_seen_range", false);
  options.actor.action_gradient_clip = from["actor"].value("action_gradient_clip", 0.0);
  options.actor.cloning_alpha = from["actor"].value("cloning_alpha", 0.0);
  options.actor.action_l2 = from["actor"].value("action_l2", 0.0);
  if (from.contains("ends")) options.target.lowest = from["ends"][0], options.target.highest = from["ends"][1];
  read_head(from["critic"], options.critic);
  if (from.contains("encoder")) read_encoder(from["encoder"], options.encoder);
  return options;
}

// Bounds that no number may depend on.
Specification read_specification(const Json& from) {
  const auto actions = from["action_size"].get<std::size_t>();
  return {"golden", from["observation_size"], std::vector<float>(actions, -2.0f), std::vector<float>(actions, 5.0f), 0};
}

std::vector<Tensor> read_tensors(const Json& from) {
  std::vector<Tensor> tensors;
  for (const Json& tensor : from) tensors.push_back({tensor["name"], tensor["shape"], tensor["values"]});
  return tensors;
}

void fill(const Json& values, Panels to) {
  std::size_t next = 0;
  for (int r = 0; r < to.rows; r++)
    for (int c = 0; c < to.width; c++) to.at(r, c) = values.at(next++).get<float>();
}

Minibatch read_minibatch(const Json& from, const Options& options, const Specification& specification) {
  Minibatch minibatch(options.batch_size, specification.observation_size, specification.action_size());
  fill(from["observation"], minibatch.observation.view());
  fill(from["action"], minibatch.action.view());
  fill(from["next_observation"], minibatch.next_observation.view());
  minibatch.reward = from["reward"].get<std::vector<float>>();
  const auto terminated = from["terminated"].get<std::vector<float>>();
  for (std::size_t i = 0; i < terminated.size(); i++)
    minibatch.discount[i] = static_cast<float>(options.discount) * (1 - terminated[i]);
  return minibatch;
}

// "actor", "critic", "critic2", ...: their names in the golden files.
std::map<std::string, Learned*> named(ActorCritic& networks) {
  std::map<std::string, Learned*> all = {{"actor", &networks.actor}};
  for (std::size_t k = 0; k < networks.critics.size(); k++)
    all["critic" + (k == 0 ? "" : std::to_string(k + 1))] = &networks.critics[k];
  if (networks.encoder()) {
    all["state_encoder"] = &networks.encoder()->f;
    all["action_encoder"] = &networks.encoder()->g;
  }
  return all;
}

std::map<std::string, Encoding*> encodings(ActorCritic& networks) {
  if (!networks.encoder()) return {};
  return {{"state_encoder", &networks.encoder()->f}, {"action_encoder", &networks.encoder()->g}};
}

// A state of all networks, and what the update that led there measured.
struct State {
  std::map<std::string, std::vector<Tensor>> networks;
  std::map<std::string, double> measures;

  bool operator==(const State&) const = default;
};

State state_of(ActorCritic& networks, const Measures& measures) {
  State state;
  for (const auto& [name, learned] : named(networks)) {
    state.networks[name] = learned->network.tensors(learned->weights);
    state.networks[name + "_target"] = learned->network.tensors(learned->target);
  }
  for (const auto& [name, encoding] : encodings(networks))
    state.networks[name + "_fixed"] = encoding->network.tensors(encoding->fixed);
  Progress means;
  measures.means(means);
  state.measures = {{"critic_loss", means.critic_loss},
                    {"mean_q", means.mean_q},
                    {"mean_target", means.mean_target},
                    {"critic_gradient_norm", networks.critic_gradient_norm()}};
  if (measures.count(&Progress::actor_loss) == 0) return state;  // not the actor's turn
  state.measures["actor_loss"] = means.actor_loss;
  state.measures["actor_gradient_norm"] = networks.actor_gradient_norm();
  return state;
}

// The states after as many updates as the golden ones have.
std::vector<State> run_updates(const Json& golden, Compute compute) {
  const Options options = read_options(golden["options"]);
  const Specification specification = read_specification(golden["options"]);
  Learner learner(options, specification, compute);
  ActorCritic& networks = learner.networks();
  const Json& initial = golden["initial"];
  for (const auto& [name, learned] : named(networks)) {
    learned->weights = learned->network.from_tensors(read_tensors(initial[name]));
    learned->target = learned->network.from_tensors(read_tensors(initial[name + "_target"]));
  }
  for (const auto& [name, encoding] : encodings(networks))
    encoding->fixed = encoding->network.from_tensors(read_tensors(initial[name + "_fixed"]));
  std::vector<Minibatch> minibatches;
  for (const Json& from : golden["minibatches"]) minibatches.push_back(read_minibatch(from, options, specification));

  std::vector<State> states;
  for (std::size_t update = 0; states.size() < golden["after"].size(); update++) {
    const Minibatch& minibatch = minibatches[update % minibatches.size()];
    Measures measures;
    learner.learn_from(minibatch, measures);
    if (golden["after"][states.size()]["updates"] == update + 1) states.push_back(state_of(networks, measures));
  }
  return states;
}

void expect_close(const State& state, const Json& golden, double tolerance) {
  ASSERT_EQ(state.networks.size(), golden["networks"].size());
  for (const auto& [name, tensors] : state.networks) {
    const std::vector<Tensor> expected = read_tensors(golden["networks"][name]);
    ASSERT_EQ(tensors.size(), expected.size());
    for (std::size_t t = 0; t < tensors.size(); t++) {
      double worst = 0;
      for (std::size_t i = 0; i < tensors[t].values.size(); i++)
        worst = std::max<double>(worst, std::fabs(tensors[t].values[i] - expected[t].values[i]));
      EXPECT_LE(worst, tolerance) << name << " " << tensors[t].name << " after " << golden["updates"] << " updates";
    }
  }
  ASSERT_EQ(state.measures.size(), golden["measures"].size());
  for (const auto& [name, value] : state.measures) {
    const double expected = golden["measures"][name];
    EXPECT_NEAR(value, expected, 5e-6) << name << " after " << golden["updates"] << " updates";
  }
}

// Largest differences allowed between float32 and float64, after 1 and after 100 updates: three times those that were
// found, and at most 3 % of one step of Adam (learning rates 1e-3, and 1e-4 of lillicrap2015's actor) after the first.
struct Case {
  std::string name;
  std::vector<double> tolerances;
};

void PrintTo(const Case& shown, std::ostream* out) {
  *out << shown.name;
}

class UpdateGolden : public ::testing::TestWithParam<Case> {};

TEST_P(UpdateGolden, AgreesWithPyTorchOnAllKernels) {
  const Json golden = read_golden(GetParam().name);
  const std::vector<State> reference = run_updates(golden, Compute{&reference_kernels(), nullptr});
  for (std::size_t i = 0; i < reference.size(); i++)
    expect_close(reference[i], golden["after"][i], GetParam().tolerances.at(i));

  ThreadPool pool(2);
  for (const Kernels* kernels : available_kernels())
    for (ThreadPool* threads : {static_cast<ThreadPool*>(nullptr), &pool})
      EXPECT_TRUE(run_updates(golden, Compute{kernels, threads}) == reference)
          << kernels->name << (threads ? " on 2 threads" : "");
}

INSTANTIATE_TEST_SUITE_P(Cases, UpdateGolden,
                         ::testing::Values(Case{"plain", {5e-7, 2e-6}}, Case{"lillicrap2015", {3e-6, 4e-5}},
                                           Case{"running_targets", {3e-6, 4e-5}}, Case{"layer_norm", {1e-5, 1e-5}},
                                           Case{"td3", {5e-7, 2e-6}}, Case{"mean_of_three", {1e-5, 1e-5}},
                                           Case{"first_with_copies", {3e-6, 4e-5}}, Case{"huber", {5e-7, 2e-6}},
                                           Case{"simba", {1e-5, 1e-5}}, Case{"d4pg", {5e-7, 2e-6}},
                                           Case{"categorical_twins", {5e-7, 2e-6}}, Case{"seen_range", {5e-7, 2e-6}},
                                           Case{"td7", {5e-7, 2e-6}}, Case{"encoder_of_perceptrons", {5e-7, 2e-6}},
                                           Case{"two_hot", {5e-7, 2e-6}}, Case{"td3_bc", {5e-7, 2e-6}},
                                           Case{"her", {5e-7, 2e-6}}),
                         [](const auto& case_info) { return case_info.param.name; });

}  // namespace
}  // namespace ddpg
