#!/usr/bin/env bash
# Builds the Python package once, installs it into an empty environment, and runs its tests there: against what users get, not against the
# folder it was built in.
#   tests/wheel.sh [PYTHON ...]    which Pythons test it: python3 when not told; each needs the module venv
#   tests/wheel.sh sdist           only that pip builds and installs it from an sdist, in an empty environment: everything is compiled anew
# With DDPG_DEVELOPER=ON in SKBUILD_CMAKE_DEFINE what a compiler cache holds of build/developer serves here, too.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
fail() { printf 'wheel: %s\n' "$@"; exit 1; }

mujoco=$(grep -o '^mujoco-core==[0-9.]*' "$root/cmake/mujoco/requirements.txt")
if [[ ${1-} == sdist ]]; then
  python3 -m venv "$work/tools"
  "$work/tools/bin/python" -m pip install --quiet --disable-pip-version-check build
  "$work/tools/bin/python" -m build --sdist --outdir "$work/sdist" "$root" >"$work/log" 2>&1 || { tail -n 30 "$work/log"; fail "no sdist could be made"; }
  python3 -m venv "$work/venv"
  "$work/venv/bin/python" -m pip install --disable-pip-version-check "$work"/sdist/ddpg-*.tar.gz >"$work/log" 2>&1 || { tail -n 60 "$work/log"; fail "the sdist does not build"; }
  cd -- "$work"
  venv/bin/python -c 'import sys, ddpg; sys.exit(ddpg.DDPG("Pendulum-v1", evaluation_episodes=0).learn(200).num_timesteps != 200)' || fail "it does not train"
  venv/bin/python -m pip install --quiet --disable-pip-version-check "$mujoco"
  venv/bin/python -c 'import sys, ddpg; sys.exit(ddpg._core.why_unavailable("Hopper-v5") or None)' || fail "it was built without the tasks on MuJoCo"
  exit
fi

(($(grep -c "\"${mujoco}[;\"]" "$root/pyproject.toml") == 2)) || fail "pyproject.toml asks for another MuJoCo than cmake/mujoco, $mujoco"

"$root/ddpg" wheel
wheels=("$root"/dist/ddpg-*.whl)
((${#wheels[@]} == 1)) || fail "expected one wheel in dist/, found ${wheels[*]}"
[[ ${wheels[0]} == *-abi3-manylinux_* ]] || fail "${wheels[0]##*/} is not named for every Python and the oldest Linux it runs on"
python3 -m zipfile --list "${wheels[0]}" >"$work/listed"
for file in ddpg/_core.abi3.so ddpg/_nb_backend_v1.cpython-3{11,12,13,14,15}-"$(uname -m)"-linux-gnu.so ddpg/licenses/{nanobind,gymnasium}/LICENSE ddpg/_core.pyi ddpg/_keywords.pyi ddpg/py.typed; do
  grep -q "^$file " "$work/listed" || fail "the wheel holds no $file"
done

(($#)) || set -- python3
for python; do
  echo "wheel: $("$python" --version)"
  "$python" -m venv "$work/venv"
  pip() { "$work/venv/bin/python" -m pip --quiet --disable-pip-version-check "$@"; }
  pip install "${wheels[0]}"
  has=$("$work/venv/bin/python" -m pip --disable-pip-version-check list --format=freeze | grep -vE '^(pip|setuptools)=' | sed 's/=.*//' | paste -sd ' ')
  [[ $has == "ddpg numpy" ]] || fail "it needs NumPy alone, found: $has"
  cd -- "$work"  # nothing of the source folder is found from here
  venv/bin/python -c 'import sys, ddpg; sys.exit(ddpg.DDPG("Pendulum-v1", evaluation_episodes=0).learn(200).num_timesteps != 200)' ||
    fail "it does not train with NumPy alone"
  venv/bin/ddpg version
  mkdir consumer
  printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(consumer CXX)' 'find_package(ddpg REQUIRED)' \
    "add_executable(consumer $root/tests/consumer/main.cpp)" 'target_link_libraries(consumer PRIVATE ddpg::ddpg)' >consumer/CMakeLists.txt
  { cmake -S consumer -B consumer -G Ninja -Dddpg_DIR="$(venv/bin/python -m ddpg --cmake-dir)" && cmake --build consumer; } >log || { cat log; fail "no program in C++ can be built with it"; }
  consumer/consumer
  if [[ $(uname -m) == x86_64 ]] && command -v qemu-x86_64 >/dev/null; then  # a processor of 2008, without AVX
    qemu-x86_64 -cpu Nehalem venv/bin/python -c 'import ddpg; ddpg.DDPG("Pendulum-v1", evaluation_episodes=0, learning_starts=100).learn(200)' ||
      fail "it does not train on a processor without AVX"
  fi
  pip install "${wheels[0]}[mujoco]" abi3audit gymnasium matplotlib mypy pyright pytest
  # what depends on the version of Python is beside it
  venv/bin/python -m abi3audit --strict --assume-minimum-abi3 3.10 venv/lib/python3*/site-packages/ddpg/_core.abi3.so || fail "it uses more of Python than what stays the same"
  venv/bin/python -m mypy --strict -p ddpg
  if command -v node >/dev/null && venv/bin/pyright --version >/dev/null 2>&1; then  # it is written for Node.js, and fetches itself
    venv/bin/pyright --pythonpath venv/bin/python venv/lib/python3*/site-packages/ddpg || fail "pyright does not understand its types"
  else
    echo "wheel: pyright does not run here"
  fi
  cp -R -- "$root/python/tests" "$work/tests"
  DDPG_EXAMPLES=$root/examples venv/bin/python -m pytest -q -p no:cacheprovider tests
  cd -- "$root"
  rm -rf -- "$work/venv" "$work/tests" "$work/consumer"
done
