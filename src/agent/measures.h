// What an agent measures of itself between two rows of progress. A new measure is a member of Progress, a row of the
// table in measures.cpp, and one line where it is measured: measures.add(&Progress::mean_q, q). Records and
// docs/metrics.md take it from the table.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ddpg/observer.h"
#include "support/snapshot.h"

namespace ddpg {

using Measure = double Progress::*;

enum class Averaged { mean, at_row };  // over the values since the row before; as it stands when the row is made

struct MeasureRow {
  Measure measure;
  const char* name;     // its column
  const char* tag;      // of TensorBoard's scalar
  const char* unit;     // "" for a number without
  const char* meaning;  // its definition
  Averaged averaged;
  int rewards;         // how often the unit of rewards is a factor of its unit, to convert it from normalised rewards
  const char* source;  // where it is measured, from src/
};

// In the order of the columns.
std::span<const MeasureRow> measure_table();

class Measures {
 public:
  Measures();

  // The environment's unit of rewards over that in which values are measured from now on.
  void set_unit_of_rewards(double unit) { unit_of_rewards_ = unit; }
  void add(Measure measure, double value);
  void add_without_unit(Measure measure, double value);  // of a loss whose unit is none of the rewards'
  double newest(Measure measure) const { return sums_[place(measure)].newest; }  // as it was added; 0 before the first
  double sum(Measure measure) const { return sums_[place(measure)].sum; }
  std::int64_t count(Measure measure) const { return sums_[place(measure)].count; }

  // The means in the environment's unit; what was not measured stays as it is.
  void means(Progress& progress) const;
  void clear();

  void exchange(Snapshot& snapshot);

 private:
  struct Sum {
    double sum = 0, newest = 0;
    std::int64_t count = 0;
  };

  static std::size_t place(Measure measure);
  void add_to(std::size_t place, double value, double in_units);

  double unit_of_rewards_ = 1;
  std::vector<Sum> sums_;  // as the table
};

}  // namespace ddpg
