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

# licences, MuJoCo's too where it goes along
doc=$work/prefix/share/doc/ddpg
[[ -s $doc/LICENSE ]] || { echo "install: no licence"; exit 1; }
if ls "$work"/prefix/lib*/libmujoco* >/dev/null 2>&1; then [[ -n $(find "$doc/licenses" -type f) ]] || { echo "install: no licence of MuJoCo"; exit 1; }; fi

# a project in C alone links the policy library, by CMake and by pkg-config
cmake -S "$root/tests/consumer/c" -B "$work/c" -G Ninja -DCMAKE_PREFIX_PATH="$work/prefix" >"$work/log"
cmake --build "$work/c" >>"$work/log" || { cat "$work/log"; exit 1; }
"$work/c/use_policy"
if command -v pkg-config >/dev/null; then
  PKG_CONFIG_PATH=$(find "$work/prefix" -type d -name pkgconfig)
  export PKG_CONFIG_PATH
  # shellcheck disable=SC2046
  cc "$root/tests/consumer/c/main.c" -o "$work/by_pkg_config" $(pkg-config --cflags --libs ddpg-policy)
  "$work/by_pkg_config"
  pkg-config --exists ddpg
fi

mkdir -- "$work/build"
awk '/^```cpp$/ { copy = 1; next } /^```$/ { copy = 0 } copy' "$root/README.md" >"$work/build/readme.cpp"
grep -q 'ddpg::train' "$work/build/readme.cpp" || { echo "install: README.md shows no program"; exit 1; }
cmake -S "$root/tests/consumer" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$work/prefix" >"$work/log"
cmake --build "$work/build" >>"$work/log" || { cat "$work/log"; exit 1; }
cd -- "$work"
build/consumer
build/program envs >listed && grep -q Pendulum-v1 listed
