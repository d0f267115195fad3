// The files that a task is made of, and where the settings name them.
#pragma once

#include <string>
#include <vector>

#include "ddpg/environment.h"
#include "ddpg/mujoco.h"

namespace ddpg {

struct SourceFile {
  std::string name;  // of the model: without its folder; of another: as the model names it
  std::string bytes;
  bool is_text = false;
};

/// Of a task on a MuJoCo model: the model, what it includes, its meshes and pictures; of any other: none.
std::vector<SourceFile> source_files(const Environment& environment);
/// What is not there is left out: MuJoCo says so when it loads the model.
std::vector<SourceFile> model_files(const MujocoModel& model);

/// The text of an XML file without its comments.
std::string without_comments(const std::string& xml);

/// Settings that mean the same in every working folder: a relative env.xml_file becomes absolute, unless it names a
/// model that is built in.
EnvironmentSettings settled(EnvironmentSettings settings);

}  // namespace ddpg
