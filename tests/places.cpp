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

}  // namespace ddpg
