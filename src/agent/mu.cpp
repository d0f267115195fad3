#include "agent/mu.h"

#include "agent/actor_critic.h"
#include "agent/encoder.h"
#include "nn/tensors.h"

namespace ddpg {

Mu::Mu(const Options& options, const Specification& specification, int rows)
    : actor_(actor_shape(options, specification)), trace_(actor_, rows, false) {
  if (options.encoder.kind == EncoderKind::none) return;
  encoder_.emplace(state_encoder_shape(options, specification));
  encoder_trace_.emplace(*encoder_, rows, false);
}

ConstPanels Mu::operator()(const Compute& compute, const PolicyWeights& weights, ConstPanels observation) {
  ConstPanels beside;
  if (encoder_) {
    forward(*encoder_, compute, *weights.encoder, observation, {}, NormMode::running, *encoder_trace_);
    beside = encoder_trace_->output();
  }
  forward(actor_, compute, *weights.actor, observation, beside, NormMode::running, trace_);
  return trace_.output();
}

NetworkBody Mu::body() const {
  return encoder_ ? with_encoder(encoder_->body(), actor_.body()) : actor_.body();
}

std::vector<Tensor> Mu::tensors(const PolicyWeights& weights) const {
  if (!encoder_) return actor_.tensors(*weights.actor);
  std::vector<Tensor> tensors = encoder_->tensors(*weights.encoder);
  for (Tensor& tensor : actor_.tensors(*weights.actor)) tensors.push_back(std::move(tensor));
  const std::vector<TensorForm> forms = expected_tensors(body());
  for (std::size_t i = 0; i < tensors.size(); i++) tensors[i].name = forms[i].name;
  return tensors;
}

Mu::Parts Mu::parts(std::span<const Tensor> tensors) const {
  if (!encoder_) return {actor_.from_tensors(tensors), {}};
  std::vector<Tensor> of_each[2] = {encoder_->tensors(encoder_->make_weights()), actor_.tensors(actor_.make_weights())};
  std::size_t next = 0;
  for (std::vector<Tensor>& list : of_each)
    for (Tensor& tensor : list) tensor.values = tensors[next++].values;
  return {actor_.from_tensors(of_each[1]), encoder_->from_tensors(of_each[0])};
}

}  // namespace ddpg
