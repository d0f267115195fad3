// An MPI that does not survive the death of a process: it ends all the others.
#include "group/mpi/mpi.h"

namespace ddpg {

std::vector<int> lost_ranks(MPI_Comm) {
  return {};
}

std::vector<std::string> surviving() {
  return {};
}

}  // namespace ddpg
