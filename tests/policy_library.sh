#!/usr/bin/env bash
# The policy library as its users get it: as two files, compiled strictly and without exceptions; by find_package and by add_subdirectory where
# no other dependency is found; each called from C, and each with the bits of `ddpg act`.
#   tests/policy_library.sh [BUILD]    BUILD: a built folder, build/developer by default
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd -- "${1:-$root/build/developer}" && pwd)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd -- "$work"

"$build/ddpg" train Pendulum-v1 --steps 600 --seed 3 --run run --quiet --set evaluation_episodes=1 --set learning_starts=100 \
  --set warmup_steps=100 >/dev/null
awk 'BEGIN { for (i = 0; i < 2000; i++) print cos(i), sin(i), i * 0.008 - 8 }' >observations
"$build/ddpg" act run <observations >actions

logged() { "$@" >log 2>&1 || { cat log; exit 1; }; }
run() { printf 'policy library, %s: ' "$1"; shift; "$@" run/policy.ddpg observations actions; }

# as two files
"$root/src/deploy/two_files" two
cc -std=c99 -Wall -Wextra -Werror -pedantic -Wconversion -Itwo -c "$root/tests/deploy/use_policy.c" -o use_policy.o
strict=(-std=c++20 -fno-exceptions -fno-rtti -Wall -Wextra -Wshadow -Wconversion -Werror)
for flags in -O0 '-O2 -march=native'; do  # the second lets the compiler fuse multiplies and adds where it likes
  # shellcheck disable=SC2086
  c++ "${strict[@]}" $flags -c two/ddpg_policy.cpp -o two.o
  c++ use_policy.o two.o -o use_two
  run "two files, $flags" ./use_two
done

# the program of docs/deploy.md
awk '/^```cpp$/ { copy = 1; next } /^```$/ { copy = 0 } copy' "$root/docs/deploy.md" >deploy.cpp
grep -q 'policy.play(' deploy.cpp || { echo "policy library: docs/deploy.md shows no program"; exit 1; }
c++ -std=c++20 -Wall -Wextra -Werror -Itwo deploy.cpp two.o -o deploy
(cd run && ../deploy)

# by CMake, where nothing else is to be found
cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.16)
project(robot LANGUAGES C CXX)
if(SOURCE)
  add_subdirectory(${SOURCE} ddpg)
else()
  find_package(ddpg REQUIRED COMPONENTS policy)
endif()
add_executable(use_policy use_policy.c)
target_link_libraries(use_policy PRIVATE ddpg::policy m)
END
cp -- "$root/tests/deploy/use_policy.c" .
alone=(-G Ninja -DCMAKE_BUILD_TYPE=Release)
for name in fmt hwy tomlplusplus nlohmann_json CLI11 GTest Threads; do alone+=("-DCMAKE_DISABLE_FIND_PACKAGE_$name=ON"); done
by_cmake() {  # builds the project above in the folder $1 with further arguments
  local folder=$1
  shift
  logged cmake -S . -B "$folder" "${alone[@]}" "$@"
  logged cmake --build "$folder"
}
by_cmake added "-DSOURCE=$root/src/deploy"
run 'by add_subdirectory' added/use_policy
logged cmake -S "$root" -B only "${alone[@]}" -DDDPG_POLICY_ONLY=ON
logged cmake --build only
logged cmake --install only --prefix prefix
by_cmake found "-DCMAKE_PREFIX_PATH=$work/prefix"
run 'by find_package' found/use_policy
logged cmake -S "$root/examples/03_deploy" -B example "${alone[@]}" "-DCMAKE_PREFIX_PATH=$work/prefix"
logged cmake --build example
example/deploy run/policy.ddpg 1000 0.6 >out 2>log || { cat log out; exit 1; }
for line in '^600 periods at 1000 Hz' '^watchdog: ' '99.9% .* longest'; do
  grep -q -e "$line" out || { cat out; exit 1; }
done
[[ ! -e prefix/include/ddpg ]] || { echo "policy library: the training library's headers were installed, too"; exit 1; }
sed -i 's/COMPONENTS policy/COMPONENTS training/' CMakeLists.txt
if cmake -S . -B training "${alone[@]}" "-DCMAKE_PREFIX_PATH=$work/prefix" >log 2>&1; then
  echo "policy library: find_package(ddpg COMPONENTS training) finds what is not installed"
  exit 1
fi
