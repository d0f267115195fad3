# MPI, where it is asked for (DDPG_MPI): what src/group/mpi is compiled and linked with. MPI_CXX_COMPILER names another than is found first.
find_package(MPI COMPONENTS CXX)
if(NOT MPI_CXX_FOUND)
  message(FATAL_ERROR "DDPG_MPI=ON: no MPI was found. On Debian `apt-get install libopenmpi-dev openmpi-bin` gets it; -DMPI_CXX_COMPILER=FILE names the mpicxx of another. Or leave DDPG_MPI off")
endif()

# What starts jobs lies beside that compiler: a process belongs to no job of another MPI.
get_filename_component(ddpg_mpi_programs ${MPI_CXX_COMPILER} DIRECTORY)
find_program(DDPG_MPIRUN NAMES mpirun mpiexec HINTS ${ddpg_mpi_programs} REQUIRED)

# A death that the others survive (ULFM) is there since Open MPI 5.
include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_LIBRARIES MPI::MPI_CXX)
check_cxx_source_compiles("#include <mpi.h>\n#include <mpi-ext.h>\nint main() { MPI_Group g; return MPIX_Comm_get_failed(MPI_COMM_WORLD, &g); }" DDPG_HAS_ULFM)
unset(CMAKE_REQUIRED_LIBRARIES)
if(DDPG_HAS_ULFM)
  list(FILTER sources EXCLUDE REGEX "/group/mpi/failures_none.cpp$")
else()
  list(FILTER sources EXCLUDE REGEX "/group/mpi/failures_ulfm.cpp$")
endif()

# The headers are seen by src/group/mpi alone: with any MPI, and without, all else is compiled to the same.
function(ddpg_use_mpi library)
  set(of_mpi ${sources})
  list(FILTER of_mpi INCLUDE REGEX "/group/mpi/")
  set(seen "")
  foreach(folder ${MPI_CXX_INCLUDE_DIRS})
    list(APPEND seen -isystem ${folder})
  endforeach()
  set_source_files_properties(${of_mpi} PROPERTIES COMPILE_OPTIONS "${seen}" SKIP_UNITY_BUILD_INCLUSION ON
                              COMPILE_DEFINITIONS "DDPG_MPIRUN=\"${DDPG_MPIRUN}\"")
  target_link_libraries(${library} PRIVATE $<BUILD_INTERFACE:$<LINK_ONLY:MPI::MPI_CXX>> $<INSTALL_INTERFACE:${MPI_CXX_LIBRARIES}>)
endfunction()
