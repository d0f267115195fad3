// Training, resuming and evaluating, as the command line does them: in a run folder, with its files.
#include "ddpg/train.h"

#include <fmt/format.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/set.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <optional>

#include "envs/made_again.h"
#include "errors.h"
#include "interrupt.h"
#include "policy.h"
#include "python_task.h"
#include "record/console.h"
#include "record/metrics.h"
#include "record/run_records.h"
#include "run/run_folder.h"
#include "run/run_status.h"

namespace ddpg::python {
namespace {

nb::object number_of(double value) {
  return nb::float_(value);
}

Named row_of(const Progress& progress, const std::vector<Metric>& metrics) {
  Named row;
  for (const Metric& metric : metrics) {
    const MetricValue value = metric.value(progress);
    row[metric.name.c_str()] = std::holds_alternative<double>(value)
                                   ? number_of(std::get<double>(value))
                                   : nb::object(nb::int_(std::get<std::int64_t>(value)));
  }
  row["best"] = progress.best;
  row["warning"] = progress.warning;
  return row;
}

Named evaluation_of(const Evaluation& evaluation) {
  Named told;
  told["episodes"] = evaluation.episodes;
  told["mean_return"] = evaluation.mean_return;
  told["std_return"] = evaluation.std_return;
  told["min_return"] = evaluation.min_return;
  told["max_return"] = evaluation.max_return;
  told["mean_length"] = evaluation.mean_length;
  return told;
}

// Tells Python of a training. What a callback throws ends the training, and comes back as it was.
class Listener final : public Observer {
 public:
  Listener(nb::object progressed, nb::object stepped, std::atomic<bool>& stop)
      : progressed_(std::move(progressed)), stepped_(std::move(stepped)), shows_(!stepped_.is_none()), stop_(stop) {}

  void started(const RunStart& start) override { metrics_ = metrics_of(start); }
  void stepped(std::int64_t step) override {
    if (!shows_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < std::chrono::milliseconds(100)) return;
    shown_ = now;
    const nb::gil_scoped_acquire acquire;
    call(stepped_, nb::int_(step));
  }
  void progressed(const Progress& progress, const Policy& policy) override {
    if (progressed_.is_none()) return;
    const nb::gil_scoped_acquire acquire;
    call(progressed_, row_of(progress, metrics_), std::make_unique<SharedPolicy>(policy));
  }

 private:
  std::vector<Metric> metrics_;

  template <class... Given>
  void call(const nb::object& function, Given&&... given) {
    try {
      if (!function(std::forward<Given>(given)...).is(nb::bool_(false))) return;
      stop_ = true;
    } catch (nb::python_error& error) {
      rethrow_python_error(error);
    }
  }

  const nb::object progressed_, stepped_;
  const bool shows_;
  std::chrono::steady_clock::time_point shown_{};
  std::atomic<bool>& stop_;
};

std::function<void(std::string_view)> writer(const nb::object& write) {
  PyObject* function = write.ptr();
  return [function](std::string_view text) {
    const nb::gil_scoped_acquire acquire;
    nb::borrow(function)(nb::str(text.data(), text.size()));
  };
}

// What a training is asked for: its task where that lives in Python, its folder, what is recorded there.
struct Asked {
  Options options;
  std::shared_ptr<PythonTask> task;
  std::string run, root;  // the folder of the run; "": the next free one below `root`
  bool resumes = false, overwrites = false;
  RecordNames records;
};

RunFolder open_folder(const Asked& asked) {
  if (asked.resumes) return RunFolder::resume(asked.run);
  return asked.run.empty() ? RunFolder::next_free(asked.options, asked.root)
                           : RunFolder::at(asked.run, asked.overwrites);
}

TrainingResult train_in(const RunFolder& folder, const Asked& asked, const std::vector<Observer*>& observers,
                        const std::atomic<bool>& stop) {
  const Current current(asked.task.get());
  const std::string checkpoints = folder.checkpoints().string();
  return asked.resumes ? resume(asked.options, checkpoints, observers, &stop)
                       : train(asked.options, observers, &stop, checkpoints);
}

Named result_of(const TrainingResult& result, const RunFolder& folder, bool signalled) {
  Named told;
  told["outcome"] = outcome_name(result.summary.outcome);
  told["steps"] = result.summary.steps;
  told["updates"] = result.summary.updates;
  told["episodes"] = result.summary.episodes;
  told["seconds"] = result.summary.seconds;
  told["steps_per_second"] = result.summary.steps_per_second;
  told["before"] = evaluation_of(result.summary.before);
  told["after"] = evaluation_of(result.summary.after);
  told["best_return"] = result.summary.best_return;
  told["run"] = folder.path().string();
  told["policy"] = std::make_unique<SharedPolicy>(result.policy);
  told["signalled"] = signalled;
  return told;
}

Named run(const Asked& asked, nb::object opened, nb::object progressed, nb::object stepped, nb::object write) {
  if (asked.task) asked.task->announce();
  StopOnInterrupt interrupt;
  RunFolder folder = open_folder(asked);
  if (!opened.is_none()) opened(folder.path().string());
  Listener listener(std::move(progressed), std::move(stepped), interrupt.stop());
  std::optional<Console> console;
  ConsoleOptions shows;
  if (!write.is_none()) {
    shows.write = writer(write);
    shows.run = folder.path();
    console.emplace(shows);
  }
  const auto warn = [&console](const std::string& text) {
    if (console) console->warn(text);
  };
  const RecordNames names = asked.resumes ? records_in(folder.path()) : asked.records;
  RunRecords records(folder.path(), names, warn);
  folder.set_records(&records, names);
  folder.set_warn(warn);
  std::vector<Observer*> observers = {&folder, &listener};
  if (console) observers.push_back(&*console);

  std::optional<TrainingResult> result;
  {
    const nb::gil_scoped_release release;
    result.emplace(train_in(folder, asked, observers, interrupt.stop()));
  }
  if (result->summary.outcome == Outcome::failed) throw Error(result->summary.error);
  return result_of(*result, folder, interrupt.came());
}

Named evaluate_policy(SharedPolicy& policy, const std::string& name, const EnvironmentSettings& settings,
                      const std::shared_ptr<PythonTask>& task, int episodes, std::uint64_t seed, std::uint64_t index) {
  StopOnInterrupt interrupt;
  if (task) task->announce();
  const Current current(task.get());
  const CopyNumber of_tests(0);
  const auto environment = make_environment(name, settings);
  Policy own = policy.policy;
  Evaluation evaluation;
  {
    const nb::gil_scoped_release release;
    evaluation = evaluate(own, *environment, episodes, seed, index, &interrupt.stop());
  }
  return evaluation_of(evaluation);
}

}  // namespace

void bind_training(nb::module_& module) {
  using namespace nb::literals;
  nb::class_<PythonTask>(module, "PythonTask",
                         "A task that lives in Python: how it looks, and how copies of it are made.")
      .def(nb::init<Specification, nb::object, int, const std::string&>(), "specification"_a, "make"_a, "copies"_a = 0,
           "autoreset"_a = "same_step")
      .def_prop_ro("specification", &PythonTask::specification);
  module.def(
      "register_task",
      [](const std::shared_ptr<PythonTask>& task) {
        nb::set_leak_warnings(false);  // of what the list keeps until the process ends
        PythonTask::register_for_good(task);
      },
      "task"_a, "Lists it among the tasks of this process, for as long as that lives.");
  module.def(
      "train",
      [](const Options& options, std::shared_ptr<PythonTask> task, const std::string& run_folder,
         const std::string& root, bool resumes, bool overwrites, const std::set<std::string>& records,
         nb::object opened, nb::object progressed, nb::object stepped, nb::object write) {
        return run({options, std::move(task), run_folder, root, resumes, overwrites, records}, std::move(opened),
                   std::move(progressed), std::move(stepped), std::move(write));
      },
      "options"_a, "task"_a.none() = nb::none(), "run"_a = "", "root"_a = "runs", "resumes"_a = false,
      "overwrites"_a = false, "records"_a = std::set<std::string>(), "opened"_a = nb::none(),
      "progressed"_a = nb::none(), "stepped"_a = nb::none(), "write"_a = nb::none(),
      "Trains in a run folder, of which `opened` hears as soon as it is this training's.");
  module.def(
      "evaluate",
      [](SharedPolicy& policy, const Options& options, std::shared_ptr<PythonTask> task, int episodes,
         std::uint64_t seed, std::uint64_t index) {
        return evaluate_policy(policy, options.environment, options.env, task, episodes, seed, index);
      },
      "policy"_a, "options"_a, "task"_a.none() = nb::none(), "episodes"_a = 10, "seed"_a = 0, "index"_a = 0);
  module.def(
      "metrics",
      [] {
        Named found;
        for (const Metric& metric : metrics()) found[metric.name.c_str()] = metric.meaning;
        return found;
      },
      "The figures of a row of progress, each with its meaning.");
}

}  // namespace ddpg::python
