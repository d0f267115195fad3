// Where the tests and the built program lie. In one source, so that the others do not depend on where the build is.
#pragma once

#include <string>

namespace ddpg {

std::string tests_folder();  // this folder, tests/, absolute
std::string program_file();  // the built program ddpg; "" where it is not built
std::string own_program();   // likewise the program of examples/02_your_own_environment

std::string plugin_file(const std::string& name);  // tests/program/plugins/NAME.cpp, built
std::string fail_calls_file();                     // tests/faults/fail_calls.cpp, likewise

}  // namespace ddpg
