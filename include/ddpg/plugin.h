// A shared library with tasks of your own, for the program `ddpg` as it is installed:
//   #include <ddpg/plugin.h>
//   DDPG_PLUGIN() { ddpg::register_environment({.name = "TwoTanks-v0", .make = ...}); }
// Built as a module that links ddpg::plugin (headers alone: the program has the library), it is named before the verb:
//   ddpg --load ./libtanks.so train TwoTanks-v0
// It must be built for the very version of ddpg that loads it, by the same compiler; another version is refused.
#pragma once

#include "ddpg/environment.h"
#include "ddpg/version.h"

#define DDPG_PLUGIN()                                                           \
  extern "C" [[gnu::visibility("default")]] const char* ddpg_plugin_version() { \
    return ddpg::kVersion;                                                      \
  }                                                                             \
  extern "C" [[gnu::visibility("default")]] void ddpg_plugin_register()
