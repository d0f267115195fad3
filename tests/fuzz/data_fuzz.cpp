// Any bytes as a log or a data set: they are refused with an Error, or every number of every transition can be learnt
// from.
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "ddpg/data.h"
#include "ddpg/error.h"
#include "scratch_folder.h"

namespace ddpg {
namespace {

void expect_sound(const Transition& transition) {
  bool sound = transition.observation.size() == 2 && transition.next_observation.size() == 2 &&
               transition.action.size() == 2 && std::isfinite(static_cast<float>(transition.reward));
  for (const double x : transition.observation) sound = sound && std::isfinite(static_cast<float>(x));
  for (const double x : transition.next_observation) sound = sound && std::isfinite(static_cast<float>(x));
  for (const float x : transition.action) sound = sound && std::isfinite(x);
  if (sound) return;
  std::fprintf(stderr, "data_fuzz: a transition cannot be learnt from\n");
  std::abort();
}

void try_file(const std::string& file) try {
  static const Specification specification{"a task", 2, {-1.0f, 0.0f}, {1.0f, 3.0f}, 0};
  read_transitions(file, specification, expect_sound);
} catch (const Error&) {
}

}  // namespace
}  // namespace ddpg

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const char* name : {"x.csv", "x.npz"}) ddpg::try_file(ddpg::testing::scratch_file(name, bytes).string());
  return 0;
}
