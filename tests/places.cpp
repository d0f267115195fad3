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
  return DDPG_TESTS_BUILT "/libplugin_" + name + ".so";
}

std::string fail_calls_file() {
  return DDPG_TESTS_BUILT "/faults/libfail_calls.so";
}

}  // namespace ddpg
