#!/usr/bin/env bash
# Kills trainings (SIGKILL) at random moments, resumes each, and compares in the end with one that was left alone, to the bit.
#   tests/kill.sh [N [SEED [BUILD]]]    N kills (200); BUILD: a built folder, build/developer by default
# Says how many there were of each kind. The suite does twelve.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
build=${3:-$root/build/developer}
DDPG_KILLS=${1:-200} DDPG_KILLS_SEED=${2:-0} "$build/tests/faults/ddpg_faults" --gtest_brief=1 --gtest_filter='Killed.*'
