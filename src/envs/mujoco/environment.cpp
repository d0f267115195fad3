// The base of all tasks on MuJoCo: the model's life, the control step, the state. What a task observes and rewards is
// not its business.
#include <fmt/format.h>
#include <mujoco/mujoco.h>

#include <algorithm>

#include "ddpg/error.h"
#include "ddpg/mujoco.h"
#include "envs/mujoco/load.h"
#include "envs/mujoco/renderer.h"
#include "envs/stream_numbers.h"
#include "support/divergence.h"
#include "support/math.h"

namespace ddpg {
namespace {

constexpr int kStateParts = mjSTATE_INTEGRATION;

// Empty when none has a name.
std::vector<std::string> actuator_names(const mjModel& model) {
  std::vector<std::string> names;
  bool known = false;
  for (int i = 0; i < model.nu; i++) {
    const char* name = mj_id2name(&model, mjOBJ_ACTUATOR, i);
    names.emplace_back(name ? name : "");
    known = known || !names.back().empty();
  }
  return known ? names : std::vector<std::string>{};
}

std::vector<float> bounds(const mjModel& model, int side) {
  std::vector<float> values(static_cast<std::size_t>(model.nu));
  for (std::size_t i = 0; i < values.size(); i++)
    values[i] = static_cast<float>(model.actuator_ctrlrange[2 * i + static_cast<std::size_t>(side)]);
  return values;
}

std::span<double> positions_of(const mjModel& model, mjData& data) {
  return {data.qpos, static_cast<std::size_t>(model.nq)};
}

std::span<double> velocities_of(const mjModel& model, mjData& data) {
  return {data.qvel, static_cast<std::size_t>(model.nv)};
}

struct Breakdown {
  mjtWarning warning;
  const char* name;
  const char* meaning;
};
constexpr std::array kBreakdowns = {
    Breakdown{mjWARN_BADQPOS, "mjWARN_BADQPOS", "position"},
    Breakdown{mjWARN_BADQVEL, "mjWARN_BADQVEL", "velocity"},
    Breakdown{mjWARN_BADQACC, "mjWARN_BADQACC", "acceleration"},
    Breakdown{mjWARN_BADCTRL, "mjWARN_BADCTRL", "control"},
};

}  // namespace

struct MujocoEnvironment::Physics {
  MujocoModelPointer model, pristine;  // the second as it was loaded, where episodes change the first
  std::unique_ptr<mjData, void (*)(mjData*)> data{nullptr, mj_deleteData};
  std::unique_ptr<MujocoRenderer> renderer;  // made for the first picture
};

MujocoEnvironment::MujocoEnvironment(const MujocoModel& model) : source_(model), physics_(std::make_unique<Physics>()) {
  specification_.name = model.name;
  specification_.time_limit = model.time_limit;
  if (source_.time_limit < 0) fail(fmt::format("time_limit must be >= 0 (0: none), found {}", source_.time_limit));
  if (source_.frame_skip < 1) fail(fmt::format("frame_skip must be >= 1, found {}", source_.frame_skip));
  physics_->model = load_model(source_);
  physics_->data.reset(mj_makeData(physics_->model.get()));
  model_ = physics_->model.get();
  data_ = physics_->data.get();
  if (data_ == nullptr) fail("MuJoCo could not make its data: out of memory");
  if (model_->nu < 1) fail("the model has no actuators, so that there is nothing to act with; it needs an <actuator>");
  for (int i = 0; i < model_->nu; i++)
    if (!model_->actuator_ctrllimited[i])
      fail(fmt::format("actuator {} of the model has no ctrlrange; actions must have bounds", i));
  specification_.action_low = bounds(*model_, 0);
  specification_.action_high = bounds(*model_, 1);
  specification_.control_period = control_period();
  specification_.action_names = actuator_names(*model_);
}

MujocoEnvironment::~MujocoEnvironment() = default;

void MujocoEnvironment::set_actions(std::vector<float> low, std::vector<float> high, std::vector<std::string> names,
                                    std::vector<std::string> units) {
  specification_.action_low = std::move(low);
  specification_.action_high = std::move(high);
  specification_.action_names = std::move(names);
  specification_.action_units = std::move(units);
}

void MujocoEnvironment::use_episode_stream() {
  streams_ = true;
  physics_->pristine.reset(mj_copyModel(nullptr, model_));
  if (physics_->pristine == nullptr) fail("MuJoCo could not copy its model: out of memory");
}

void MujocoEnvironment::change_model(RandomStream&, mjModel_&, mjData_&) {}
void MujocoEnvironment::disturb(RandomStream&, std::span<double>) {}

void MujocoEnvironment::restore_own(std::span<const double> own) {
  if (!own.empty())
    fail(
        fmt::format("a state has {} numbers more than those of the model; where save_own() gave them, restore_own() "
                    "must take them",
                    own.size()));
}

void MujocoEnvironment::control(std::span<const float> action, int substep, mjData_& data) {
  if (substep > 0) return;
  if (action.size() != static_cast<std::size_t>(model_->nu))
    fail(fmt::format("{} actions are no {} controls: control() must make these of them", action.size(), model_->nu));
  std::copy(action.begin(), action.end(), data.ctrl);
}

// The model of the episode follows from the stream as it began: that is all that a state holds of it.
void MujocoEnvironment::begin_stream(RandomStream& random) {
  mj_copyModel(physics_->model.get(), physics_->pristine.get());
  mj_resetData(model_, data_);
  beginning_ = random;
  change_model(random, *physics_->model, *data_);
}

void MujocoEnvironment::reset(RandomStream& random, std::span<double> observation) {
  if (streams_) {
    episode_ = RandomStream(random.bits(), "episode");
    begin_stream(episode_);
  }
  mj_resetData(model_, data_);
  draw_start(random, positions_of(*model_, *data_), velocities_of(*model_, *data_));
  begin(observation);
}

void MujocoEnvironment::set_state(std::span<const double> qpos, std::span<const double> qvel,
                                  std::span<double> observation) {
  mj_resetData(model_, data_);
  const auto q = positions_of(*model_, *data_), v = velocities_of(*model_, *data_);
  if (qpos.size() != q.size() || qvel.size() != v.size())
    fail(fmt::format("a state has {} positions and {} velocities, found {} and {}", q.size(), v.size(), qpos.size(),
                     qvel.size()));
  std::copy(qpos.begin(), qpos.end(), q.begin());
  std::copy(qvel.begin(), qvel.end(), v.begin());
  begin(observation);
}

void MujocoEnvironment::begin(std::span<double> observation) {
  mj_forward(model_, data_);
  steps_ = 0;
  parts_.clear();
  check_physics();
  before_ = after_ = progress();
  look(observation);
}

void MujocoEnvironment::look(std::span<double> observation) {
  observe(observation);
  if (streams_) disturb(episode_, observation);
}

StepResult MujocoEnvironment::step(std::span<const float> action, std::span<double> observation) {
  step_physics(action);
  steps_++;
  check_physics();
  before_ = after_;
  after_ = progress();
  look(observation);
  return judge(action);
}

void MujocoEnvironment::step_physics(std::span<const float> action) {
  for (int i = 0; i < source_.frame_skip; i++) {
    control(action, i, *data_);
    mj_step(model_, data_);
  }
  if (source_.contact_forces) mj_rnePostConstraint(model_, data_);
}

// After such a warning MuJoCo has put the model back to its start, in the middle of an episode.
void MujocoEnvironment::check_physics() const {
  for (const Breakdown& kind : kBreakdowns) {
    const mjWarningStat& found = data_->warning[kind.warning];
    if (found.number > 0)
      throw Divergence(fmt::format(
          "[{}] step {} of the episode: the physics broke down, {} {} is not finite or huge ({}); a smaller "
          "time step, more damping or weaker actuators in the model help",
          specification_.name, steps_, kind.meaning, found.lastinfo, kind.name));
  }
}

std::vector<double> MujocoEnvironment::save_state() const {
  const auto size = static_cast<std::size_t>(mj_stateSize(model_, kStateParts));
  std::vector<double> state(size);
  mj_getState(model_, data_, state.data(), kStateParts);
  state.insert(state.end(), {after_[0], after_[1], static_cast<double>(steps_)});
  if (streams_) {
    add_stream(beginning_, state);
    add_stream(episode_, state);
  }
  const std::vector<double> own = save_own();
  state.insert(state.end(), own.begin(), own.end());
  return state;
}

void MujocoEnvironment::restore_state(std::span<const double> state) {
  const auto size = static_cast<std::size_t>(mj_stateSize(model_, kStateParts));
  const std::size_t ours = size + 3 + (streams_ ? 2 * kStreamNumbers : 0);
  if (state.size() < ours) fail(fmt::format("a state has at least {} numbers, found {}", ours, state.size()));
  if (!(state[size + 2] >= 0 && state[size + 2] <= 0x1p53))
    fail(fmt::format("number {} of a state is the steps played, found {}", size + 3, state[size + 2]));
  if (streams_) {
    RandomStream begun = stream_of(state.subspan(size + 3, kStreamNumbers));
    begin_stream(begun);
    episode_ = stream_of(state.subspan(size + 3 + kStreamNumbers, kStreamNumbers));
  }
  // forward, so that what is computed from the state is there to be seen; then again, since that changes the warm start
  mj_resetData(model_, data_);
  mj_setState(model_, data_, state.data(), kStateParts);
  mj_forward(model_, data_);
  mj_setState(model_, data_, state.data(), kStateParts);
  before_ = after_ = {state[size], state[size + 1]};
  steps_ = static_cast<std::int64_t>(state[size + 2]);
  parts_.clear();
  restore_own(state.subspan(ours));
}

void MujocoEnvironment::metrics(std::span<double> values) const {
  for (std::size_t i = 0; i < values.size(); i++) values[i] = i < parts_.size() ? parts_[i].value : kNaN;
}

std::span<const double> MujocoEnvironment::positions() const {
  return positions_of(*model_, *data_);
}

std::span<const double> MujocoEnvironment::velocities() const {
  return velocities_of(*model_, *data_);
}

std::vector<std::string> MujocoEnvironment::cameras() const {
  return camera_names(*model_);
}

void MujocoEnvironment::draw_state(Picture& picture, const std::string& camera) const {
  if (physics_->renderer == nullptr) physics_->renderer = std::make_unique<MujocoRenderer>(*model_, source_.view);
  physics_->renderer->draw(*data_, camera, picture);
}

double MujocoEnvironment::control_period() const {
  return model_->opt.timestep * source_.frame_skip;
}

std::array<double, 2> MujocoEnvironment::velocity() const {
  return {(after_[0] - before_[0]) / control_period(), (after_[1] - before_[1]) / control_period()};
}

double MujocoEnvironment::sum(std::initializer_list<RewardPart> parts) {
  parts_.assign(parts);
  for (std::size_t i = 0; i < specification_.metric_names.size(); i++)
    if (i >= parts_.size() || specification_.metric_names[i] != parts_[i].name) [[unlikely]]
      fail(fmt::format("set_reward_names() names \"{}\" as term {} of the reward, and sum() was given {}",
                       specification_.metric_names[i], i, i < parts_.size() ? parts_[i].name : "fewer"));
  double total = 0;
  for (const RewardPart& part : parts) total += part.value;
  return total;
}

void MujocoEnvironment::fail(const std::string& what) const {
  throw Error(fmt::format("[{}] {}", specification_.name, what));
}

}  // namespace ddpg
