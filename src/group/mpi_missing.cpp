// In place of mpi/ where there is no MPI.
#include "ddpg/error.h"
#include "group/group.h"

namespace ddpg {

std::shared_ptr<Group> mpi_group() {
  throw UsageError(
      "--actors mpi: this ddpg was built without MPI. On Debian `apt-get install libopenmpi-dev openmpi-bin` gets it; "
      "then build again with -DDDPG_MPI=ON (docs/scale.md)");
}

}  // namespace ddpg
