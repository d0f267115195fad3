// All transitions alike, drawn independently: the paper's.
#include "agent/sampler.h"

namespace ddpg {
namespace {

class UniformSampler final : public Sampler {
 public:
  explicit UniformSampler(const Options& options)
      : discount_(static_cast<float>(options.discount)), steps_(options.n_step) {}

  void sample(const Replay& replay, RandomStream& random, Minibatch& minibatch, std::int64_t) override {
    const std::int64_t oldest = replay.kept().begin;
    for (std::int64_t& index : minibatch.index)
      index = oldest + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(replay.size())));
    replay.gather_returns(minibatch.index, discount_, steps_, minibatch);
  }

 private:
  float discount_;
  int steps_;
};

}  // namespace

constinit const Part<Sampler> uniform_sampler = {
    [](const Options&) { return true; },
    [](const Options& options) -> std::unique_ptr<Sampler> { return std::make_unique<UniformSampler>(options); }};

}  // namespace ddpg
