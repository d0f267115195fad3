#!/usr/bin/env bash
# Parity with Gymnasium, at full length: every MuJoCo task from 20 states over 1,000 steps, with default and with changed options, recorded
# now from the installed wheels and compared step by step with what is built. Takes some five minutes; the short traces that every test
# run compares with lie in tests/golden/mujoco.
#   tests/mujoco_parity.sh [BUILD]    BUILD: a built folder, build/developer by default
# Needs Python with pip, and the network at the first time: the wheels go to build/parity.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd -- "${1:-$root/build/developer}" && pwd)
python=$root/build/parity/python
traces=$(mktemp -d)
trap 'rm -rf -- "$traces"' EXIT

"$root/cmake/python_packages" "$root/tests/golden/mujoco_requirements.txt" "$python"

cd -- "$traces"  # where MuJoCo's Python module may leave its log
PYTHONPATH=$python python3 "$root/tests/golden/make_mujoco_traces.py" --full "$traces"
DDPG_MUJOCO_TRACES=$traces "$build/tests/ddpg_tests" --gtest_filter='*MujocoParity*' --gtest_brief=1 | tee "$traces/out"
# 22 traces were compared: none was left out
[[ $(grep -c 'numbers identical' "$traces/out") -eq 22 ]]
