// Equation numbers are those of Lillicrap et al. 2015.
#include "agent/actor_critic.h"

#include <cmath>

#include "nn/exchange.h"

namespace ddpg {

NetworkShape actor_shape(const Options& options, const Specification& specification) {
  NetworkShape shape;
  shape.observation_size = specification.observation_size;
  shape.hidden = options.actor.hidden;
  shape.output_size = specification.action_size();
  shape.activation = options.actor.activation;
  shape.output_activation = Activation::tanh;
  shape.batch_norm = options.actor.batch_norm;
  shape.layer_norm = options.actor.layer_norm;
  return shape;
}

NetworkShape critic_shape(const Options& options, const Specification& specification) {
  NetworkShape shape;
  shape.observation_size = specification.observation_size;
  shape.action_size = specification.action_size();
  shape.action_layer = options.critic.action_layer;
  shape.hidden = options.critic.hidden;
  shape.output_size = 1;
  shape.activation = options.critic.activation;
  shape.batch_norm = options.critic.batch_norm;
  shape.layer_norm = options.critic.layer_norm;
  return shape;
}

ActorCritic::ActorCritic(const Options& options, const Specification& specification, RandomStream& random,
                         Compute compute)
    : actor(actor_shape(options, specification), options.adam, options.actor.final_init, random),
      critic(critic_shape(options, specification), options.adam, options.critic.final_init, random),
      options_(options),
      compute_(compute),
      actor_trace_(actor.network, options.batch_size, true),
      critic_trace_(critic.network, options.batch_size, true),
      action_gradient_(options.batch_size, specification.action_size()),
      y_(static_cast<std::size_t>(options.batch_size)) {}

// y_i = r_i + gamma Q'(s_{i+1}, mu'(s_{i+1} | theta^mu') | theta^Q'), and r_i alone where the episode terminated
// (section 3, below eq. 4).
std::span<const float> ActorCritic::targets(const Minibatch& minibatch) {
  const ConstPanels next = minibatch.next_observation.view();
  // section 3 keeps the running averages for exploration and evaluation; what is learnt from is normalised as a
  // minibatch
  const NormMode mode = options_.targets_use_running_statistics ? NormMode::running : NormMode::batch;
  forward(actor.network, compute_, actor.target, next, {}, mode, actor_trace_);
  forward(critic.network, compute_, critic.target, next, actor_trace_.output(), mode, critic_trace_);
  const ConstPanels q = critic_trace_.output();
  const float discount = static_cast<float>(options_.discount);
  for (std::size_t i = 0; i < y_.size(); i++)
    y_[i] = std::fma(discount * (1.0f - minibatch.terminated[i]), q.at(static_cast<int>(i), 0), minibatch.reward[i]);
  return y_;
}

// L = 1/N sum_i (y_i - Q(s_i, a_i | theta^Q))^2 (eq. 4).
void ActorCritic::update_critic(const Minibatch& minibatch, std::span<const float> y, UpdateMeasures& measures) {
  const ConstPanels s = minibatch.observation.view(), a = minibatch.action.view();
  forward(critic.network, compute_, critic.weights, s, a, NormMode::batch, critic_trace_);
  update_running_statistics(critic.network, critic_trace_, critic.weights);
  const ConstPanels q = critic_trace_.output();
  const Panels dq = critic_trace_.output_gradient();
  const float batch = static_cast<float>(y.size());
  double squares = 0, q_sum = 0, y_sum = 0;
  for (std::size_t i = 0; i < y.size(); i++) {
    const int row = static_cast<int>(i);
    const float error = q.at(row, 0) - y[i];
    dq.at(row, 0) = 2.0f * error / batch;
    squares += static_cast<double>(error) * error;
    q_sum += q.at(row, 0);
    y_sum += y[i];
  }
  measures.critic_loss = squares / batch;
  measures.mean_q = q_sum / batch;
  measures.mean_target = y_sum / batch;
  backward_parameters(critic.network, compute_, critic.weights, s, a, critic_trace_, critic.gradient);
  critic.adam.step(critic.network, compute_, critic.gradient,
                   {options_.critic.learning_rate, options_.critic.gradient_clip, options_.critic.l2, soft_rate()},
                   critic.weights, soft_target(critic));
}

// grad J = 1/N sum_i grad_a Q(s_i, a)|a=mu(s_i) grad_theta mu(s_i) (eq. 6), descended with its sign turned: the loss is
// -mean Q.
void ActorCritic::update_actor(const Minibatch& minibatch, UpdateMeasures& measures) {
  const ConstPanels s = minibatch.observation.view();
  forward(actor.network, compute_, actor.weights, s, {}, NormMode::batch, actor_trace_);
  update_running_statistics(actor.network, actor_trace_, actor.weights);
  const ConstPanels u = actor_trace_.output();

  // the critic as it was just trained: the minibatch's statistics, its own running ones untouched
  forward(critic.network, compute_, critic.weights, s, u, NormMode::batch, critic_trace_);
  const ConstPanels q = critic_trace_.output();
  const Panels dq = critic_trace_.output_gradient();
  const float batch = static_cast<float>(s.rows);
  double q_sum = 0;
  for (int r = 0; r < s.rows; r++) {
    q_sum += q.at(r, 0);
    dq.at(r, 0) = -1.0f / batch;
  }
  measures.actor_loss = -q_sum / batch;
  const Panels da = action_gradient_.view();
  backward_action(critic.network, compute_, critic.weights, critic_trace_, da);

  // through tanh
  const Panels du = actor_trace_.output_gradient();
  int saturated = 0;
  for (int r = 0; r < s.rows; r++)
    for (int c = 0; c < u.width; c++) {
      const float squashed = u.at(r, c);
      du.at(r, c) = da.at(r, c) * std::fma(-squashed, squashed, 1.0f);
      if (std::fabs(squashed) > 0.99f) saturated++;
    }
  measures.saturated_share = saturated / (static_cast<double>(s.rows) * u.width);
  backward_parameters(actor.network, compute_, actor.weights, s, {}, actor_trace_, actor.gradient);
  actor.adam.step(actor.network, compute_, actor.gradient,
                  {options_.actor.learning_rate, options_.actor.gradient_clip, 0.0, soft_rate()}, actor.weights,
                  soft_target(actor));
}

void ActorCritic::update_targets() {
  updates_++;
  const bool copy_now = options_.hard_update_interval > 0 && updates_ % options_.hard_update_interval == 0;
  for (Learned* learned : {&actor, &critic}) {
    if (copy_now) learned->target.parameters = learned->weights.parameters;
    learned->target.statistics = learned->weights.statistics;
  }
}

ConstPanels ActorCritic::act(ConstPanels observation, Trace& trace) const {
  forward(actor.network, compute_, actor.weights, observation, {}, NormMode::running, trace);
  return trace.output();
}

ConstPanels ActorCritic::value(ConstPanels observation, ConstPanels u, Trace& trace) const {
  forward(critic.network, Compute{compute_.kernels, nullptr}, critic.weights, observation, u, NormMode::running, trace);
  return trace.output();
}

void Learned::exchange(Snapshot& snapshot) {
  exchange_weights(snapshot, "weights", network, weights);
  exchange_weights(snapshot, "target", network, target);
  exchange_parameters(snapshot, "gradient", network, gradient);
  snapshot.inside("adam", [&] { adam.exchange(snapshot, network); });
}

void ActorCritic::exchange(Snapshot& snapshot) {
  snapshot.value("updates", updates_);
  snapshot.inside("actor", [&] { actor.exchange(snapshot); });
  snapshot.inside("critic", [&] { critic.exchange(snapshot); });
}

}  // namespace ddpg
