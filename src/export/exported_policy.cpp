#include "export/exported_policy.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <utility>
#include <vector>

#include "ddpg/error.h"
#include "export/c_header.h"
#include "export/c_text.h"
#include "export/precision.h"
#include "export/robot_policy.h"
#include "export/tensors_file.h"
#include "support/files.h"
#include "support/paths.h"
#include "support/program.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCProgram = R"(#include <stdio.h>
@include@
int main(void) {
  double observation[@NAME@_OBSERVATIONS];
  float action[@NAME@_ACTIONS];
  while (fread(observation, sizeof observation, 1, stdin) == 1) {
    @name@_act_double(observation, action);
    if (fwrite(action, sizeof action, 1, stdout) != 1 || fflush(stdout) != 0) return 1;
  }
  return 0;
}
)";

constexpr std::string_view kWrappedCProgram = R"(#include <stdio.h>
@include@
int main(void) {
  double sensors[1 + @NAME@_SENSORS];
  float action[@NAME@_ACTIONS];
  @name@_state state;
  @name@_reset(&state);
  while (fread(sensors, sizeof sensors, 1, stdin) == 1) {
    if (sensors[0] != 0) @name@_reset(&state);
    @name@_play_double(&state, sensors + 1, action);
    if (fwrite(action, sizeof action, 1, stdout) != 1 || fflush(stdout) != 0) return 1;
  }
  return 0;
}
)";

constexpr const char* kPythonProgram = R"(
import sys
try:
    import numpy as np
    import onnxruntime
except ImportError as error:
    sys.exit(f"{error}; this gets what is missing, in a virtual environment where the "
             f"system forbids it elsewhere: {sys.executable} -m pip install onnxruntime numpy")
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
size, wrapped = int(sys.argv[2]), sys.argv[3] == "wrapped"
try:
    session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
    inputs = {given.name: given for given in session.get_inputs()}
    takes = np.float64 if "double" in inputs["observation"].type else np.float32
    width = size + wrapped
    while len(data := sys.stdin.buffer.read(8 * width)) == 8 * width:
        numbers = np.frombuffer(data, dtype=np.float64).reshape(1, width)
        given = {"observation": numbers[:, width - size:].astype(takes)}
        if not wrapped:
            (action,) = session.run(["action"], given)
        else:
            if numbers[0, 0] != 0:
                state = np.zeros((1, inputs["state"].shape[1]), takes)
            action, state = session.run(["action", "next_state"], {**given, "state": state})
        sys.stdout.buffer.write(action.astype("<f4").tobytes())
        sys.stdout.buffer.flush()
except Exception as error:  # of ONNX Runtime
    sys.exit(f"{type(error).__name__}: {error}")
)";

// A folder that goes with this object.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_((folder_for_temporaries() / "ddpg-export-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) {
      throw Error(fmt::format("[export] cannot make a temporary folder {}: {}", path_, std::strerror(errno)));
    }
  }
  ~TemporaryFolder() { remove_quietly(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;

  fs::path operator/(const char* name) const { return fs::path(path_) / name; }

 private:
  std::string path_;
};

void check_started(const Program& program, const std::string& name, const std::string& advice) {
  if (program.error() == 0) return;
  throw Error(
      fmt::format("[export] cannot start the program {}: {}; {}", name, std::strerror(program.error()), advice));
}

[[noreturn]] void fail(Program& program, const std::string& what, const std::string& path) {
  const int status = program.wait();
  throw Error(
      fmt::format("[{}] {} {}. {}", path, what, Program::ending(status),
                  program.last_words().empty() ? "It said nothing." : "Its last words:\n" + program.last_words()));
}

// Asks a program: doubles there, floats back.
class ActingProgram {
 public:
  ActingProgram(const std::string& name, const std::vector<std::string>& arguments, std::string path,
                const std::string& advice, const std::atomic<bool>* stop)
      : path_(std::move(path)), program_(name, arguments, Program::Answers::yes, stop) {
    check_started(program_, name, advice);
  }

  void act(std::span<const double> observation, std::span<float> action) {
    const auto bytes = std::as_bytes(observation);
    const auto answer = std::as_writable_bytes(action);
    const bool done = program_.write({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}) &&
                      program_.read({reinterpret_cast<unsigned char*>(answer.data()), answer.size()});
    if (!done) fail(program_, "the program that runs it", path_);
  }

 private:
  std::string path_;
  Program program_;
};

ExportedPolicy acting(std::shared_ptr<ActingProgram> program, bool wrapped) {
  if (!wrapped)
    return {
        [program](std::span<const double> observation, std::span<float> action) { program->act(observation, action); }};
  const auto begins = std::make_shared<double>(1);
  const auto play = [program, begins, given = std::vector<double>()](std::span<const double> sensors,
                                                                     std::span<float> action) mutable {
    given.assign(1, std::exchange(*begins, 0));
    given.insert(given.end(), sensors.begin(), sensors.end());
    program->act(given, action);
  };
  return {play, [begins] { *begins = 1; }};
}

ExportedPolicy open_header(const std::string& path, const Policy& policy, const std::string& compiler,
                           const std::atomic<bool>* stop) {
  const std::string text = read_file(path);
  const CHeaderMark mark = read_c_header_mark(text, path);
  if (mark.observations != policy.observation_size() || mark.actions != policy.action_size()) {
    throw Error(fmt::format("[{}] expected {} observations and {} actions, found {} and {}: another policy", path,
                            policy.observation_size(), policy.action_size(), mark.observations, mark.actions));
  }
  const bool wrapped = !policy.content().wrappers.empty();
  const int sensors = wrapped ? policy.content().sensor_size() : 0;
  if (mark.sensors != sensors)
    throw Error(
        fmt::format("[{}] expected {} numbers of the robot's own observation, found {}: another policy, or the "
                    "header of an older ddpg; export it again",
                    path, sensors, mark.sensors));
  const TemporaryFolder folder;
  write_file_atomically(folder / "exported.h", text);
  write_file_atomically(folder / "main.c", c_program("exported.h", mark.name, wrapped));
  const std::string advice = "it compiles C; name another with --compiler, or install one (Debian package gcc)";
  Program compile(compiler, {"-std=c99", "-O2", "-o", (folder / "main").string(), (folder / "main.c").string()},
                  Program::Answers::no, stop);
  check_started(compile, compiler, advice);
  if (const int status = compile.wait(); status != 0) {
    throw Error(fmt::format("[{}] the compiler {} {}. Its last words:\n{}", path, compiler, Program::ending(status),
                            compile.last_words()));
  }
  const auto program =
      std::make_shared<ActingProgram>((folder / "main").string(), std::vector<std::string>{}, path, advice, stop);
  ExportedPolicy exported = acting(program, wrapped);
  exported.int8 = mark.int8;
  return exported;
}

ExportedPolicy open_onnx(const std::string& path, const Policy& policy, const std::string& python,
                         const std::atomic<bool>* stop) {
  const std::string advice =
      "it runs ONNX Runtime; install Python and then the packages onnxruntime and numpy, or name one that has them "
      "with "
      "--python";
  read_file(path);  // an error of ours where it cannot be read
  const bool wrapped = !policy.content().wrappers.empty();
  const std::vector<std::string> arguments = {
      "-c", kPythonProgram, path, std::to_string(policy.content().sensor_size()), wrapped ? "wrapped" : "plain"};
  ExportedPolicy exported = acting(std::make_shared<ActingProgram>(python, arguments, path, advice, stop), wrapped);
  exported.takes_floats = lost_in_floats(policy.content()) < 0;
  return exported;
}

ExportedPolicy open_policy(Policy opened, const Policy& policy, const std::string& path) {
  if (opened.observation_size() != policy.observation_size() || opened.action_size() != policy.action_size()) {
    throw Error(fmt::format("[{}] expected {} observations and {} actions, found {} and {}: another policy", path,
                            policy.observation_size(), policy.action_size(), opened.observation_size(),
                            opened.action_size()));
  }
  const auto shared = std::make_shared<Policy>(std::move(opened));
  return {[shared](std::span<const double> observation, std::span<float> action) { shared->act(observation, action); }};
}

// A policy file, as a robot plays it; safetensors hold the network alone.
ExportedPolicy open_robots(const Policy& opened, const Policy& policy, const std::string& path) {
  if (opened.content().wrappers != policy.content().wrappers)
    throw Error(fmt::format("[{}] expected the wrappers of the trained policy, found others: another policy", path));
  if (opened.content().wrappers.empty()) return open_policy(opened, policy, path);
  const auto robot = std::make_shared<RobotPolicy>(opened);
  return {[robot](std::span<const double> sensors, std::span<float> action) { robot->play(sensors, action); },
          [robot] { robot->reset(); }};
}

}  // namespace

std::string c_program(const std::string& header, const std::string& name, bool wrapped) {
  const std::string program(wrapped ? kWrappedCProgram : kCProgram);
  return with_name(replaced(program, "@include@", fmt::format("#include \"{}\"", header)), name);
}

ExportedPolicy open_exported(const std::string& path, const Policy& policy, const VerifyPrograms& programs,
                             const std::atomic<bool>* stop) {
  const std::string format = export_format(path);
  if (format == "c99") return open_header(path, policy, programs.compiler, stop);
  if (format == "onnx") return open_onnx(path, policy, programs.python, stop);
  if (format == "ddpg") return open_robots(Policy::load(path), policy, path);
  return open_policy(Policy(read_tensors_file(read_file(path), path)), policy, path);
}

}  // namespace ddpg
