// The command line as plain values: what was asked, before anything is done about it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ddpg::cli {

struct TrainArguments {
  std::string environment;  // "" when not given
  std::string preset;       // likewise
  std::string config;       // likewise, a file
  std::string run;          // likewise, a folder
  std::string from;         // likewise, the folder of the run to start from
  std::vector<std::string> data;
  // --steps, --seed, --threads and --set as option and value, in the order given, so that the last one wins
  std::vector<std::pair<std::string, std::string>> assignments;
  bool overwrite = false;
  bool quiet = false;
  std::string seeds;  // "" when not given; "10" or "3-7": an experiment
  int jobs = 0;       // 0: as many as the machine has room for
  bool tensorboard = false;
  bool json_lines = false;
};

struct ResumeArguments {
  std::string run;         // the folder of a run or of an experiment; "" when not given
  std::int64_t steps = 0;  // 0: as many as the run was to have
  int threads = 0;         // 0: as many as it had
  int jobs = 0;            // of an experiment; 0: as many as it had
  bool quiet = false;
};

struct EvaluateArguments {
  std::string target;  // a run folder or a policy file
  int episodes = 100;
  std::uint64_t seed = 0;
};

struct VideoArguments {
  std::string target;  // a run folder or a policy file
  std::string out;     // "" when not given
  std::string camera;  // likewise
  int episodes = 1;
  std::uint64_t seed = 0;
  int width = 640, height = 480;
  double frames_per_second = 0;  // 0: the task's own time
  bool overwrite = false;
};

struct ActArguments {
  std::string target;  // a run folder or a policy file
};

struct ExportArguments {
  std::string target;                 // a run folder or a policy file
  std::string out;                    // the file to write; "" when not given
  std::optional<std::string> verify;  // --verify, with the file that it named or ""
  std::string name;                   // of the names in a C header; "" when not given
  bool int8 = false;
  int opset = 0;  // 0: the lowest that will do
  bool overwrite = false;
  int episodes = 10;
  std::uint64_t seed = 0;
  std::string compiler = "cc", python = "python3";
};

struct EnvsArguments {};

struct PresetsArguments {
  std::string name;  // "": all of them side by side
};

struct BenchArguments {
  int threads = 1;
  int seconds = 1;
  std::string filter;
};

struct VersionArguments {};

struct RunsArguments {
  std::string folder;  // "" when not given
};

struct ReportArguments {
  std::vector<std::string> runs;  // folders of runs, or of folders of runs
  std::string out, csv, png;      // "" when not given
};

// Text that was asked for: --help, --version.
struct ShowText {
  std::string text;
  std::string key, value;  // with --json
};

using Verb = std::variant<ShowText, TrainArguments, ResumeArguments, EvaluateArguments, VideoArguments, ExportArguments,
                          EnvsArguments, PresetsArguments, BenchArguments, VersionArguments, RunsArguments,
                          ReportArguments, ActArguments>;

struct Arguments {
  std::string program;  // how the program was called, for the next command to type
  bool json = false;
  Verb verb;
};

// Throws UsageError naming what is wrong: an unknown verb or flag with the nearest ones, a missing value, a number that
// is none.
Arguments parse_arguments(int argc, const char* const* argv);

// Whether --json stands among the flags, whatever else is wrong with them.
bool wants_json(int argc, const char* const* argv);

}  // namespace ddpg::cli
