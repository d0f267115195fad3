#include "envs/mujoco/observation_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace ddpg {
namespace {

constexpr std::array kAxes = {"x", "y", "z"};
constexpr std::array kQuaternion = {"w", "x", "y", "z"};

// [first, first + count) of a list, to its end where count is negative, as far as it goes
std::pair<std::size_t, std::size_t> range(int first, int count, std::size_t size) {
  const auto begin = std::min(static_cast<std::size_t>(first), size);
  return {begin, count < 0 ? size : std::min(begin + static_cast<std::size_t>(count), size)};
}

}  // namespace

std::string ObservationNames::name_of(mjtObj kind, int id) const {
  const char* name = mj_id2name(&model_, kind, id);
  if (name != nullptr && *name != '\0') return name;
  return fmt::format("{} {}", kind == mjOBJ_JOINT ? "joint" : "body", id);
}

ObservationNames& ObservationNames::add(std::string name, std::string unit) {
  names.push_back(std::move(name));
  units.push_back(std::move(unit));
  return *this;
}

ObservationNames& ObservationNames::add_positions(int first, int count) {
  std::vector<std::pair<std::string, const char*>> all;
  for (int joint = 0; joint < model_.njnt; joint++) {
    const std::string name = name_of(mjOBJ_JOINT, joint);
    const int type = model_.jnt_type[joint];
    if (type == mjJNT_SLIDE) all.emplace_back(name, "m");
    if (type == mjJNT_HINGE) all.emplace_back(name, "rad");
    if (type == mjJNT_FREE)
      for (const char* axis : kAxes) all.emplace_back(fmt::format("{} {}", name, axis), "m");
    if (type == mjJNT_FREE || type == mjJNT_BALL)
      for (const char* part : kQuaternion) all.emplace_back(fmt::format("{} quaternion {}", name, part), "");
  }
  const auto [begin, end] = range(first, count, all.size());
  for (std::size_t i = begin; i < end; i++) add(all[i].first, all[i].second);
  return *this;
}

std::vector<ObservationNames::Freedom> ObservationNames::freedoms() const {
  std::vector<Freedom> all;
  for (int joint = 0; joint < model_.njnt; joint++) {
    const std::string name = name_of(mjOBJ_JOINT, joint);
    const int type = model_.jnt_type[joint];
    if (type == mjJNT_SLIDE || type == mjJNT_HINGE) all.push_back({name, type == mjJNT_HINGE});
    if (type == mjJNT_FREE)
      for (const char* axis : kAxes) all.push_back({fmt::format("{} {}", name, axis), false});
    if (type == mjJNT_FREE || type == mjJNT_BALL)
      for (const char* axis : kAxes) all.push_back({fmt::format("{} about {}", name, axis), true});
  }
  return all;
}

ObservationNames& ObservationNames::add_velocities(int first, int count) {
  const std::vector<Freedom> all = freedoms();
  const auto [begin, end] = range(first, count, all.size());
  for (std::size_t i = begin; i < end; i++) add(all[i].name + " velocity", all[i].angle ? "rad/s" : "m/s");
  return *this;
}

ObservationNames& ObservationNames::add_forces(const std::string& what, int first, int count) {
  const std::vector<Freedom> all = freedoms();
  const auto [begin, end] = range(first, count, all.size());
  for (std::size_t i = begin; i < end; i++) add(fmt::format("{} {}", all[i].name, what), all[i].angle ? "N m" : "N");
  return *this;
}

ObservationNames& ObservationNames::add_bodies(std::initializer_list<Number> numbers) {
  for (int body = 1; body < model_.nbody; body++)
    for (const Number& number : numbers) add(fmt::format("{} {}", name_of(mjOBJ_BODY, body), number.what), number.unit);
  return *this;
}

ObservationNames& ObservationNames::add_inertias() {
  return add_bodies({{"inertia xx", "kg m2"},
                     {"inertia yy", "kg m2"},
                     {"inertia zz", "kg m2"},
                     {"inertia xy", "kg m2"},
                     {"inertia xz", "kg m2"},
                     {"inertia yz", "kg m2"},
                     {"mass times offset x", "kg m"},
                     {"mass times offset y", "kg m"},
                     {"mass times offset z", "kg m"},
                     {"mass", "kg"}});
}

ObservationNames& ObservationNames::add_body_velocities() {
  return add_bodies({{"angular velocity x", "rad/s"},
                     {"angular velocity y", "rad/s"},
                     {"angular velocity z", "rad/s"},
                     {"velocity x", "m/s"},
                     {"velocity y", "m/s"},
                     {"velocity z", "m/s"}});
}

ObservationNames& ObservationNames::add_external_forces() {
  return add_bodies({{"external torque x", "N m"},
                     {"external torque y", "N m"},
                     {"external torque z", "N m"},
                     {"external force x", "N"},
                     {"external force y", "N"},
                     {"external force z", "N"}});
}

ObservationNames& ObservationNames::add_point(const std::string& name) {
  for (const char* axis : kAxes) add(fmt::format("{} {}", name, axis), "m");
  return *this;
}

}  // namespace ddpg
