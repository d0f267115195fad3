// Gymnasium's eleven tasks on MuJoCo, version 1.4.0 (gymnasium/envs/mujoco/*_v5.py): one function for each makes it
// from its settings.
#pragma once

#include <memory>
#include <string>

#include "ddpg/mujoco.h"
#include "envs/settings.h"

namespace ddpg {

std::unique_ptr<MujocoEnvironment> make_half_cheetah(SettingReader& settings);
std::unique_ptr<MujocoEnvironment> make_swimmer(SettingReader& settings);
std::unique_ptr<MujocoEnvironment> make_hopper(SettingReader& settings);
std::unique_ptr<MujocoEnvironment> make_walker2d(SettingReader& settings);
std::unique_ptr<MujocoEnvironment> make_ant(SettingReader& settings);
std::unique_ptr<MujocoEnvironment> make_humanoid(SettingReader& settings);
std::unique_ptr<MujocoEnvironment> make_humanoid_standup(SettingReader& settings);
std::unique_ptr<MujocoEnvironment> make_inverted_pendulum(SettingReader& settings);
std::unique_ptr<MujocoEnvironment> make_inverted_double_pendulum(SettingReader& settings);
std::unique_ptr<MujocoEnvironment> make_reacher(SettingReader& settings);
std::unique_ptr<MujocoEnvironment> make_pusher(SettingReader& settings);

MujocoView view_of(const std::string& task);

/// The model that the settings `xml_file` and `frame_skip` choose; `file` is the task's own. A name of one of
/// Gymnasium's models means the one built in, everything else a path. Reads settings only: the caller still has to
/// finish() them before it loads the model.
MujocoModel read_model(SettingReader& settings, const std::string& task, const std::string& file, int frame_skip);

}  // namespace ddpg
