// In place of mpi/ where there is no MPI.
#include "ddpg/error.h"
#include "group/group.h"

namespace ddpg {

namespace {

[[noreturn]] void refuse() {
  throw UsageError(
      "[mpi] this ddpg was built without MPI. `./ddpg mpi` in its source folder gets Debian's Open MPI and builds with "
      "it; elsewhere build with -DDDPG_MPI=ON (docs/scale.md)");
}

}  // namespace

std::shared_ptr<Group> mpi_group() {
  refuse();
}

std::vector<std::string> mpi_starter() {
  refuse();
}

}  // namespace ddpg
