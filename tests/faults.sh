#!/usr/bin/env bash
# Disks that fail under a training. First calls of the operating system that are made to fail, one after the other; then, as root, real
# ones: a full disk, a read-only one, a folder that goes away.
#   tests/faults.sh [EVERY [BUILD]]    one call in EVERY fails (1: each of them); BUILD: a built folder, build/developer by default
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
every=${1:-1}
build=$(cd -- "${2:-$root/build/developer}" && pwd)
ddpg=$build/ddpg

fail() { echo "faults: $*"; exit 1; }

options=(--quiet --jsonl --envs 2)
for option in warmup_steps=100 learning_starts=100 batch_size=16 replay_capacity=6000 actor.hidden=[24,16] critic.hidden=[24,16] \
  evaluation_interval=500 evaluation_episodes=1 log_interval=150 checkpoint_interval=250 checkpoints_kept=2; do
  options+=(--set "$option")
done

table() { rev <"$1/progress.csv" | cut -d , -f 4- | rev; }  # without the columns of the clock

same() {  # same RUN: as the one that was left alone
  local file
  for file in policy.ddpg best.ddpg; do cmp "$1/$file" "straight/$file" || fail "$1/$file is not that of the run that was left alone"; done
  cmp <(table "$1") <(table straight) || fail "$1/progress.csv is not that of the run that was left alone"
  [[ -z $(find "$1" -name '*.tmp') ]] || fail "$1 holds half-written files"
}

expect() {  # expect CODE TEXT COMMAND ...: the command ends with that code and says that text
  local code=0 said
  said=$("${@:3}" 2>&1) || code=$?
  if ((code != $1)) || [[ $said != *"$2"* ]]; then fail "${*:3:3} ...: expected code $1 and \"$2\", found code $code and: $said"; fi
  echo "  code $code: $(tail -n 2 <<<"$said" | head -n 1)"
}

full_disk() {
  echo "a disk that becomes full, and room again:"
  mount -t tmpfs -o size=1m none disk
  head -c $(($1 * 1024)) /dev/zero >disk/filler
  expect 1 "No space left on device" "$ddpg" train Pendulum-v1 --steps 4000 --run disk/run "${options[@]}"
  "$ddpg" evaluate disk/run --episodes 1 >/dev/null || fail "the policy is not there"
  rm disk/filler
  if compgen -G 'disk/run/checkpoints/checkpoint-*' >/dev/null; then
    "$ddpg" resume disk/run --quiet
    same disk/run
  else  # none ever fitted: what was learnt is not begun anew over
    expect 2 "holds no checkpoint to resume from" "$ddpg" resume disk/run --quiet
  fi
  umount disk
}

read_only_disk() {
  echo "a read-only disk:"
  mount -t tmpfs none disk
  "$ddpg" train Pendulum-v1 --steps 2000 --run disk/run "${options[@]}"
  cp -a disk/run before
  mount -o remount,ro disk
  expect 1 "Read-only file system" "$ddpg" train Pendulum-v1 --steps 4000 --run disk/other "${options[@]}"
  expect 1 "Read-only file system" "$ddpg" resume disk/run --steps 4000 --quiet
  diff -r before disk/run || fail "something was changed"
  "$ddpg" evaluate disk/run --episodes 1 >/dev/null || fail "the policy cannot be read"
  mount -o remount,rw disk
  "$ddpg" resume disk/run --steps 4000 --quiet
  cp disk/run/config.toml straight/config.toml
  cmp disk/run/policy.ddpg straight/policy.ddpg || fail "the policy is another"
  umount disk
}

if [[ ${DDPG_FAULTS_INSIDE-} != 1 ]]; then
  # thousands of small runs: in memory where there is such a folder
  if [[ -z ${TEST_TMPDIR-} && -w /dev/shm ]]; then export TEST_TMPDIR=/dev/shm; fi
  DDPG_FAULTS_EVERY=$every "$build/tests/faults/ddpg_faults" --gtest_brief=1 --gtest_filter='*Faults*:Vanished*'
  if ((EUID == 0)) && unshare --mount true 2>/dev/null; then
    DDPG_FAULTS_INSIDE=1 unshare --mount --propagation private "$0" "$every" "$build"
  else
    echo "DID NOT RUN: real disks, which need root and a mount namespace"
  fi
  exit
fi

place=$(mktemp -d)
trap 'cd /; umount "$place/disk" 2>/dev/null || true; rm -rf -- "$place"' EXIT
cd -- "$place"
mkdir disk
"$ddpg" train Pendulum-v1 --steps 4000 --run straight "${options[@]}"
for filled in 960 900 800; do full_disk "$filled"; done
read_only_disk
