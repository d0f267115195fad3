#include "program/verbs.h"

#include <filesystem>

#include "support/shown.h"

namespace ddpg::cli {

// each in the file of its name
Run add_train(Flags&), add_resume(Flags&), add_sweep(Flags&), add_evaluate(Flags&), add_act(Flags&), add_video(Flags&),
    add_runs(Flags&), add_report(Flags&), add_export(Flags&), add_envs(Flags&), add_presets(Flags&), add_bench(Flags&),
    add_version(Flags&), add_launch(Flags&);

std::string Common::command() const {
  std::string text = typed(program);
  for (const std::string& plugin : plugins) text += " --load " + typed(plugin);
  return text;
}

std::vector<std::string> Common::first_words() const {
  std::vector<std::string> words = itself.first;
  for (const std::string& plugin : plugins)
    words.insert(words.end(), {"--load", std::filesystem::absolute(plugin).string()});
  return words;
}

std::span<const Verb> verbs() {
  static constexpr Verb kVerbs[] = {
      {"train", "train a policy and keep it in a run folder", add_train},
      {"resume", "continue a run or an experiment, whatever ended it", add_resume},
      {"sweep", "train many configurations as one experiment: a grid, or drawn at random", add_sweep},
      {"launch", "start the processes of a job that trains, and again when they die", add_launch},
      {"evaluate", "play test episodes with a trained policy", add_evaluate},
      {"act", "answer observations on standard input with actions", add_act},
      {"video", "record episodes of a trained policy as a video", add_video},
      {"runs", "list the runs below a folder, how far they came and how well they did", add_runs},
      {"report", "show what runs learnt: one page with curves, comparisons and an episode", add_report},
      {"export", "write a trained policy for other programs: a C header, ONNX, safetensors", add_export},
      {"envs", "list the environments", add_envs},
      {"presets", "list the presets side by side, or print the file of one", add_presets},
      {"bench", "measure the speed on this machine", add_bench},
      {"version", "show the version, the compiler and the machine", add_version},
  };
  return kVerbs;
}

}  // namespace ddpg::cli
