#!/usr/bin/env bash
# Tests ./ddpg itself, against a stand-in project of one file: quick, offline, without touching what is installed.
# The real thing on a bare Debian is tests/bare_debian.sh.
# shellcheck disable=SC2016  # `all` evaluates what it is given
set -uo pipefail
# shellcheck source=tests/front_door_stand_in.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/front_door_stand_in.sh"

# --- starting -------------------------------------------------------------------------------------------------------------
make_project
cd / || exit 1
run "$project/ddpg" first
check "the first start builds and runs, from another folder, with a space in the path" all 'is 0' 'prints first' 'says configuring'

run "$project/ddpg" second
check "the second start says nothing of its own" all 'is 0' 'prints second' silent
TIMEFORMAT='%U %S'
seconds=$({ time run "$project/ddpg" timed; } 2>&1)
check "a start takes under a second of the processor ($seconds)" bash -c '[[ $1 =~ ^0[.][0-9]+\ 0[.][0-9]+$ ]]' bash "$seconds"

ln -s -- "$project/ddpg" "$work/link"
run "$work/link" linked
check "a symbolic link to it works" all 'is 0' 'prints linked' silent
for posix in POSIXLY_CORRECT=1 SHELLOPTS=posix; do
  run timeout 60 env "$posix" "$project/ddpg" posix
  check "$posix keeps it from nothing" all 'is 0' 'prints posix' silent
done
run timeout 60 sh "$project/ddpg" posix
check "nor does another shell" all 'is 0' 'prints posix' silent
run bash -c "cd '$project' && bash ddpg"
check "alone it asks the program for its help" all 'is 0' 'prints --help'
run "$project/ddpg" exit
check "the exit code is the program's" all 'is 42' 'prints exit'
run "$project/ddpg" interrupt
check "a signal reaches the program" is 130

# --- building -------------------------------------------------------------------------------------------------------------
sed -i 's/argv\[1\]);/"changed");/' "$project/main.cpp"
run "$project/ddpg" version
check "a changed source is built again" all 'is 0' 'prints changed' 'says building'

sed -i 's/"changed");/argv[1]);/; s/return 42;/return 42/' "$project/main.cpp"
run "$project/ddpg" broken
check "a compile error is shown, and nothing runs" all 'is 1' 'prints ""' 'says "error: expected"' 'says build/release.log'
sed -i 's/return 42/return 42;/' "$project/main.cpp"
run "$project/ddpg" mended
check "once mended it runs again" all 'is 0' 'prints mended'

make_project
echo 'message(FATAL_ERROR "no such thing")' >>"$project/CMakeLists.txt"
run "$project/ddpg" broken
check "a failed configuration is shown" all 'is 1' 'prints ""' 'says "no such thing"' 'says build/release.log'
sed -i '$d' "$project/CMakeLists.txt"
run "$project/ddpg" mended
check "it does not spoil the next start" all 'is 0' 'prints mended'

mv -- "$project" "$work/moved"
run "$work/moved/ddpg" moved
check "a folder that was moved is configured anew" all 'is 0' 'prints moved' 'says configuring'

make_project
"$project/ddpg" one >"$work/one" 2>&1 &
"$project/ddpg" two >"$work/two" 2>&1 &
wait
run tail -qn1 "$work/one" "$work/two"
check "two first starts at once both run" prints $'one\ntwo'

run "$project/ddpg" test -R passes
check "test runs ctest with the arguments given" all 'is 0' 'grep -q "100% tests passed" "$work/out"'
run "$project/ddpg" test
check "a failing test makes test fail" all '! is 0' 'grep -q "1 tests failed" "$work/out"'

# --- MuJoCo ---------------------------------------------------------------------------------------------------------------
make_project
mkdir -p -- "$project/cmake/mujoco"
echo 1 >"$project/cmake/mujoco/requirements.txt"
cat >"$project/cmake/mujoco/fetch" <<'FETCH'
#!/usr/bin/env bash
[[ ! -e ${0%/*}/offline ]] || { echo "no network"; exit 1; }
mkdir -p -- "$1"
cp -- "${0%/*}/requirements.txt" "$1"
FETCH
chmod +x "$project/cmake/mujoco/fetch"
run "$project/ddpg" train Pendulum-v1
check "a task that does not need MuJoCo does not fetch it" all 'is 0' '! says fetching' '[[ ! -e $project/build/mujoco ]]'
touch "$project/cmake/mujoco/offline"
run "$project/ddpg" train HalfCheetah-v5
check "where it cannot be fetched that is said, and nothing runs" all 'is 1' 'prints ""' 'says "no network"' 'says "could not be fetched"'
for verb in version "report runs/HalfCheetah-v5" "runs HalfCheetah-v5" "act HalfCheetah-v5/policy.ddpg" "train HalfCheetah-v5 --help" "--load a.so runs HalfCheetah-v5"; do
  # shellcheck disable=SC2086
  run "$project/ddpg" $verb
  check "everything else goes on: $verb" all 'is 0' "prints ${verb%% *}" silent
done
for load in "--load a.so" --load=a.so; do
  # shellcheck disable=SC2086
  run "$project/ddpg" $load train HalfCheetah-v5
  check "what is loaded before the verb changes nothing of it: $load" all 'is 1' 'prints ""' 'says "no network"'
done
run "$project/ddpg" train Pendulum-v1 --run runs/like-HalfCheetah-v5
check "so does what only looks like such a task" all 'is 0' 'prints train' 'says "no network"'
run "$project/ddpg" export runs/HalfCheetah-v5/default-seed0
check "so does what can do without its task" all 'is 0' 'prints export' 'says "no network"'
run "$project/ddpg" test -R passes
check "so do the tests, which say that some do not run" all 'is 0' 'says "do NOT run"' 'grep -q "100% tests passed" "$work/out"'
rm -- "$project/cmake/mujoco/offline"
run "$project/ddpg" train HalfCheetah-v5
check "a task that needs it fetches it, and configures anew" all 'is 0' 'prints train' 'says "fetching MuJoCo"' 'says configuring'
run "$project/ddpg" evaluate runs/HalfCheetah-v5/default-seed0
check "once" all 'is 0' 'prints evaluate' silent
echo 2 >"$project/cmake/mujoco/requirements.txt"
run "$project/ddpg" mujoco
check "another version is fetched" all 'is 0' 'prints ""' 'says "fetching MuJoCo from the Python package index into build/mujoco; then ddpg is built with it"' 'says "MuJoCo is built in"'
run "$project/ddpg" mujoco now
check "mujoco takes no arguments" all 'is 2' 'says "usage: ./ddpg mujoco"'
MUJOCO_DIR=$work run "$project/ddpg" version
check "another MUJOCO_DIR configures anew" all 'is 0' 'says configuring'
rm -rf -- "$project/build/mujoco"
MUJOCO_DIR=$work run "$project/ddpg" train Ant-v5
check "with MUJOCO_DIR nothing is fetched" all 'is 0' 'prints train' '! says fetching'

# --- MPI ------------------------------------------------------------------------------------------------------------------
make_project
mkdir -- "$work/with_mpi"
for tool in mpicxx mpirun; do printf '#!/bin/sh\n' >"$work/with_mpi/$tool"; done
chmod +x "$work"/with_mpi/*
run env PATH="$work/with_mpi:$PATH" "$project/ddpg" mpi now
check "mpi takes no arguments" all 'is 2' 'says "usage: ./ddpg mpi"'
echo 'if(DDPG_MPI)
message(FATAL_ERROR "no MPI that can be used")
endif()' >>"$project/CMakeLists.txt"
run "$project/ddpg" version
run env PATH="$work/with_mpi:$PATH" "$project/ddpg" mpi
check "an MPI that cannot be used is named" all 'is 1' 'says "no MPI that can be used"' '! says "is built in"'
run "$project/ddpg" version
check "and stands in no other's way" all 'is 0' 'prints version' '[[ ! -e $project/build/mpi ]]'
make_project
run "$project/ddpg" version
run env PATH="$work/with_mpi:$PATH" "$project/ddpg" mpi
check "mpi configures anew, with it" all 'is 0' 'prints ""' 'says configuring' 'says "MPI is built in"' \
  'grep -q "^DDPG_MPI:.*=ON" "$project/build/release/CMakeCache.txt"'
run "$project/ddpg" version
check "once" all 'is 0' 'prints version' silent
rm -- "$project/build/release/CMakeCache.txt"
run "$project/ddpg" version
check "and builds with it from then on" all 'is 0' 'prints version' 'grep -q "^DDPG_MPI:.*=ON" "$project/build/release/CMakeCache.txt"'

# --- ONNX Runtime ---------------------------------------------------------------------------------------------------------
mkdir -p -- "$project/cmake/onnx" "$work/no_onnxruntime"
echo 1 >"$project/cmake/onnx/requirements.txt"
cat >"$project/cmake/python_packages" <<'FETCH'
#!/usr/bin/env bash
mkdir -p -- "$2"
cp -- "$1" "$2/requirements.txt"
FETCH
printf '#!/bin/sh\n[ "$1" != -c ]\n' >"$work/no_onnxruntime/python3"
chmod +x "$project/cmake/python_packages" "$work/no_onnxruntime/python3"
without_onnx() { run env PATH="$work/no_onnxruntime:$PATH" "$project/ddpg" "$@"; }
without_onnx export run --out policy.onnx
check "writing an ONNX model fetches nothing" all 'is 0' 'prints export' '! says fetching'
without_onnx export run --out policy.h --verify
check "nor does verifying a header" all 'is 0' 'prints export' '! says fetching'
without_onnx export run --verify policy.onnx
check "verifying an ONNX model fetches ONNX Runtime" all 'is 0' 'prints export' 'says "fetching ONNX Runtime"'
without_onnx export run --out policy.onnx --verify
check "once" all 'is 0' 'prints export' silent

# --- installing -----------------------------------------------------------------------------------------------------------
make_project
only_these_tools
PATH=$work/bin run "$project/ddpg" version
check "without apt-get it names what is missing and the command that gets it" \
  all 'is 1' 'prints ""' 'says "missing: g++ cmake ninja-build"' \
  'says "apt-get install --yes --no-install-recommends g++ cmake ninja-build"' 'says "no apt-get"' 'says "needs Linux"' \
  'says "dnf install gcc-c++ cmake ninja-build"' 'says "pacman -S --needed gcc cmake ninja"' 'says "brew install gcc cmake ninja"'
PATH=$work/bin run "$project/ddpg" mpi
check "so it does for mpi, and builds without it as ever" \
  all 'is 1' 'says "missing: libopenmpi-dev openmpi-bin g++"' 'says "pacman -S --needed gcc cmake ninja openmpi"' '[[ ! -e $project/build/mpi ]]'
make_project
rm -- "$work/bin/flock"
PATH=$work/bin run "$project/ddpg" version
check "without flock nothing is said of waiting" all 'is 1' '! says waiting' 'says "missing: g++ cmake ninja-build"'
ln -s "$(type -P flock)" "$work/bin/flock"

cat >"$work/bin/apt-get" <<APT
#!/bin/bash
printf '%s ' "\$@" >>"$work/apt"
echo >>"$work/apt"
case " \$* " in *" update "*) /usr/bin/touch "$work/updated"; exit 0 ;; esac
[[ -e "$work/updated" ]] || { echo 'E: Unable to locate package'; exit 100; }
for tool in c++ as ld ar ranlib cmake ninja; do ln -sf "\$(PATH=$PATH command -v \$tool)" "$work/bin/\$tool"; done
APT
sed -i "s|ln -sf|$(command -v ln) -sf|" "$work/bin/apt-get"
chmod +x "$work/bin/apt-get"
chmod -R a+rwX -- "$work"
DDPG_INSTALL=no PATH=$work/bin run "$project/ddpg" version
check "DDPG_INSTALL=no keeps it from installing" all 'is 1' 'says "DDPG_INSTALL=no keeps"' 'says "apt-get install"' '[[ ! -e $work/apt ]]'
chmod -R a+rwX -- "$work"
PATH=$work/bin run as_user "$project/ddpg" version
check "a user without sudo is told so" all 'is 1' 'says "no sudo"' 'says "apt-get install"' '[[ ! -e $work/apt ]]'

printf '#!/bin/bash\nexit 1\n' >"$work/bin/sudo"
chmod +x "$work/bin/sudo"
PATH=$work/bin run as_user "$project/ddpg" version
check "a user whose sudo asks for a password is told so where there is no terminal" all 'is 1' 'says "password"' '[[ ! -e $work/apt ]]'

# shellcheck disable=SC2016
printf '#!/bin/bash\n[[ $1 == -n ]] && shift\nexec "$@"\n' >"$work/bin/sudo"
make_project
chmod -R a+rwX -- "$work"
PATH=$work/bin run as_user "$project/ddpg" version
check "a user with sudo gets it installed, lists fetched only when needed" all 'is 0' 'prints version' 'says "installing g++ cmake ninja-build, and what they need, on this system: apt-get through sudo (DDPG_INSTALL=no"' \
  '[[ $(grep -c " update " "$work/apt") == 1 ]]' 'grep -q "no-install-recommends" "$work/apt"'

make_project
for tool in grep tail; do ln -sf "$(type -P "$tool")" "$work/bin/$tool"; done
PATH=$work/bin run "$project/ddpg" version
check "what only videos need is not asked for otherwise" all 'is 0' '! says ffmpeg'
: >"$work/apt"
PATH=$work/bin run "$project/ddpg" video --help
check "nor for their help" all 'is 0' 'prints video' '[[ ! -s $work/apt ]]'
PATH=$work/bin run "$project/ddpg" video RUN
check "video asks for it, and goes on when it cannot be had" all 'is 0' 'prints video' 'grep -q "install.* ffmpeg" "$work/apt"' \
  'says "apt-get install --yes --no-install-recommends"'
: >"$work/apt"
PATH=$work/bin run "$project/ddpg" report RUN
check "a page needs nothing more" all 'is 0' 'prints report' '[[ ! -s $work/apt ]]'
PATH=$work/bin run "$project/ddpg" report RUN --png FILE
check "nor does a figure of report ask for what only videos need" all 'is 0' 'prints report' '! grep -q ffmpeg "$work/apt"'
: >"$work/apt"
PATH=$work/bin run "$project/ddpg" train ENV --data FILE.csv
check "a log needs nothing more" all 'is 0' 'prints train' '[[ ! -s $work/apt ]]'
PATH=$work/bin run "$project/ddpg" train ENV --data FILE.npz
[[ -e /usr/include/zlib.h ]] || check "a data set asks for what decompresses it" grep -q 'install.* zlib1g-dev' "$work/apt"
check "a data set asks for nothing else" all 'is 0' 'prints train' '! grep -q cairo "$work/apt"'
rm -rf -- "$project/build"
PATH=$work/bin run "$project/ddpg" test -R passes
check "test needs it" all 'is 1' 'says ffmpeg'
PATH=$work/bin run "$project/ddpg" version

# --- a folder that may not be written -------------------------------------------------------------------------------------
chmod -R a-w -- "$project"
run as_user "$project/ddpg" version
check "a built program runs from a folder that may not be written" all 'is 0' 'prints version' silent
chmod -R u+w -- "$project"
sed -i 's/argv\[1\]);/"changed");/' "$project/main.cpp"
chmod -R a-w -- "$project"
run as_user "$project/ddpg" version
check "and says so when it is out of date" all 'is 0' 'prints version' 'says "not writable"'
chmod -R u+w -- "$project"
rm -rf -- "$project/build"
chmod -R a-w -- "$project"
run as_user "$project/ddpg" version
check "without a built program it says that it cannot write" all 'is 1' 'prints ""' 'says "cannot write to"'

report
