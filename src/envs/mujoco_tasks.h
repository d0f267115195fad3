// The tasks of Gymnasium that run on MuJoCo, as the registry lists them: known to every build, made only where MuJoCo
// is built in.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ddpg/environment.h"

namespace ddpg {

std::vector<EnvironmentEntry> mujoco_entries();

/// Makes the task of that name (mujoco/make.cpp), or throws Error saying how to get MuJoCo (mujoco_missing.cpp).
std::unique_ptr<Environment> make_mujoco_task(const std::string& name, const EnvironmentSettings& settings);

/// Whether it is the name of one of Gymnasium's models, which are built in.
bool is_builtin_model(const std::string& name);

/// Which file is MuJoCo's library; "": there is none. Heeded where it is found at run time, as the Python package does;
/// called before the first task is made.
void use_mujoco_library(const std::string& file);

}  // namespace ddpg
