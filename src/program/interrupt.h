// Ctrl-C, `kill` and what clusters send ask a training to stop; it saves what it has and ends. Ctrl-C or SIGTERM a
// second time end the program at once.
#pragma once

#include <atomic>

namespace ddpg::cli {

// Listens from now on to SIGINT, SIGTERM, SIGHUP (unless it is ignored, as under nohup), SIGXCPU, SIGUSR1 and SIGUSR2.
// The flag becomes true at the first of them. `announce`: say so on standard error.
const std::atomic<bool>& listen_for_interrupt(bool announce);

// Likewise, for a program that ends others first: how often it was asked. Here the second Ctrl-C or SIGTERM ends
// nothing by itself.
const std::atomic<int>& count_interrupts(bool announce);

// Whether one of them came.
bool is_interrupted();

// A training that an experiment has started (the variable DDPG_PARENT names that process) is asked to stop, by SIGTERM,
// when the experiment dies. Throws Interrupted where it has died already.
void stop_with_parent();

}  // namespace ddpg::cli
