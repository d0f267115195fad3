#include "places.h"

namespace ddpg {

std::string tests_folder() {
  return DDPG_TESTS_DIR;
}

std::string program_file() {
  return DDPG_CLI;
}

std::string own_program() {
  return DDPG_OWN_PROGRAM;
}

std::string plugin_file(const std::string& name) {
  return DDPG_PLUGINS "/libplugin_" + name + ".so";
}

}  // namespace ddpg
