// From a task's name and settings to the task.
#include <fmt/format.h>

#include <map>

#include "ddpg/error.h"
#include "envs/mujoco/models.h"
#include "envs/mujoco/tasks.h"
#include "envs/mujoco_tasks.h"

namespace ddpg {

MujocoModel read_model(SettingReader& settings, const std::string& task, const std::string& file, int frame_skip) {
  MujocoModel model;
  model.name = task;
  model.view = view_of(task);
  model.file = settings.text("xml_file", file);
  model.frame_skip = settings.count("frame_skip", frame_skip, 1);
  const auto found = embedded_models().find(model.file);
  if (found != embedded_models().end()) model.xml = found->second;
  if (model.xml.empty() && model.file == file)
    throw Error(
        fmt::format("[{}] Gymnasium's model {} is not built in: `./ddpg mujoco` fetches it, or name a model of yours "
                    "with env.xml_file",
                    task, file));
  return model;
}

bool is_builtin_model(const std::string& name) {
  return embedded_models().contains(name);
}

std::unique_ptr<Environment> make_mujoco_task(const std::string& name, const EnvironmentSettings& settings) {
  using Make = std::unique_ptr<MujocoEnvironment> (*)(SettingReader&);
  static const std::map<std::string, Make> makers = {
      {"Ant-v5", make_ant},
      {"HalfCheetah-v5", make_half_cheetah},
      {"Hopper-v5", make_hopper},
      {"Humanoid-v5", make_humanoid},
      {"HumanoidStandup-v5", make_humanoid_standup},
      {"InvertedDoublePendulum-v5", make_inverted_double_pendulum},
      {"InvertedPendulum-v5", make_inverted_pendulum},
      {"Pusher-v5", make_pusher},
      {"Reacher-v5", make_reacher},
      {"Swimmer-v5", make_swimmer},
      {"Walker2d-v5", make_walker2d},
  };
  SettingReader reader(name, settings);
  return makers.at(name)(reader);
}

}  // namespace ddpg
