// The base of all tasks on MuJoCo: the model's life, the control step, the state. What a task observes and rewards is
// not its business.
#include <fmt/format.h>
#include <mujoco/mujoco.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <mutex>

#include "ddpg/error.h"
#include "ddpg/mujoco.h"
#include "envs/mujoco/renderer.h"

namespace ddpg {
namespace {

constexpr int kStateParts = mjSTATE_INTEGRATION;

// MuJoCo would print its errors and end the program, and print its warnings and write them to a file. Errors become
// exceptions, which pass through its frames; warnings are counted in mjData, where check_physics() looks.
void take_over_messages() {
  static std::once_flag once;
  std::call_once(once, [] {
    mju_user_error = [](const char* message) { throw Error(fmt::format("[mujoco] {}", message)); };
    mju_user_warning = [](const char*) {};
  });
}

void check_version() {
  if (mj_version() == mjVERSION_HEADER) return;
  throw Error(
      fmt::format("[mujoco] the library found at run time is MuJoCo {}, and ddpg was built for another version ({} "
                  "against {}): build ddpg again, or take "
                  "the other library out of LD_LIBRARY_PATH",
                  mj_versionString(), mj_version(), mjVERSION_HEADER));
}

std::string without_final_newlines(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

// Puts a file into MuJoCo's virtual file system. The name of the function changed after 3.1.3, so each of these two is
// there only where MuJoCo has what it calls: `Files` makes the lookup wait until it is known which.
template <class Files>
auto add_file(Files* files, const std::string& name, const std::string& text, int)
    -> decltype(mj_addBufferVFS(files, name.c_str(), text.data(), static_cast<int>(text.size()))) {
  return mj_addBufferVFS(files, name.c_str(), text.data(), static_cast<int>(text.size()));
}
template <class Files>
auto add_file(Files* files, const std::string& name, const std::string& text, long)
    -> decltype(mj_makeEmptyFileVFS(files, name.c_str(), static_cast<int>(text.size()))) {
  const int failed = mj_makeEmptyFileVFS(files, name.c_str(), static_cast<int>(text.size()));
  if (failed == 0) std::memcpy(files->filedata[mj_findFileVFS(files, name.c_str())], text.data(), text.size());
  return failed;
}

// The files that a model in memory is read from.
class VirtualFiles {
 public:
  VirtualFiles() : files_(std::make_unique<mjVFS>()) { mj_defaultVFS(files_.get()); }
  ~VirtualFiles() { mj_deleteVFS(files_.get()); }
  VirtualFiles(const VirtualFiles&) = delete;
  VirtualFiles& operator=(const VirtualFiles&) = delete;
  void add(const std::string& name, const std::string& text) {
    if (add_file(files_.get(), name, text, 0) != 0)
      throw Error(fmt::format("[mujoco] cannot hold the file {} in memory", name));
  }
  const mjVFS* get() const { return files_.get(); }

 private:
  std::unique_ptr<mjVFS> files_;
};

mjModel* load(const MujocoModel& source) {
  static std::mutex mutex;  // the compiler of models keeps global state
  const std::lock_guard lock(mutex);
  std::array<char, 1024> message{};
  VirtualFiles files;
  if (source.xml.empty() && !std::filesystem::is_regular_file(source.file))
    throw Error(fmt::format("[{}] cannot read the model {}: there is no such file", source.name, source.file));
  if (!source.xml.empty()) files.add(source.file, source.xml);
  mjModel* model = mj_loadXML(source.file.c_str(), source.xml.empty() ? nullptr : files.get(), message.data(),
                              static_cast<int>(message.size()));
  if (model != nullptr) return model;
  throw Error(fmt::format("[{}] cannot load the model {}: {}", source.name, source.file,
                          without_final_newlines(message.data())));
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

void MujocoEnvironment::DeleteModel::operator()(mjModel_* model) const {
  mj_deleteModel(model);
}

void MujocoEnvironment::DeleteData::operator()(mjData_* data) const {
  mj_deleteData(data);
}

void MujocoEnvironment::DeleteRenderer::operator()(MujocoRenderer* renderer) const {
  delete renderer;
}

MujocoEnvironment::MujocoEnvironment(const MujocoModel& model)
    : frame_skip_(model.frame_skip), contact_forces_(model.contact_forces), view_(model.view) {
  take_over_messages();
  check_version();
  specification_.name = model.name;
  specification_.time_limit = model.time_limit;
  if (frame_skip_ < 1) fail(fmt::format("frame_skip must be >= 1, found {}", frame_skip_));
  model_.reset(load(model));
  data_.reset(mj_makeData(model_.get()));
  if (data_ == nullptr) fail("MuJoCo could not make its data: out of memory");
  for (int i = 0; i < model_->nu; i++)
    if (!model_->actuator_ctrllimited[i])
      fail(fmt::format("actuator {} of the model has no ctrlrange; actions must have bounds", i));
  specification_.action_low = bounds(*model_, 0);
  specification_.action_high = bounds(*model_, 1);
  specification_.control_period = control_period();
}

MujocoEnvironment::~MujocoEnvironment() = default;

void MujocoEnvironment::reset(RandomStream& random, std::span<double> observation) {
  mj_resetData(model_.get(), data_.get());
  draw_start(random, positions_of(*model_, *data_), velocities_of(*model_, *data_));
  begin(observation);
}

void MujocoEnvironment::set_state(std::span<const double> qpos, std::span<const double> qvel,
                                  std::span<double> observation) {
  mj_resetData(model_.get(), data_.get());
  const auto q = positions_of(*model_, *data_), v = velocities_of(*model_, *data_);
  if (qpos.size() != q.size() || qvel.size() != v.size())
    fail(fmt::format("a state has {} positions and {} velocities, found {} and {}", q.size(), v.size(), qpos.size(),
                     qvel.size()));
  std::copy(qpos.begin(), qpos.end(), q.begin());
  std::copy(qvel.begin(), qvel.end(), v.begin());
  begin(observation);
}

void MujocoEnvironment::begin(std::span<double> observation) {
  mj_forward(model_.get(), data_.get());
  steps_ = 0;
  parts_.clear();
  check_physics();
  before_ = after_ = progress();
  observe(observation);
}

StepResult MujocoEnvironment::step(std::span<const float> action, std::span<double> observation) {
  std::copy(action.begin(), action.end(), data_->ctrl);
  for (int i = 0; i < frame_skip_; i++) mj_step(model_.get(), data_.get());
  if (contact_forces_) mj_rnePostConstraint(model_.get(), data_.get());
  steps_++;
  check_physics();
  before_ = after_;
  after_ = progress();
  observe(observation);
  return judge(action);
}

// After such a warning MuJoCo has put the model back to its start, in the middle of an episode.
void MujocoEnvironment::check_physics() const {
  for (const Breakdown& kind : kBreakdowns) {
    const mjWarningStat& found = data_->warning[kind.warning];
    if (found.number > 0)
      fail(
          fmt::format("step {} of the episode: the physics broke down, {} {} is not finite or huge ({}); a smaller "
                      "time step, more damping or "
                      "weaker actuators in the model help",
                      steps_, kind.meaning, found.lastinfo, kind.name));
  }
}

std::vector<double> MujocoEnvironment::save_state() const {
  const auto size = static_cast<std::size_t>(mj_stateSize(model_.get(), kStateParts));
  std::vector<double> state(size);
  mj_getState(model_.get(), data_.get(), state.data(), kStateParts);
  state.insert(state.end(), {after_[0], after_[1], static_cast<double>(steps_)});
  return state;
}

void MujocoEnvironment::restore_state(std::span<const double> state) {
  const auto size = static_cast<std::size_t>(mj_stateSize(model_.get(), kStateParts));
  if (state.size() != size + 3) fail(fmt::format("a state has {} numbers, found {}", size + 3, state.size()));
  // forward, so that what is computed from the state is there to be seen; then again, since that changes the warm start
  mj_resetData(model_.get(), data_.get());
  mj_setState(model_.get(), data_.get(), state.data(), kStateParts);
  mj_forward(model_.get(), data_.get());
  mj_setState(model_.get(), data_.get(), state.data(), kStateParts);
  before_ = after_ = {state[size], state[size + 1]};
  steps_ = static_cast<std::int64_t>(state[size + 2]);
  parts_.clear();
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
  if (renderer_ == nullptr) renderer_.reset(new MujocoRenderer(*model_, view_));
  renderer_->draw(*data_, camera, picture);
}

double MujocoEnvironment::control_period() const {
  return model_->opt.timestep * frame_skip_;
}

std::array<double, 2> MujocoEnvironment::velocity() const {
  return {(after_[0] - before_[0]) / control_period(), (after_[1] - before_[1]) / control_period()};
}

double MujocoEnvironment::sum(std::initializer_list<RewardPart> parts) {
  parts_.assign(parts);
  double total = 0;
  for (const RewardPart& part : parts) total += part.value;
  return total;
}

void MujocoEnvironment::fail(const std::string& what) const {
  throw Error(fmt::format("[{}] {}", specification_.name, what));
}

}  // namespace ddpg
