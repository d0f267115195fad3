// A library of tasks for another version of ddpg.
extern "C" const char* ddpg_plugin_version() {
  return "0.0.1";
}
extern "C" void ddpg_plugin_register() {}
