#!/usr/bin/env bash
# The event files of real trainings, read by TensorBoard itself: every number is that of progress.csv and progress.jsonl, also after a
# training was interrupted or killed, and resumed.
#   tests/tensorboard.sh [BUILD]    BUILD: a built folder, build/developer by default
# Needs Python with pip, and the network at the first time: the package goes to build/tensorboard.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd -- "${1:-$root/build/developer}" && pwd)
python=$root/build/tensorboard/python
place=$(mktemp -d)
trap 'rm -rf -- "$place"' EXIT

python3 -m pip --version >/dev/null 2>&1 || { echo "tensorboard: needs pip: apt-get install python3-pip"; exit 1; }
requirements=$root/tests/golden/tensorboard_requirements.txt
if ! cmp -s -- "$requirements" "$python/requirements.txt"; then
  rm -rf -- "$python"
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target "$python" --requirement "$requirements"
  cp -- "$requirements" "$python/requirements.txt"
fi

cd -- "$place"
options=(--quiet --tensorboard --jsonl)
for option in warmup_steps=100 learning_starts=100 batch_size=8 replay_capacity=1000 actor.hidden=8 critic.hidden=8 evaluation_episodes=2 \
  evaluation_interval=300 log_interval=200 checkpoint_interval=500; do
  options+=(--set "$option")
done

stop_after() {  # stop_after STEP SIGNAL RUN ...: sends it the signal once the row of that step is there
  "$build/ddpg" train Pendulum-v1 --steps 1e9 --run "$3" "${options[@]}" &
  local training=$! tries=0
  until grep -qs "^$1," "$3/progress.csv"; do
    ((++tries < 3000)) || { kill -KILL "$training"; echo "tensorboard: no row of step $1 in $3"; exit 1; }
    sleep 0.02
  done
  kill "-$2" "$training"
  { wait "$training" || true; } 2>/dev/null  # the shell need not tell how it ended
}

"$build/ddpg" train Pendulum-v1 --steps 1500 --run straight "${options[@]}"
for signal in INT KILL; do
  stop_after 1000 "$signal" "$signal"
  last=$(tail -n 1 -- "$signal/progress.csv")
  "$build/ddpg" resume "$signal" --steps $((${last%%,*} + 1000)) --quiet
done
PYTHONPATH=$python python3 -W ignore "$root/tests/golden/read_event_files.py" "$root/docs/metrics.md" straight INT KILL
