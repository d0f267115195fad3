// Who is lost, by ULFM (User Level Failure Mitigation, in Open MPI 5 under `mpirun --with-ft ulfm`).
#include "group/mpi/mpi.h"

#include <mpi-ext.h>

#include <numeric>

namespace ddpg {

std::vector<int> lost_ranks(MPI_Comm communicator) {
  MPI_Group failed = MPI_GROUP_NULL, all = MPI_GROUP_NULL;
  if (MPIX_Comm_get_failed(communicator, &failed) != MPI_SUCCESS) return {};
  MPI_Comm_group(communicator, &all);
  int count = 0;
  MPI_Group_size(failed, &count);
  std::vector<int> of_failed(static_cast<std::size_t>(count)), ranks(of_failed.size());
  std::iota(of_failed.begin(), of_failed.end(), 0);
  MPI_Group_translate_ranks(failed, count, of_failed.data(), all, ranks.data());
  MPI_Group_free(&failed);
  MPI_Group_free(&all);
  return ranks;
}

std::vector<std::string> surviving() {
  return {"--with-ft", "ulfm"};
}

}  // namespace ddpg
