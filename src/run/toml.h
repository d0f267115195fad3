// toml++, with its assertions off: for some files that are wrong it asserts what it then reports as an error, and a
// wrong file must be an error in every build.
#pragma once

#define TOML_ASSERT(condition) static_cast<void>(0)
#include <toml++/toml.h>
