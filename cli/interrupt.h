// Ctrl-C and `kill` ask a training to stop; it saves what it has and ends. A second time they end the program at once.
#pragma once

#include <atomic>

namespace ddpg::cli {

// Listens to SIGINT and SIGTERM from now on. The flag becomes true at the first of them. `announce`: say so on standard
// error.
const std::atomic<bool>& listen_for_interrupt(bool announce);

// A training that an experiment has started (the variable DDPG_PARENT names that process) is asked to stop, by SIGTERM,
// when the experiment dies.
void stop_with_parent();

}  // namespace ddpg::cli
