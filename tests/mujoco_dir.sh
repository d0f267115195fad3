#!/usr/bin/env bash
# Tests what is said of a MuJoCo that cannot be used: one clear message for each, when ddpg is configured.
#   tests/mujoco_dir.sh
set -uo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
unset MUJOCO_DIR

failures=0
refused() {  # refused "what" "message": configuring with MUJOCO_DIR=$work/mujoco fails with that message
  if cmake -S "$root" -B "$work/build" -G Ninja -DMUJOCO_DIR="$work/mujoco" >"$work/log" 2>&1; then
    printf 'FAILED  %s: it was accepted\n' "$1"
  elif tr -s ' \n' ' ' <"$work/log" | grep -qF -e "$2"; then
    printf 'ok      %s\n' "$1"
    return
  else
    printf 'FAILED  %s: not told: %s\n' "$1" "$2"
    cat "$work/log"
  fi
  failures=$((failures + 1))
}

refused "a folder without MuJoCo" "has no include/mujoco/mujoco.h: set it to the folder of MuJoCo 3.1 or later"
mkdir -p -- "$work/mujoco/include/mujoco" "$work/mujoco/lib"
echo >"$work/mujoco/include/mujoco/mujoco.h"
refused "headers without a version" "do not hold MuJoCo's version"
echo '#define mjVERSION_HEADER 237' >"$work/mujoco/include/mujoco/mujoco.h"
refused "a version too old" "MuJoCo 2.3.7 in $work/mujoco is too old: 3.1 or later is needed"
echo '#define mjVERSION_HEADER 316' >"$work/mujoco/include/mujoco/mujoco.h"
refused "headers without a library" "has MuJoCo's headers but no lib/libmujoco.so"

# the hash of a fetched file is checked, and nothing is left of one that is wrong
cp -R -- "$root/cmake/mujoco" "$work/fetcher"
sed -i 's/sha256:..../sha256:0000/' "$work/fetcher/requirements.txt"
if "$work/fetcher/fetch" "$work/fetched" >"$work/log" 2>&1; then
  echo "FAILED  a file with a wrong hash was accepted"
  failures=$((failures + 1))
elif grep -qi -e 'hash' "$work/log" && ! ls -d -- "$work"/fetched* >/dev/null 2>&1; then
  echo "ok      a file with a wrong hash is refused, and nothing is left of it"
elif grep -qE 'Retrying|needs pip' "$work/log"; then
  echo "DID NOT RUN: a file with a wrong hash (needs pip and the network)"
else
  echo "FAILED  a file with a wrong hash: no word of hashes, or something was left"
  cat "$work/log"
  failures=$((failures + 1))
fi
((failures == 0)) || { echo "$failures checks failed"; exit 1; }
