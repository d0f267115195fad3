#include "agent/embedding.h"

#include "nn/row_blocks.h"

namespace ddpg {
namespace {

// The columns of y from `first` on = x.
void put_columns(ConstPanels x, int first, Panels y) {
  if (first % kPanel != 0) {
    for (int r = 0; r < x.rows; r++)
      for (int c = 0; c < x.width; c++) y.at(r, first + c) = x.at(r, c);
    return;
  }
  for (int p = 0; p < x.panels(); p++)
    for (int r = 0; r < x.rows; r++) std::copy_n(x.row(p, r), kPanel, y.row(first / kPanel + p, r));
}

}  // namespace

Embedding::Work::Work(const Encoder& of, int observation_size, int action_size, int rows, bool learns)
    : encoder(of),
      f(of.f.network, rows, false),
      g(of.g.network, rows, learns),
      joined(rows, observation_size + action_size),
      beside(rows, 2 * of.g.network.body().output_size()),
      da(rows, action_size),
      first_of_inputs(padded(of.g.network.body().output_size())) {}

Embedding::Embedding(const Encoder* encoder, int observation_size, int action_size, int rows, bool learns)
    : observation_size_(observation_size), action_size_(action_size) {
  if (encoder) work_.emplace(*encoder, observation_size, action_size, rows, learns);
}

Inputs Embedding::of_state(Age age, const Compute& compute, ConstPanels s) {
  if (!work_) return {s, {}};
  forward(work_->encoder.f.network, compute, work_->encoder.f.at(age), s, {}, NormMode::running, work_->f);
  return of_same_state(s);
}

Inputs Embedding::of_same_state(ConstPanels s) {
  if (!work_) return {s, {}};
  return {s, work_->f.output()};
}

Inputs Embedding::of_action(Age age, const Compute& compute, ConstPanels s, ConstPanels u) {
  if (!work_) return {s, u};
  const ConstPanels z = work_->f.output();
  forward(work_->encoder.g.network, compute, work_->encoder.g.at(age), z, u, NormMode::running, work_->g);
  const Panels joined = work_->joined.view(s.rows), beside = work_->beside.view(s.rows);
  join_columns(s, u, joined);
  put_columns(work_->g.output(), 0, beside);
  put_columns(z, z.width, beside);
  return {joined, beside};
}

void Embedding::critic_down(const Network& critic, const Compute& compute, const Weights& weights, Trace& trace,
                            Panels d) const {
  if (!work_) return backward_action(critic, compute, weights, trace, d);
  const Panels to_z = {d.data, d.rows, work_->encoder.g.network.body().output_size(), d.stride};
  backward_inputs(critic, compute, weights, trace, panels_from(d, work_->first_of_inputs / kPanel, d.panels()), to_z);
}

// Both ways from u: through [s, u] and through z_sa.
Panels Embedding::to_action(const Compute& compute, Panels d) {
  if (!work_) return d;
  const Encoding& g = work_->encoder.g;
  const Panels to_z = work_->g.output_gradient(), da = work_->da.view(d.rows);
  for (int p = 0; p < to_z.panels(); p++)
    for (int r = 0; r < d.rows; r++) std::copy_n(d.row(p, r), kPanel, to_z.row(p, r));
  backward_action(g.network, compute, g.fixed, work_->g, da);
  const int first = work_->first_of_inputs + observation_size_;
  for (int r = 0; r < da.rows; r++)
    for (int c = 0; c < da.width; c++) da.at(r, c) += d.at(r, first + c);
  return da;
}

}  // namespace ddpg
