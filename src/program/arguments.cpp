// The grammar of the command line, in CLI11. What is wrong with it is told in our own words: grammar_errors.cpp.
#include "program/arguments.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <functional>
#include <limits>
#include <string_view>

#include "ddpg/error.h"
#include "ddpg/version.h"
#include "options/option_value.h"
#include "program/grammar_errors.h"
#include "program/grammar_export.h"
#include "program/grammar_report.h"

namespace ddpg::cli {

namespace {

constexpr const char* kDescription =
    "ddpg trains, evaluates and keeps deterministic policies for continuous control\n"
    "(Lillicrap et al. 2015, \"Continuous control with deep reinforcement learning\").";
constexpr const char* kFooter =
    "First steps:\n  ddpg train Pendulum-v1\n  ddpg evaluate runs/Pendulum-v1/default-seed0\n\n"
    "`ddpg VERB --help` tells each verb's flags; docs/command-line.md tells everything.";
constexpr const char* kTrainFooter =
    "A config is laid over the preset, and flags over both, in their order. For example:\n"
    "  ddpg train Pendulum-v1 --seed 1 --steps 20000 --set exploration.sigma=0.2\n"
    "  ddpg train --config runs/Pendulum-v1/default-seed1/config.toml     repeats that run to the same bits";

// The number in `text`, as options read theirs: 20000, 20_000 and 2e4 are one number, 20,000 is none.
std::int64_t integer(const char* flag, const std::string& text, std::int64_t low,
                     std::int64_t high = std::numeric_limits<std::int64_t>::max()) {
  std::int64_t number = 0;
  const std::string expected = read_value(raw_from_text(text, Reading::any), number);
  if (!expected.empty()) {
    const bool commas = text.find(',') != std::string::npos;
    const bool bounded = high != std::numeric_limits<std::int64_t>::max();
    const std::string what = bounded ? fmt::format("a whole number from {} to {}", low, high) : expected;
    throw UsageError(fmt::format("{}: expected {}, found \"{}\"{}", flag, what, text,
                                 commas ? "; write it without commas: 20000, 20_000 or 2e4" : ""));
  }
  if (number < low || number > high) {
    throw UsageError(high == std::numeric_limits<std::int64_t>::max()
                         ? fmt::format("{}: expected a number of at least {}, found {}", flag, low, text)
                         : fmt::format("{}: expected a number from {} to {}, found {}", flag, low, high, text));
  }
  return number;
}

double real(const char* flag, const std::string& text, double low, double high) {
  double number = 0;
  const std::string expected = read_value(raw_from_text(text, Reading::any), number);
  if (expected.empty() && number >= low && number <= high) return number;
  throw UsageError(fmt::format("{}: expected a number from {} to {}, found \"{}\"", flag, low, high, text));
}

// Calls `then` with each value of the flag, in the order of the command line.
CLI::Option* each_value(CLI::App& app, const char* flag, const std::function<void(const std::string&)>& then,
                        const char* help) {
  return app.add_option_function<std::string>(flag, then, help)->trigger_on_parse()->allow_extra_args(false);
}

void add_flag(CLI::App& app, const char* flag, bool& value, const char* help) {
  app.add_flag(flag, value, help)->disable_flag_override();  // --json=no is refused
}

void add_jobs(CLI::App& app, int& jobs, const char* help) {
  const auto read = [&jobs](const std::string& text) { jobs = static_cast<int>(integer("--jobs", text, 1, 1'000)); };
  each_value(app, "--jobs", read, help)->type_name("N");
}

void add_train(CLI::App& app, TrainArguments& train) {
  app.add_option("ENV", train.environment, "environment to train on; `ddpg envs` lists them")->type_name("");
  app.add_option("--preset", train.preset, "set of options to start from; `ddpg presets` lists them")
      ->type_name("NAME");
  app.add_option("--config", train.config, "options from a TOML file, laid over the preset")->type_name("FILE");
  app.add_option("--run", train.run, "folder of the run [runs/ENV/PRESET-seedN]")->type_name("DIR");
  const auto assign = [&](const char* flag, const char* key, std::int64_t low, std::int64_t high, const char* help) {
    const auto then = [&train, flag, key, low, high](const std::string& text) {
      train.assignments.emplace_back(key, std::to_string(integer(flag, text, low, high)));
    };
    each_value(app, flag, then, help)->type_name("N");
  };
  constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();
  assign("--steps", "steps", 1, kNoLimit, "environment steps [the environment's own number]");
  assign("--seed", "seed", 0, kNoLimit, "root of all randomness [0]");
  assign("--threads", "threads", 1, 256, "threads of computation; no result depends on it [1]");
  assign("--envs", "environments", 1, 4096, "copies of the environment that are stepped together [1]");
  app.add_flag_callback(
         "--overlap", [&train] { train.assignments.emplace_back("overlap", "true"); },
         "do the updates while the environments step, with weights one round older")
      ->trigger_on_parse()
      ->disable_flag_override();
  const auto set = [&train](const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UsageError(fmt::format("--set: expected KEY=VALUE, such as exploration.sigma=0.2, found \"{}\"", text));
    }
    train.assignments.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  };
  each_value(app, "--set", set, "set one option; may be repeated, the last one wins")->type_name("KEY=VALUE");
  each_value(
      app, "--data", [&train](const std::string& file) { train.data.push_back(file); },
      "store the transitions of a log (.csv), a data set (.npz) or a run before the first step; may be repeated")
      ->type_name("FILE|RUN");
  app.add_option("--from", train.from, "start from what another run has learnt, with its options where none are named")
      ->type_name("RUN");
  app.add_flag_callback(
         "--keep-replay", [&train] { train.assignments.emplace_back("keep_replay", "true"); },
         "with --from: take its transitions too")
      ->trigger_on_parse()
      ->disable_flag_override();
  add_flag(app, "--overwrite", train.overwrite, "replace the run in the folder given by --run");
  add_flag(app, "--quiet", train.quiet, "no progress on standard error, only errors");
  app.add_option("--seeds", train.seeds,
                 "train several seeds as one experiment: how many from --seed on, or such as 3-7")
      ->type_name("N|A-B");
  add_jobs(app, train.jobs, "seeds trained at a time [as many as there are processors and memory for]");
  add_flag(app, "--tensorboard", train.tensorboard, "record for TensorBoard too, in the run folder");
  add_flag(app, "--jsonl", train.json_lines, "record as JSON lines too, in progress.jsonl");
  app.footer(kTrainFooter);
}

void add_resume(CLI::App& app, ResumeArguments& resume) {
  app.add_option("RUN", resume.run, "folder of the run, or of the experiment")->type_name("");
  const auto steps = [&](const std::string& text) { resume.steps = integer("--steps", text, 1); };
  const auto threads = [&](const std::string& text) {
    resume.threads = static_cast<int>(integer("--threads", text, 1, 256));
  };
  each_value(app, "--steps", steps, "environment steps in all, to train for longer [as many as the run was to have]")
      ->type_name("N");
  each_value(app, "--threads", threads, "threads of computation; no result depends on it [as before]")->type_name("N");
  add_jobs(app, resume.jobs, "seeds of an experiment trained at a time [as before]");
  add_flag(app, "--quiet", resume.quiet, "no progress on standard error, only errors");
}

void add_evaluate(CLI::App& app, EvaluateArguments& evaluate) {
  app.add_option("RUN|POLICY", evaluate.target, "folder of a run, or a policy file")->type_name("");
  const auto episodes = [&](const std::string& text) {
    evaluate.episodes = static_cast<int>(integer("--episodes", text, 1, 1'000'000'000));
  };
  const auto seed = [&](const std::string& text) {
    evaluate.seed = static_cast<std::uint64_t>(integer("--seed", text, 0));
  };
  each_value(app, "--episodes", episodes, "episodes to play [100]")->type_name("N");
  each_value(app, "--seed", seed, "decides the starting states [0]")->type_name("N");
}

void add_act(CLI::App& app, ActArguments& act) {
  app.add_option("RUN|POLICY", act.target, "folder of a run, or a policy file")->type_name("");
  app.footer(
      "Reads one observation a line from standard input, numbers or a JSON array, and answers each line with one:\n"
      "  echo 1 0 0.5 | ddpg act runs/Pendulum-v1/default-seed0\n"
      "  echo [1, 0, 0.5] | ddpg act runs/Pendulum-v1/default-seed0");
}

// "640x480"
void read_size(const std::string& text, VideoArguments& video) {
  const std::size_t cross = text.find('x');
  if (cross == std::string::npos) {
    throw UsageError(fmt::format("--size: expected WIDTHxHEIGHT in pixels, such as 640x480, found \"{}\"", text));
  }
  constexpr std::int64_t kLargestSide = 16'384;
  video.width = static_cast<int>(integer("--size, width", text.substr(0, cross), 1, kLargestSide));
  video.height = static_cast<int>(integer("--size, height", text.substr(cross + 1), 1, kLargestSide));
}

void add_video(CLI::App& app, VideoArguments& video) {
  app.add_option("RUN|POLICY", video.target, "folder of a run, or a policy file")->type_name("");
  app.add_option("--out", video.out,
                 "file to write: .mp4, .mkv, .webm or .gif; without an ending a folder of PNG frames")
      ->type_name("FILE");
  const auto episodes = [&](const std::string& text) {
    video.episodes = static_cast<int>(integer("--episodes", text, 1, 1'000'000));
  };
  const auto seed = [&](const std::string& text) {
    video.seed = static_cast<std::uint64_t>(integer("--seed", text, 0));
  };
  const auto rate = [&](const std::string& text) { video.frames_per_second = real("--fps", text, 0.01, 1000); };
  each_value(app, "--episodes", episodes, "episodes to show, one after the other [1]")->type_name("N");
  each_value(app, "--seed", seed, "decides the starting states, as for evaluate [0]")->type_name("N");
  app.add_option("--camera", video.camera, "from where to look; an unknown name lists those there are")
      ->type_name("NAME");
  each_value(
      app, "--size", [&](const std::string& text) { read_size(text, video); }, "of the picture in pixels [640x480]")
      ->type_name("WxH");
  each_value(app, "--fps", rate, "frames, that is steps, shown in a second [as many as the task's own time has]")
      ->type_name("N");
  add_flag(app, "--overwrite", video.overwrite, "replace the video that is there");
}

void add_bench(CLI::App& app, BenchArguments& bench) {
  const auto threads = [&](const std::string& text) {
    bench.threads = static_cast<int>(integer("--threads", text, 1, 256));
  };
  each_value(app, "--threads", threads, "threads of computation [1]")->type_name("N");
  const auto seconds = [&](const std::string& text) {
    bench.seconds = static_cast<int>(integer("--seconds", text, 1, 3'600));
  };
  each_value(app, "--seconds", seconds, "of measuring, for each benchmark, 1 to 3600 [1]")->type_name("N");
  app.add_option("--filter", bench.filter, "only benchmarks whose name contains this")->type_name("TEXT");
}

// All verbs, and where their arguments go. CLI11 keeps pointers into it, so it is built in place and stays there.
struct Grammar {
  CLI::App app{kDescription, "ddpg"};
  bool json = false;
  TrainArguments train;
  ResumeArguments resume;
  EvaluateArguments evaluate;
  ActArguments act;
  VideoArguments video;
  ExportArguments exporting;
  PresetsArguments presets;
  BenchArguments bench;
  RunsArguments runs;
  ReportArguments report;

  Grammar() {
    app.footer(kFooter);
    app.get_formatter()->label("SUBCOMMAND", "VERB");
    app.get_formatter()->label("Subcommands", "Verbs");
    app.get_formatter()->label("OPTIONS", "FLAGS");
    app.get_formatter()->label("Options", "Flags");
    app.require_subcommand(0, 1);  // after the verb, a name that is also one, such as the folder `runs`, is an argument
    app.allow_extras();            // inherited by the verbs; refuse_leftovers() tells what is wrong
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    app.set_version_flag("--version", fmt::format("ddpg {}", kVersion), "show the version");
    add_train(verb("train", "train a policy and keep it in a run folder"), train);
    add_resume(verb("resume", "go on with a run or an experiment, whatever ended it"), resume);
    add_evaluate(verb("evaluate", "play test episodes with a trained policy"), evaluate);
    add_act(verb("act", "answer observations on standard input with actions"), act);
    add_video(verb("video", "record episodes of a trained policy as a video"), video);
    add_runs(verb("runs", "list the runs below a folder, how far they came and how well they did"), runs);
    add_report(verb("report", "show what runs learnt: one page with curves, comparisons and an episode"), report);
    add_export(verb("export", "write a trained policy for other programs: a C header, ONNX, safetensors"), exporting,
               integer);
    verb("envs", "list the environments");
    CLI::App& named = verb("presets", "list the presets side by side, or print the file of one");
    named.add_option("NAME", presets.name, "the preset to print")->type_name("");
    add_bench(verb("bench", "measure the speed on this machine"), bench);
    verb("version", "tell the version, the compiler and the machine");
  }
  Grammar(const Grammar&) = delete;

  CLI::App& verb(const char* name, const char* help) {
    CLI::App& added = *app.add_subcommand(name, help);
    added.footer("");
    add_flag(added, "--json", json, "one JSON object as the last line of standard output");
    return added;
  }

  Verb chosen() const {
    if (app.got_subcommand("train")) return train;
    if (app.got_subcommand("resume")) return resume;
    if (app.got_subcommand("evaluate")) return evaluate;
    if (app.got_subcommand("act")) return act;
    if (app.got_subcommand("video")) return video;
    if (app.got_subcommand("runs")) return runs;
    if (app.got_subcommand("report")) return report;
    if (app.got_subcommand("export")) return exporting;
    if (app.got_subcommand("envs")) return EnvsArguments{};
    if (app.got_subcommand("presets")) return presets;
    if (app.got_subcommand("bench")) return bench;
    if (app.got_subcommand("version")) return VersionArguments{};
    std::string names;
    for (const std::string& name : verb_names(app)) names += (names.empty() ? "" : ", ") + name;
    throw UsageError(fmt::format("which verb? One of {}. See `ddpg --help`.", names));
  }
};

}  // namespace

Arguments parse_arguments(int argc, const char* const* argv) {
  Grammar grammar;
  Arguments arguments{argc > 0 ? argv[0] : "ddpg", wants_json(argc, argv), ShowText{}};
  check_words(grammar.app, std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
  try {
    grammar.app.parse(argc, argv);
  } catch (const CLI::CallForVersion&) {
    arguments.verb = ShowText{fmt::format("ddpg {}\n", kVersion), "version", kVersion};
    return arguments;
  } catch (const CLI::Success&) {
    arguments.verb = ShowText{grammar.app.help(), "help", grammar.app.help()};
    return arguments;
  } catch (const CLI::ParseError& error) {
    throw UsageError(in_our_words(error) + ". See `ddpg --help`.");
  }
  for (const CLI::App* verb : grammar.app.get_subcommands()) refuse_leftovers(*verb);
  refuse_leftovers(grammar.app);
  arguments.json = grammar.json;
  arguments.verb = grammar.chosen();
  return arguments;
}

bool wants_json(int argc, const char* const* argv) {
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; i++) {
    if (std::string_view(argv[i]) == "--json") return true;
  }
  return false;
}

}  // namespace ddpg::cli
