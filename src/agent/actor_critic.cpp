// Equation numbers are those of Lillicrap et al. 2015.
#include "agent/actor_critic.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "agent/aggregate.h"
#include "agent/critic_head.h"
#include "nn/exchange.h"

namespace ddpg {

namespace {

// Where embeddings join: behind the layer that brings observations to their scale, or beside the observation.
int layer_of_embeddings(const NetworkOptions& network) {
  return network.body == Body::avg_l1_norm ? 2 : 1;
}

}  // namespace

NetworkShape actor_shape(const Options& options, const Specification& specification) {
  NetworkShape shape;
  shape.observation_size = specification.observation_size;
  shape.body = options.actor.body;
  shape.hidden = options.actor.hidden;
  shape.output_size = specification.action_size();
  shape.activation = options.actor.activation;
  shape.output_activation = Activation::tanh;
  shape.batch_norm = options.actor.batch_norm;
  shape.layer_norm = options.actor.layer_norm;
  if (options.encoder.kind == EncoderKind::none) return shape;
  shape.action_size = options.encoder.size;
  shape.action_layer = layer_of_embeddings(options.actor);
  return shape;
}

NetworkShape critic_shape(const Options& options, const Specification& specification, int outputs) {
  NetworkShape shape;
  shape.observation_size = specification.observation_size;
  shape.action_size = specification.action_size();
  shape.action_layer = options.critic.action_layer;
  shape.body = options.critic.body;
  shape.hidden = options.critic.hidden;
  shape.output_size = outputs;
  shape.activation = options.critic.activation;
  shape.batch_norm = options.critic.batch_norm;
  shape.layer_norm = options.critic.layer_norm;
  if (options.encoder.kind == EncoderKind::none) return shape;
  shape.observation_size += shape.action_size;
  shape.action_size = 2 * options.encoder.size;
  shape.action_layer = layer_of_embeddings(options.critic);
  return shape;
}

namespace {

std::unique_ptr<Encoder> make_encoder(const Options& options, const Specification& specification, RandomStream& random,
                                      Compute compute) {
  if (options.encoder.kind == EncoderKind::none) return nullptr;
  return std::make_unique<Encoder>(options, specification, random, compute);
}

std::vector<Learned> make_critics(const Options& options, const Specification& specification, int outputs,
                                  RandomStream& random) {
  std::vector<Learned> critics;
  for (int i = 0; i < options.critic.count; i++)
    critics.emplace_back(critic_shape(options, specification, outputs), options.adam, options.critic, random);
  return critics;
}

}  // namespace

ActorCritic::ActorCritic(const Options& options, const Specification& specification, int outputs, RandomStream& random,
                         Compute compute)
    : actor(actor_shape(options, specification), options.adam, options.actor, random),
      critics(make_critics(options, specification, outputs, random)),
      options_(options),
      compute_(compute),
      encoder_(make_encoder(options, specification, random, compute)),
      embedding_(encoder(), specification.observation_size, specification.action_size(), options.batch_size, true),
      actor_trace_(actor.network, options.batch_size, true),
      critic_trace_(critic().network, options.batch_size, true),
      climb_gradient_(options.batch_size, embedding_.gradient_width()),
      gradient_of_one_(options.batch_size, embedding_.gradient_width()),
      climbed_(static_cast<std::size_t>(options.batch_size)),
      errors_of_one_(static_cast<std::size_t>(options.batch_size)) {}

// Section 3 keeps the running averages for exploration and evaluation; what is learnt from is normalised as a
// minibatch.
NormMode ActorCritic::target_mode() const {
  return options_.targets_use_running_statistics ? NormMode::running : NormMode::batch;
}

Panels ActorCritic::target_action(ConstPanels observation) {
  const Inputs read = embedding_.of_state(Age::target, compute_, observation);
  forward(actor.network, compute_, actor.target, read.observation, read.beside, target_mode(), actor_trace_);
  return actor_trace_.output();
}

Inputs ActorCritic::target_inputs(ConstPanels observation, ConstPanels u) {
  return embedding_.of_action(Age::target, compute_, observation, u);
}

ConstPanels ActorCritic::target_value(std::size_t critic, const Inputs& inputs) {
  Learned& asked = critics[critic];
  forward(asked.network, compute_, asked.target, inputs.observation, inputs.beside, target_mode(), critic_trace_);
  return critic_trace_.output();
}

// One Adam step down its gradient, and, in the same pass over memory, theta' <- tau theta + (1 - tau) theta'.
void ActorCritic::step(Learned& learned, const NetworkOptions& how, double l2, const Turn& turn) {
  learned.adam.step(learned.network, compute_, learned.gradient,
                    {how.learning_rate.at(turn.step), how.gradient_clip, l2, turn.tau, how.weight_decay},
                    learned.weights, turn.tau > 0 ? &learned.target : nullptr);
}

// L = 1/N sum_i (y_i - Q(s_i, a_i | theta^Q))^2 (eq. 4), or what the head makes of it.
void ActorCritic::update_critics(const Minibatch& minibatch, ConstPanels y, const CriticHead& head, const Turn& turn,
                                 std::span<float> errors, Measures& measures) {
  embedding_.of_state(Age::fixed, compute_, minibatch.observation.view());
  const auto [s, a] = embedding_.of_action(Age::fixed, compute_, minibatch.observation.view(), minibatch.action.view());
  std::ranges::fill(errors, 0.0f);
  // from the last critic to the first, so that the newest measure is the first one's
  for (auto learned = critics.rbegin(); learned != critics.rend(); ++learned) {
    forward(learned->network, compute_, learned->weights, s, a, NormMode::batch, critic_trace_);
    update_running_statistics(learned->network, critic_trace_, learned->weights);
    head.loss(minibatch, critic_trace_.output(), y, critic_trace_.output_gradient(), errors_of_one_, measures);
    for (std::size_t i = 0; i < errors.size(); i++)
      if (!(std::fabs(errors_of_one_[i]) <= std::fabs(errors[i]))) errors[i] = errors_of_one_[i];
    backward_parameters(learned->network, compute_, learned->weights, s, a, critic_trace_, learned->gradient);
    step(*learned, options_.critic, options_.critic.l2, turn);
  }
}

namespace {

// Rows longer than `longest` are shortened to it. One whose length is not a number stays, so that it is found.
void clip_rows(Panels d, double longest) {
  for (int r = 0; r < d.rows; r++) {
    double squares = 0;
    for (int c = 0; c < d.width; c++) squares += static_cast<double>(d.at(r, c)) * d.at(r, c);
    const double length = std::sqrt(squares);
    for (int c = 0; c < d.width && length > longest; c++)
      d.at(r, c) = static_cast<float>(d.at(r, c) * (longest / length));
  }
}

}  // namespace

Panels ActorCritic::climb(ConstPanels observation, ConstPanels u, const CriticHead& head, Measures& measures) {
  const Aggregate aggregate = options_.actor.aggregate;
  const Inputs read = embedding_.of_action(Age::fixed, compute_, observation, u);
  const Panels d = climb_gradient_.view(), of_one = gradient_of_one_.view();
  for (std::size_t k = 0; k < asked_of(aggregate, critics.size()); k++) {
    const Learned& asked = critics[k];
    // the critic as it was just trained: the minibatch's statistics, its own running ones untouched
    forward(asked.network, compute_, asked.weights, read.observation, read.beside, NormMode::batch, critic_trace_);
    const ConstPanels q = critic_trace_.output();
    head.ascend(q, critic_trace_.output_gradient());
    embedding_.critic_down(asked.network, compute_, asked.weights, critic_trace_, k == 0 ? d : of_one);
    join_rows(aggregate, k, head, q, climbed_, of_one, d);
  }
  const Panels da = embedding_.to_action(compute_, d);
  if (options_.actor.action_gradient_clip > 0) clip_rows(da, options_.actor.action_gradient_clip / da.rows);
  double sum = 0;
  for (const float value : climbed_) sum += value;
  measures.add(&Progress::actor_loss, -sum / static_cast<double>(u.rows));
  return da;
}

// TD3+BC (Fujimoto and Gu 2021, "A minimalist approach to offline reinforcement learning", arXiv:2106.06860, eq. 3 to
// 5): from the gradient of -mean Q that of -lambda mean Q + mean (u - a)^2, lambda = alpha / mean |Q|, which is taken
// for a constant.
void ActorCritic::clone(ConstPanels a, ConstPanels u, Panels da) const {
  double size = 0;
  for (const float value : climbed_) size += std::fabs(static_cast<double>(value));
  size /= static_cast<double>(climbed_.size());
  const float lambda = static_cast<float>(options_.actor.cloning_alpha / std::max(size, 1e-8));
  const float scale = 2.0f / (static_cast<float>(da.rows) * static_cast<float>(da.width));
  for (int r = 0; r < da.rows; r++)
    for (int c = 0; c < da.width; c++) da.at(r, c) = std::fma(lambda, da.at(r, c), scale * (u.at(r, c) - a.at(r, c)));
}

// To the gradient of a loss that of action_l2 * mean u^2.
void ActorCritic::penalise(ConstPanels u, Panels da) const {
  const auto numbers = static_cast<double>(da.rows) * static_cast<double>(da.width);
  const auto scale = static_cast<float>(2 * options_.actor.action_l2 / numbers);
  for (int r = 0; r < da.rows; r++)
    for (int c = 0; c < da.width; c++) da.at(r, c) = std::fma(scale, u.at(r, c), da.at(r, c));
}

// grad J = 1/N sum_i grad_a Q(s_i, a)|a=mu(s_i) grad_theta mu(s_i) (eq. 6), descended with its sign turned: the loss is
// -mean Q.
void ActorCritic::update_actor(const Minibatch& minibatch, const CriticHead& head, const Turn& turn,
                               Measures& measures) {
  const auto [s, beside] = embedding_.of_same_state(minibatch.observation.view());
  forward(actor.network, compute_, actor.weights, s, beside, NormMode::batch, actor_trace_);
  update_running_statistics(actor.network, actor_trace_, actor.weights);
  const ConstPanels u = actor_trace_.output();

  const Panels da = climb(minibatch.observation.view(), u, head, measures);
  if (options_.actor.cloning_alpha > 0) clone(minibatch.action.view(), u, da);
  if (options_.actor.action_l2 > 0) penalise(u, da);

  // through tanh
  const Panels du = actor_trace_.output_gradient();
  int saturated = 0;
  for (int r = 0; r < s.rows; r++)
    for (int c = 0; c < u.width; c++) {
      const float squashed = u.at(r, c);
      du.at(r, c) = da.at(r, c) * std::fma(-squashed, squashed, 1.0f);
      if (std::fabs(squashed) > 0.99f) saturated++;
    }
  measures.add(&Progress::saturated_share, saturated / (static_cast<double>(s.rows) * u.width));
  backward_parameters(actor.network, compute_, actor.weights, s, beside, actor_trace_, actor.gradient);
  step(actor, options_.actor, 0.0, turn);
}

namespace {

// theta' <- tau theta + (1 - tau) theta' of a network that takes no step at this update.
void average(Learned& learned, float tau) {
  const AlignedFloats& from = learned.weights.parameters;
  AlignedFloats& to = learned.target.parameters;
  const float rest = 1.0f - tau;
  for (std::size_t i = 0; i < to.size(); i++) to[i] = tau * from[i] + rest * to[i];
}

}  // namespace

void ActorCritic::update_targets(const Turn& turn) {
  if (turn.tau > 0 && !turn.actor) average(actor, static_cast<float>(turn.tau));
  const auto follow = [&](Learned& learned) {
    if (turn.copy) learned.target.parameters = learned.weights.parameters;
    learned.target.statistics = learned.weights.statistics;
  };
  follow(actor);
  for (Learned& critic : critics) follow(critic);
  if (turn.copy && encoder_) encoder_->copy();
}

ConstPanels ActorCritic::value(std::size_t critic, const Inputs& inputs, Trace& trace) const {
  const Learned& asked = critics[critic];
  forward(asked.network, Compute{compute_.kernels, nullptr}, asked.weights, inputs.observation, inputs.beside,
          NormMode::running, trace);
  return trace.output();
}

double ActorCritic::critic_gradient_norm() const {
  double squares = 0;
  for (const Learned& critic : critics) {
    const double norm = gradient_norm(critic.network, compute_, critic.gradient);
    squares += norm * norm;
  }
  return std::sqrt(squares);
}

void Learned::exchange(Snapshot& snapshot) {
  exchange_weights(snapshot, "weights", network, weights);
  exchange_weights(snapshot, "target", network, target);
  exchange_parameters(snapshot, "gradient", network, gradient);
  snapshot.inside("adam", [&] { adam.exchange(snapshot, network); });
}

void ActorCritic::exchange(Snapshot& snapshot) {
  snapshot.inside("actor", [&] { actor.exchange(snapshot); });
  for (std::size_t i = 0; i < critics.size(); i++)
    snapshot.inside(i == 0 ? "critic" : "critic" + std::to_string(i + 1), [&] { critics[i].exchange(snapshot); });
  if (encoder_) snapshot.inside("encoder", [&] { encoder_->exchange(snapshot); });
}

}  // namespace ddpg
