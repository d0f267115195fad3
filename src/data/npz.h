// A data set as NumPy saves it, numpy.savez() or savez_compressed(): arrays with one row for each transition, named as
// in D4RL and Minari. docs/data.md lists the names.
#pragma once

#include "data/data_file.h"
#include "data/episodes.h"

namespace ddpg {

// Throws Error naming file, array and row.
DataSummary read_npz(const DataFile& file, const Specification& specification, TakeTransition take);

}  // namespace ddpg
