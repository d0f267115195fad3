#!/usr/bin/env bash
# Parity with Gymnasium, at full length: every MuJoCo task from several states over 1,000 steps, with default and with changed options,
# recorded now from the installed wheels and compared step by step with what is built. The short traces that every test run compares with
# lie in tests/golden/mujoco.
#   tests/mujoco_parity.sh [STATES]    20 by default, which takes some five minutes
# Needs Python with pip, and the network at the first time: the wheels go to build/parity.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
states=${1:-20}
[[ $states =~ ^[1-9][0-9]*$ ]] || { echo "mujoco_parity: expected a number of states, found $states"; exit 2; }
python=$root/build/parity/python
traces=$(mktemp -d)
trap 'rm -rf -- "$traces"' EXIT

"$root/cmake/python_packages" "$root/tests/golden/mujoco_requirements.txt" "$python"

cd -- "$traces"  # where MuJoCo's Python module may leave its log
PYTHONPATH=$python python3 "$root/tests/golden/make_mujoco_traces.py" "$traces" "$states"
DDPG_MUJOCO_TRACES=$traces "$root/build/developer/tests/ddpg_tests" --gtest_filter='*MujocoParity*' --gtest_brief=1 | tee "$traces/out"
# 22 traces were compared: none was left out
[[ $(grep -c 'numbers identical' "$traces/out") -eq 22 ]]
