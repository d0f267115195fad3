// MPI's C functions, without the C++ ones that it has given up, and what an MPI that survives the death of a process
// (ULFM, in Open MPI 5) adds to them.
#pragma once

#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include <string>
#include <vector>

namespace ddpg {

// The ranks that are known to be lost (failures_ulfm.cpp). Always none where one death ends the whole job
// (failures_none.cpp).
std::vector<int> lost_ranks(MPI_Comm communicator);
// What `mpirun` must be told, so that it lets the others live.
std::vector<std::string> surviving();

}  // namespace ddpg
