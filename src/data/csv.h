// A log as CSV (RFC 4180): a line with the names of the columns, then a line for each transition. docs/data.md
// describes the columns.
#pragma once

#include "data/data_file.h"
#include "data/episodes.h"

namespace ddpg {

// Throws Error naming file, line and column.
DataSummary read_csv(const DataFile& file, const Specification& specification, TakeTransition take);

}  // namespace ddpg
