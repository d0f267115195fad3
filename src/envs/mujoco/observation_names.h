// What the numbers of a task's observation are, named after the model's joints and bodies, with their units: in the
// order in which observe() writes them.
#pragma once

#include <mujoco/mujoco.h>

#include <initializer_list>
#include <string>
#include <vector>

namespace ddpg {

class ObservationNames {
 public:
  explicit ObservationNames(const mjModel& model) : model_(model) {}

  ObservationNames& add(std::string name, std::string unit);
  /// Positions [first, first + count), or from `first` on when `count` is negative; velocities likewise. The unit goes
  /// by the joint: m, rad, m/s, rad/s; a quaternion has none.
  ObservationNames& add_positions(int first = 0, int count = -1);
  ObservationNames& add_velocities(int first = 0, int count = -1);
  /// For each degree of freedom from `first` on, a generalised force: N or N m.
  ObservationNames& add_forces(const std::string& what, int first = 0, int count = -1);
  /// For each body but the world: MuJoCo's cinert, cvel and cfrc_ext, 10, 6 and 6 numbers about the centre of mass of
  /// its tree.
  ObservationNames& add_inertias();
  ObservationNames& add_body_velocities();
  ObservationNames& add_external_forces();
  /// x, y and z of a point, m.
  ObservationNames& add_point(const std::string& name);

  std::vector<std::string> names, units;

 private:
  struct Number {  // of a body: named "BODY WHAT"
    const char* what;
    const char* unit;
  };
  ObservationNames& add_bodies(std::initializer_list<Number> numbers);

  struct Freedom {  // one number of a joint
    std::string name;
    bool angle;
  };
  std::vector<Freedom> freedoms() const;  // [nv]
  std::string name_of(mjtObj kind, int id) const;

  const mjModel& model_;
};

}  // namespace ddpg
