// y_i = r_i + gamma Q'(s_{i+1}, mu'(s_{i+1} | theta^mu') | theta^Q'), and r_i alone where the episode terminated
// (section 3, below eq. 4).
#include "agent/target.h"

namespace ddpg {
namespace {

class BootstrapTarget final : public Target {
 public:
  void compute(const Minibatch& minibatch, ActorCritic& networks, const CriticHead& head, RandomStream&,
               Panels y) override {
    const ConstPanels next = minibatch.next_observation.view();
    const Inputs read = networks.target_inputs(next, networks.target_action(next));
    head.back_up(minibatch, networks.target_value(0, read), y);
  }
};

}  // namespace

constinit const Part<Target, CriticHead> bootstrap_target = {
    [](const Options&) { return true; },
    [](const Options&, const CriticHead&) -> std::unique_ptr<Target> { return std::make_unique<BootstrapTarget>(); }};

}  // namespace ddpg
