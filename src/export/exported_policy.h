// An exported policy that acts: opened from its file, in whatever format. C headers are compiled, ONNX models run by
// ONNX Runtime in Python; each as a program of its own, that is asked observation by observation.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ddpg/export.h"
#include "run/evaluation.h"

namespace ddpg {

struct ExportedPolicy {
  Actor actor;  // where `begin` is there it takes the robot's own observation, and does the policy's wrappers
  std::function<void()> begin{};  // an episode; empty where it is the network alone
  bool int8 = false;
  bool takes_floats = false;  // it rounds an observation before it looks at it
};

// Throws Error where the file is not such a policy of `policy`'s sizes, or a program is missing or fails. When `*stop`
// becomes true it throws Interrupted, and so does the actor.
ExportedPolicy open_exported(const std::string& path, const Policy& policy, const VerifyPrograms& programs,
                             const std::atomic<bool>* stop = nullptr);

// The C program that answers each observation on standard input, as doubles, with an action on standard output. Of a
// policy that carries wrappers a number stands before each: not 0 where an episode begins.
std::string c_program(const std::string& header, const std::string& name, bool wrapped = false);

}  // namespace ddpg
