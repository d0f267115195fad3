// The program: reads the command line, runs the verb, and turns what goes wrong into one message and an exit code.
#include "ddpg/program.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <new>

#include "ddpg/error.h"
#include "ddpg/interrupted.h"
#include "program/command_line.h"
#include "program/interrupt.h"
#include "program/itself.h"
#include "program/load.h"
#include "program/output.h"
#include "support/json.h"
#include "support/shown.h"

namespace ddpg::cli {

namespace {

int run_program(int argc, const char* const* argv, const Itself& itself) {
  if (argc > 0) set_command(typed(argv[0]));
  Command command = read_command_line(argc, argv);
  command.common.itself = itself;
  set_command(command.common.command());
  for (const std::string& plugin : command.common.plugins) load_plugin(plugin);
  const int code = command.run(command.common);
  flush_output();
  return code;
}

int report_failure(const char* message, int code, bool json) {
  print_message(message);
  try {
    if (json) print_json({{"error", with_our_command(message)}, {"exit_code", code}});
    flush_output();
  } catch (const std::exception&) {  // standard output is gone; the message above has said what matters
  }
  return code;
}

// A closed standard stream would give its number to the next file opened, and messages would go there. Standard input
// is opened for writing alone and standard output for reading alone, so that using them still fails.
void open_closed_streams() {
  for (int stream : {0, 1, 2})
    if (fcntl(stream, F_GETFD) == -1) static_cast<void>(::open("/dev/null", stream == 1 ? O_RDONLY : O_WRONLY));
}

void say(std::string_view text) {
  static_cast<void>(!::write(STDERR_FILENO, text.data(), text.size()));
}

// Memory can run out inside a destructor, or in a library through which no exception may pass: the process ends there,
// with the message and the exit code that it would have had. What a run has saved is whole at any moment. Any other
// error that comes here is a fault of ours, and is named too.
void end_where_nothing_catches() {
  try {
    if (std::current_exception()) throw;
  } catch (const std::bad_alloc&) {
    say("ddpg: out of memory; a smaller replay_capacity needs less\n");
    ::_exit(kFailed);
  } catch (const std::exception& error) {
    say("ddpg: ended by an error that nothing could catch: "), say(error.what()), say("\n");
  } catch (...) {
  }
  std::abort();
}

}  // namespace

}  // namespace ddpg::cli

int ddpg::program(int argc, char** argv) {
  return program(argc, argv, {});
}

int ddpg::program(int argc, char** argv, const Itself& itself) {
  using namespace cli;
  std::set_terminate(end_where_nothing_catches);
  open_closed_streams();
  std::signal(SIGXFSZ, SIG_IGN);  // a file beyond `ulimit -f` is then an error of its writer, who names it
  const bool json = wants_json(argc, argv);
  try {
    stop_with_parent();
    return run_program(argc, argv, itself);
  } catch (const Interrupted& stopped) {
    return report_failure(stopped.what(), kInterrupted, json);
  } catch (const UsageError& error) {
    return report_failure(error.what(), kWrongUse, json);
  } catch (const std::bad_alloc&) {
    return report_failure("out of memory; a smaller replay_capacity or smaller networks need less", kFailed, json);
  } catch (const std::filesystem::filesystem_error& error) {  // one that nobody put in our words
    const std::string message = shown(error.path1()) + ": " + error.code().message();
    return report_failure(message.c_str(), kFailed, json);
  } catch (const std::exception& error) {
    return report_failure(error.what(), kFailed, json);
  }
}
