// The verbs of the program, one file each. Each returns the exit code, and throws UsageError or Error otherwise.
// With `common.json` a verb prints nothing to standard output but one JSON object, as the last line.
#pragma once

#include "program/arguments.h"

namespace ddpg::cli {

inline constexpr int kDone = 0, kFailed = 1, kWrongUse = 2, kInterrupted = 130;

int run(const ShowText& show, const Arguments& common);
int run(const TrainArguments& train, const Arguments& common);        // train.cpp
int run(const ResumeArguments& resume, const Arguments& common);      // resume.cpp
int run(const EvaluateArguments& evaluate, const Arguments& common);  // evaluate.cpp
int run(const VideoArguments& video, const Arguments& common);        // video.cpp
int run(const ActArguments& act, const Arguments& common);            // act.cpp
int run(const ExportArguments& exporting, const Arguments& common);   // export.cpp
int run(const EnvsArguments& envs, const Arguments& common);          // envs.cpp
int run(const PresetsArguments& presets, const Arguments& common);    // presets.cpp
int run(const BenchArguments& bench, const Arguments& common);        // bench.cpp
int run(const VersionArguments& version, const Arguments& common);    // version.cpp
int run(const RunsArguments& runs, const Arguments& common);          // runs.cpp
int run(const ReportArguments& report, const Arguments& common);      // report.cpp

}  // namespace ddpg::cli
