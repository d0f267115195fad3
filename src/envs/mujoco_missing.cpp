// Stands in for mujoco/ where ddpg is built without MuJoCo: the tasks are listed, and making one says how to get it.
#include "ddpg/error.h"
#include "ddpg/mujoco.h"
#include "envs/mujoco_tasks.h"

namespace ddpg {
namespace {

[[noreturn]] void refuse(const std::string& name) {
  throw Error("[" + name +
              "] this needs MuJoCo, and ddpg was built without it. `./ddpg mujoco` fetches it (from the Python package "
              "index) and builds ddpg again; or set MUJOCO_DIR to the folder of MuJoCo 3.1 or later, and build again");
}

}  // namespace

std::unique_ptr<Environment> make_mujoco_task(const std::string& name, const EnvironmentSettings&) {
  refuse(name);
}

bool is_builtin_model(const std::string&) {
  return false;
}

void use_mujoco_library(const std::string&) {}

struct MujocoEnvironment::Physics {};

// No object of this class comes to be here, so that what follows is never called.
MujocoEnvironment::MujocoEnvironment(const MujocoModel& model) {
  refuse(model.name);
}
MujocoEnvironment::~MujocoEnvironment() = default;
std::vector<std::string> MujocoEnvironment::cameras() const {
  return {};
}
void MujocoEnvironment::draw_state(Picture&, const std::string&) const {}
void MujocoEnvironment::reset(RandomStream&, std::span<double>) {}
StepResult MujocoEnvironment::step(std::span<const float>, std::span<double>) {
  return {};
}
void MujocoEnvironment::set_actions(std::vector<float>, std::vector<float>, std::vector<std::string>,
                                    std::vector<std::string>) {}
void MujocoEnvironment::use_episode_stream() {}
void MujocoEnvironment::change_model(RandomStream&, mjModel_&, mjData_&) {}
void MujocoEnvironment::control(std::span<const float>, int, mjData_&) {}
void MujocoEnvironment::disturb(RandomStream&, std::span<double>) {}
void MujocoEnvironment::restore_own(std::span<const double>) {}
void MujocoEnvironment::metrics(std::span<double>) const {}
std::vector<double> MujocoEnvironment::save_state() const {
  return {};
}
void MujocoEnvironment::restore_state(std::span<const double>) {}
void MujocoEnvironment::set_state(std::span<const double>, std::span<const double>, std::span<double>) {}
std::span<const double> MujocoEnvironment::positions() const {
  return {};
}
std::span<const double> MujocoEnvironment::velocities() const {
  return {};
}
double MujocoEnvironment::control_period() const {
  return 0;
}
std::array<double, 2> MujocoEnvironment::velocity() const {
  return {};
}
double MujocoEnvironment::sum(std::initializer_list<RewardPart>) {
  return 0;
}

}  // namespace ddpg
