// With MuJoCo. A build without it takes bare_loop_missing.cpp.
#include "bench/bare_loop.h"

#include <algorithm>
#include <vector>

#include "ddpg/mujoco.h"
#include "envs/mujoco/load.h"
#include "envs/mujoco_tasks.h"

namespace ddpg {

struct BareLoop::Physics {
  struct DeleteData {
    void operator()(mjData* deleted) const { mj_deleteData(deleted); }
  };
  MujocoModelPointer model;
  std::unique_ptr<mjData, DeleteData> data;
  int frame_skip;
};

BareLoop::BareLoop(const std::string& task) : physics_(std::make_unique<Physics>()) {
  const std::unique_ptr<Environment> made = make_mujoco_task(task, {});
  const MujocoModel& source = dynamic_cast<const MujocoEnvironment&>(*made).source();
  physics_->model = load_model(source);
  physics_->data.reset(mj_makeData(physics_->model.get()));
  physics_->frame_skip = source.frame_skip;
}

BareLoop::~BareLoop() = default;

void BareLoop::start(std::span<const double> state) {
  mj_resetData(physics_->model.get(), physics_->data.get());
  mj_setState(physics_->model.get(), physics_->data.get(), state.data(), mjSTATE_INTEGRATION);
}

void BareLoop::play(std::span<const float> actions) {
  const mjModel* model = physics_->model.get();
  mjData* data = physics_->data.get();
  const int frame_skip = physics_->frame_skip;
  const float* action = actions.data();
  for (; action != actions.data() + actions.size(); action += model->nu) {
    std::copy_n(action, model->nu, data->ctrl);
    for (int i = 0; i < frame_skip; i++) mj_step(model, data);
  }
}

bool BareLoop::is_at(std::span<const double> state) const {
  std::vector<double> here(static_cast<std::size_t>(mj_stateSize(physics_->model.get(), mjSTATE_INTEGRATION)));
  mj_getState(physics_->model.get(), physics_->data.get(), here.data(), mjSTATE_INTEGRATION);
  return std::equal(here.begin(), here.end(), state.begin());
}

}  // namespace ddpg
