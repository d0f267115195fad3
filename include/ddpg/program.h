// The program `ddpg` as a function, with every verb of docs/command-line.md: train with its run folder, resume,
// evaluate, video, report, export and the others. A main of your own that registers its environments and calls it is
// `ddpg` with those environments (examples/02_your_own_environment).
//
// This one function is the program and no library: it prints, listens to signals, reads the environment's variables,
// and is called once, from main(). Nothing else in include/ddpg does any of that. Link ddpg::program for it.
#pragma once

namespace ddpg {

/// Runs the verb that the command line names. Returns the exit code: 0 done, 1 failed, 2 wrong use, 130 interrupted;
/// throws nothing. An experiment (`train --seeds`) starts this same executable once for each seed, so main() registers
/// the same environments each time.
int program(int argc, char** argv);

}  // namespace ddpg
