// The tasks that are built in, one at a time and many at once: ddpg.NativeEnvironment.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>

#include "arrays.h"
#include "ddpg/options.h"
#include "ddpg/vector_environment.h"
#include "envs/mujoco_tasks.h"

namespace ddpg::python {
namespace {

class NativeEnvironment {
 public:
  NativeEnvironment(const std::string& name, const EnvironmentSettings& settings, int copies, std::uint64_t seed,
                    const std::string& autoreset, int threads)
      : name_(name), settings_(settings), copies_(copies), autoreset_(mode(autoreset)), threads_(threads) {
    make(seed);
  }

  void make(std::uint64_t seed) {
    if (copies_ < 1) throw UsageError("[vector environment] expected at least one copy, found none");
    VectorEnvironment::Copies made;
    for (int i = 0; i < copies_; i++) made.push_back(make_environment(name_, settings_));
    environment_.emplace(std::move(made), seed, autoreset_, threads_);
  }

  // Every copy begins an episode; with a seed all random streams begin anew.
  nb::object reset(std::optional<std::uint64_t> seed) {
    for (int copy = 0; seed && copy < copies_; copy++)
      environment_->random(copy) = RandomStream(*seed, "environment", static_cast<std::uint64_t>(copy));
    environment_->reset();
    return observations();
  }

  void reset_copy(int copy) { environment_->reset(copy); }

  void step(nb::handle actions) {
    const Numbers<float> given(actions);
    check_rows("[" + name_ + "] step", "actions", given, static_cast<std::size_t>(copies_),
               static_cast<std::size_t>(specification().action_size()));
    const nb::gil_scoped_release release;
    environment_->step(given.all());
  }

  nb::object observations() const {
    return gathered([this](int copy) { return environment_->observation(copy); });
  }
  nb::object next_observations() const {
    return gathered([this](int copy) { return environment_->next_observation(copy); });
  }

  nb::object rewards() const {
    return each<double>([this](int copy) { return environment_->result(copy).reward; });
  }
  nb::object terminated() const {
    return each<bool>([this](int copy) { return environment_->result(copy).terminated; });
  }
  nb::object truncated() const {
    return each<bool>([this](int copy) { return environment_->result(copy).truncated; });
  }
  nb::object played() const {
    return each<bool>([this](int copy) { return environment_->played(copy); });
  }

  nb::object picture(int copy, int width, int height, const std::string& camera) {
    Picture drawn{};
    drawn.width = width;
    drawn.height = height;
    environment_->environment(copy).draw(drawn, camera);
    return new_array(std::span<const std::uint8_t>(drawn.rgb),
                     {static_cast<std::size_t>(height), static_cast<std::size_t>(width), 3});
  }

  const Specification& specification() const { return environment_->specification(); }
  int copies() const { return copies_; }

 private:
  static Autoreset mode(const std::string& name) {
    if (name == "next_step") return Autoreset::next_step;
    if (name == "same_step") return Autoreset::same_step;
    if (name == "disabled") return Autoreset::disabled;
    throw UsageError("autoreset = \"" + name + "\": expected next_step, same_step or disabled");
  }

  template <class Get>
  nb::object gathered(const Get& get) const {
    const auto width = static_cast<std::size_t>(specification().observation_size),
               n = static_cast<std::size_t>(copies_);
    std::vector<double> all;
    all.reserve(n * width);
    for (int copy = 0; copy < copies_; copy++) {
      const auto one = get(copy);
      all.insert(all.end(), one.begin(), one.end());
    }
    return new_array(std::span<const double>(all), {n, width});
  }

  template <class Value, class Get>
  nb::object each(const Get& get) const {
    const auto n = static_cast<std::size_t>(copies_);
    const auto all = std::make_unique<Value[]>(n);
    for (int copy = 0; copy < copies_; copy++) all[static_cast<std::size_t>(copy)] = get(copy);
    return new_array(std::span<const Value>(all.get(), n), {n});
  }

  std::string name_;
  EnvironmentSettings settings_;
  int copies_;
  Autoreset autoreset_;
  int threads_;
  std::optional<VectorEnvironment> environment_;
};

std::string why_not(const EnvironmentEntry& entry) {
  try {
    make_environment(entry.name);
    return "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

Named listed() {
  Named found;
  for (const EnvironmentEntry& entry : environments())
    if (!entry.name.starts_with("gymnasium/")) found[nb::str(entry.name.c_str())] = entry.summary;
  return found;
}

}  // namespace

void bind_environments(nb::module_& module) {
  using namespace nb::literals;
  nb::class_<NativeEnvironment>(module, "NativeEnvironment",
                                "Copies of a built-in task, stepped together without the interpreter.")
      .def(
          "__init__",
          [](NativeEnvironment* self, const Options& options, int copies, std::uint64_t seed,
             const std::string& autoreset, int threads) {
            new (self) NativeEnvironment(options.environment, options.env, copies, seed, autoreset, threads);
          },
          "options"_a, "copies"_a = 1, "seed"_a = 0, "autoreset"_a = "next_step", "threads"_a = 1)
      .def("reset", &NativeEnvironment::reset, "seed"_a = nb::none())
      .def("reset_copy", &NativeEnvironment::reset_copy, "copy"_a)
      .def("step", &NativeEnvironment::step, "actions"_a)
      .def_prop_ro("observations", &NativeEnvironment::observations, "What to act on next, a row for each copy.")
      .def_prop_ro("next_observations", &NativeEnvironment::next_observations,
                   "What followed the actions: at the end of an episode the true last one.")
      .def_prop_ro("rewards", &NativeEnvironment::rewards)
      .def_prop_ro("terminated", &NativeEnvironment::terminated)
      .def_prop_ro("truncated", &NativeEnvironment::truncated)
      .def_prop_ro("played", &NativeEnvironment::played)
      .def("picture", &NativeEnvironment::picture, "copy"_a = 0, "width"_a = 480, "height"_a = 480, "camera"_a = "")
      .def_prop_ro("specification", &NativeEnvironment::specification)
      .def_prop_ro("copies", &NativeEnvironment::copies);
  module.def("use_mujoco_library", use_mujoco_library, "file"_a, "Where MuJoCo's library is; \"\": there is none.");
  module.def("environments", listed, "ddpg's own tasks, each with a line about it.");
  module.def(
      "why_unavailable", [](const std::string& name) { return why_not(find_environment(name)); }, "name"_a,
      "\"\": it can be made.");
}

}  // namespace ddpg::python
