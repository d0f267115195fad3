// The MJCF models of Gymnasium's tasks, compiled into the library (cmake/embed.cmake).
#pragma once

#include <map>
#include <string>

namespace ddpg {

/// Text by file name, e.g. "half_cheetah.xml". Empty where ddpg was built on a MuJoCo without these models.
const std::map<std::string, std::string>& embedded_models();

}  // namespace ddpg
