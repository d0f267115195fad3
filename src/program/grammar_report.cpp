// The flags of `ddpg runs` and `ddpg report`.
#include "program/grammar_report.h"

namespace ddpg::cli {

void add_runs(CLI::App& app, RunsArguments& runs) {
  app.add_option("DIR", runs.folder, "folder to look in, and in all folders below [runs]")->type_name("");
}

void add_report(CLI::App& app, ReportArguments& report) {
  app.add_option("RUN", report.runs, "folders of runs, or folders that hold them")->type_name("")->expected(0, -1);
  const auto file = [&](const char* flag, std::string& value, const char* help) {
    app.add_option(flag, value, help)->type_name("FILE")->take_last();
  };
  file("--out", report.out, "the page [report.html]; not written when only --csv or --png is asked for");
  file("--csv", report.csv, "the learning curves as a table");
  file("--png", report.png, "the learning curve as a figure for a paper");
  app.footer(
      "Runs with the same options but the seed are one configuration; several are compared. For example:\n"
      "  ddpg report runs/Pendulum-v1/default-seed*\n"
      "  ddpg report runs/Pendulum-v1 --out pendulum.html --png pendulum.png");
}

}  // namespace ddpg::cli
