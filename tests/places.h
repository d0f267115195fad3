// Where the tests and the built program lie. In one source, so that the others do not depend on where the build is.
#pragma once

#include <string>

namespace ddpg {

std::string tests_folder();  // this folder, tests/, absolute
std::string program_file();  // the built program ddpg; "" where it is not built

}  // namespace ddpg
