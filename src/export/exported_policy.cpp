#include "export/exported_policy.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>

#include "ddpg/error.h"
#include "export/c_header.h"
#include "export/c_text.h"
#include "export/precision.h"
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
size = int(sys.argv[2])
try:
    session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
    takes = np.float64 if "double" in session.get_inputs()[0].type else np.float32
    while len(data := sys.stdin.buffer.read(8 * size)) == 8 * size:
        observation = np.frombuffer(data, dtype=np.float64).reshape(1, size)
        (action,) = session.run(["action"], {"observation": observation.astype(takes)})
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

Actor acting(std::shared_ptr<ActingProgram> program) {
  return [program](std::span<const double> observation, std::span<float> action) { program->act(observation, action); };
}

ExportedPolicy open_header(const std::string& path, const Policy& policy, const std::string& compiler,
                           const std::atomic<bool>* stop) {
  const std::string text = read_file(path);
  const CHeaderMark mark = read_c_header_mark(text, path);
  if (mark.observations != policy.observation_size() || mark.actions != policy.action_size()) {
    throw Error(fmt::format("[{}] expected {} observations and {} actions, found {} and {}: another policy", path,
                            policy.observation_size(), policy.action_size(), mark.observations, mark.actions));
  }
  const TemporaryFolder folder;
  write_file_atomically(folder / "exported.h", text);
  write_file_atomically(folder / "main.c", c_program("exported.h", mark.name));
  const std::string advice = "it compiles C; name another with --compiler, or install one (Debian package gcc)";
  Program compile(compiler, {"-std=c99", "-O2", "-o", (folder / "main").string(), (folder / "main.c").string()},
                  Program::Answers::no, stop);
  check_started(compile, compiler, advice);
  if (const int status = compile.wait(); status != 0) {
    throw Error(fmt::format("[{}] the compiler {} {}. Its last words:\n{}", path, compiler, Program::ending(status),
                            compile.last_words()));
  }
  return {acting(std::make_shared<ActingProgram>((folder / "main").string(), std::vector<std::string>{}, path, advice,
                                                 stop)),
          mark.int8};
}

ExportedPolicy open_onnx(const std::string& path, const Policy& policy, const std::string& python,
                         const std::atomic<bool>* stop) {
  const std::string advice =
      "it runs ONNX Runtime; install Python and then the packages onnxruntime and numpy, or name one that has them "
      "with "
      "--python";
  read_file(path);  // an error of ours where it cannot be read
  return {acting(std::make_shared<ActingProgram>(
              python, std::vector<std::string>{"-c", kPythonProgram, path, std::to_string(policy.observation_size())},
              path, advice, stop)),
          false, lost_in_floats(policy.content()) < 0};
}

ExportedPolicy open_policy(Policy opened, const Policy& policy, const std::string& path) {
  if (opened.observation_size() != policy.observation_size() || opened.action_size() != policy.action_size()) {
    throw Error(fmt::format("[{}] expected {} observations and {} actions, found {} and {}: another policy", path,
                            policy.observation_size(), policy.action_size(), opened.observation_size(),
                            opened.action_size()));
  }
  const auto shared = std::make_shared<Policy>(std::move(opened));
  return {[shared](std::span<const double> observation, std::span<float> action) { shared->act(observation, action); },
          false};
}

}  // namespace

std::string c_program(const std::string& header, const std::string& name) {
  return with_name(replaced(std::string(kCProgram), "@include@", fmt::format("#include \"{}\"", header)), name);
}

ExportedPolicy open_exported(const std::string& path, const Policy& policy, const VerifyPrograms& programs,
                             const std::atomic<bool>* stop) {
  const std::string format = export_format(path);
  if (format == "c99") return open_header(path, policy, programs.compiler, stop);
  if (format == "onnx") return open_onnx(path, policy, programs.python, stop);
  if (format == "ddpg") return open_policy(Policy::load(path), policy, path);
  return open_policy(Policy(read_tensors_file(read_file(path), path)), policy, path);
}

}  // namespace ddpg
