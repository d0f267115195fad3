// A task that lives in Python, as the trainings of C++ see it.
#pragma once

#include <memory>
#include <string>

#include "ddpg/environment.h"
#include "module.h"
#include "vector_task.h"

namespace ddpg::python {

// What Python says of the task: how it looks, and how a copy of it is made. `make(number, settings, again)` gives two
// functions, reset(seed) and step(action), and how that copy looks where its settings may change that; number 0 is the
// copy that evaluations play. `again`: that copy is of no more use, and another one takes its place. It must live as
// long as its environments.
class PythonTask {
 public:
  // `copies` > 0: that many, stepped together; then number 1 gives the functions of VectorBridge, for all of them.
  PythonTask(Specification specification, nb::object make, int copies, const std::string& autoreset);
  ~PythonTask();

  const Specification& specification() const { return specification_; }
  std::unique_ptr<Environment> make(int number, const EnvironmentSettings& settings, bool again = false);
  // Lists its name among the tasks of this process, for train() asks for tasks by name. Which task is meant by it:
  // Current.
  void announce() const;
  // The same for a process that does nothing else, with this task for ever.
  static void register_for_good(const std::shared_ptr<PythonTask>& task);

 private:
  Specification specification_;
  PyObject* make_;
  int copies_;
  Autoreset autoreset_;
  std::shared_ptr<VectorBridge> bridge_;  // of the copies that are being made
};

// While one lives, the task that trainings of this thread mean by its name is this one.
class Current {
 public:
  explicit Current(PythonTask* task);
  ~Current();
  Current(const Current&) = delete;
  Current& operator=(const Current&) = delete;

 private:
  PythonTask* before_;
};

}  // namespace ddpg::python
