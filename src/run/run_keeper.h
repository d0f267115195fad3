// What keeps a run is given more than an observer: what the run folder holds beside the progress.
#pragma once

#include "ddpg/policy.h"
#include "run/task_record.h"

namespace ddpg {

class RunKeeper {
 public:
  virtual ~RunKeeper() = default;
  // Before Observer::started(). `best`: of the best evaluation before the checkpoint; null where there was none.
  virtual void keeps(const TaskRecord& task, const Policy* best) = 0;
};

}  // namespace ddpg
