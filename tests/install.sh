#!/usr/bin/env bash
# Installs what is built into an empty folder, then builds and runs a project that finds it there: tests/consumer and README's program.
#   tests/install.sh [BUILD]    BUILD: a built folder, build/developer by default
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd -- "${1:-$root/build/developer}" && pwd)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

cmake --install "$build" --prefix "$work/prefix" >"$work/log"
"$work/prefix/bin/ddpg" version

# nothing installed may point back to where it was built
if grep -rlIF -e "$root" "$work/prefix"; then
  echo "install: the files above name the source folder"
  exit 1
fi

mkdir -- "$work/build"
awk '/^```cpp$/ { copy = 1; next } /^```$/ { copy = 0 } copy' "$root/README.md" >"$work/build/readme.cpp"
grep -q 'ddpg::train' "$work/build/readme.cpp" || { echo "install: README.md shows no program"; exit 1; }
cmake -S "$root/tests/consumer" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$work/prefix" >"$work/log"
cmake --build "$work/build" >>"$work/log" || { cat "$work/log"; exit 1; }
cd -- "$work"
build/consumer
build/program envs >listed && grep -q Pendulum-v1 listed
