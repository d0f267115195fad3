# What the tests of ./ddpg share: a stand-in project of one file, and how a start is checked. Sourced by tests/front_door*.sh.
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034  # `all` evaluates what it is given, and the tests read what is set here
repository=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'chmod -R u+w -- "$work"; rm -rf -- "$work"' EXIT
: >"$work/home"  # a home in which nothing can be made, not even by root
export HOME=$work/home LC_ALL=C
unset CXX CXXFLAGS CMAKE_PREFIX_PATH CMAKE_CXX_COMPILER_LAUNCHER

failures=0
check() {  # check "what" COMMAND ...
  if "${@:2}"; then printf 'ok      %s\n' "$1"; else
    printf 'FAILED  %s\n        exit code %s\n' "$1" "$code"
    sed 's/^/        stdout: /' "$work/out"
    sed 's/^/        stderr: /' "$work/err"
    failures=$((failures + 1))
  fi
}
code=0
run() { "$@" >"$work/out" 2>"$work/err"; code=$?; }
is() { [[ $code -eq $1 ]]; }
prints() { [[ $(<"$work/out") == "$1" ]]; }
says() { grep -qF -e "$1" "$work/err"; }
silent() { [[ ! -s $work/err ]]; }
all() {  # all "check one" "check two": each a command line
  local each
  for each in "$@"; do eval "$each" || { printf '  not: %s\n' "$each"; return 1; }; done
}

make_project() {  # a stand-in for the repository, in a folder with a space in its name
  project="$work/a folder/project"
  rm -rf -- "$work/a folder"
  mkdir -p -- "$project/cmake"
  cp -- "$repository/ddpg" "$repository/CMakePresets.json" "$project"
  cp -R -- "$repository/cmake/front_door" "$project/cmake"
  cat >"$project/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(stand_in LANGUAGES CXX)
add_executable(ddpg main.cpp)
enable_testing()
add_test(NAME passes COMMAND ddpg passes)
add_test(NAME fails COMMAND ddpg exit)
CMAKE
  cat >"$project/main.cpp" <<'CPP'
#include <csignal>
#include <cstdio>
#include <cstring>
int main(int, char** argv) {
  if (std::strcmp(argv[1], "envs") == 0) {  // what it can make, as the program tells it
    std::puts("{\"environments\":[{\"name\":\"Pendulum-v1\",\"action_low\":[-2.0]},{\"name\":\"HalfCheetah-v5\",\"unavailable\":\"it needs MuJoCo\"}]}");
    return 0;
  }
  std::puts(argv[1]);
  if (std::strcmp(argv[1], "exit") == 0) return 42;
  if (std::strcmp(argv[1], "interrupt") == 0) std::raise(SIGINT);
}
CPP
}

only_these_tools() {  # a PATH without compiler, CMake, Ninja, apt-get and sudo
  mkdir -- "$work/bin"
  local tool
  for tool in bash env readlink mkdir tail flock nproc cat cmp true find stat grep rm touch; do ln -s "$(type -P "$tool")" "$work/bin/$tool"; done
}

setpriv=$(command -v setpriv)
as_user() {  # without root's rights
  if ((EUID == 0)); then "$setpriv" --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi
}

report() { ((failures == 0)) || { echo "$failures checks failed"; exit 1; }; }
