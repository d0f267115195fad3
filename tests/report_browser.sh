#!/usr/bin/env bash
# Opens pages of `ddpg report` in a real browser, Chromium without a display: in light and dark, at the width of a desk and of a phone. Fails
# when a script fails, when the page asks for anything, when it must be scrolled sideways, when a read-out or an episode does not work, or
# when the page is not well-formed.
#   tests/report_browser.sh [--install] [--keep DIR] [PROGRAM]    --install gets what is missing (Debian); --keep leaves pages and pictures in DIR
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

keep=
install=
while [[ ${1-} == --* ]]; do
  case $1 in
    --install) install=yes ;;
    --keep) keep=$2; shift ;;
    *) echo "unknown flag $1"; exit 2 ;;
  esac
  shift
done
program=$(readlink -f -- "${1:-$root/build/developer/ddpg}")  # absolute: the work is done in another folder

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v python3 >/dev/null || missing+=(python3)
if ((${#missing[@]})); then
  [[ -n $install ]] || { echo "missing: ${missing[*]} (--install gets them)"; exit 1; }
  as_root=()
  ((EUID == 0)) || as_root=(sudo -n)
  get=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}")
  "${get[@]}" >/dev/null || { "${as_root[@]}" apt-get update -q >/dev/null && "${get[@]}" >/dev/null; }
fi

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd -- "$work"
small=(--set warmup_steps=100 --set learning_starts=100 --set batch_size=8 --set replay_capacity=1000 --set actor.hidden=8
  --set critic.hidden=8 --set evaluation_episodes=2 --set evaluation_interval=200 --set log_interval=100 --quiet)
for seed in 0 1 2 3; do "$program" train Pendulum-v1 --steps 800 --seed $seed "${small[@]}"; done
"$program" train Pendulum-v1 --steps 800 --set exploration.sigma=0.4 --run "runs/<script>alert(1)<" "${small[@]}"
"$program" train LinearQuadratic-v0 --steps 400 "${small[@]}"
"$program" train MountainCarContinuous-v0 --steps 400 "${small[@]}"
"$program" report runs --out all.html >/dev/null
"$program" report runs/Pendulum-v1 --out one.html >/dev/null

python3 "$root/tests/report_browser.py" "$work" all.html one.html
if [[ -n $keep ]]; then
  mkdir -p -- "$keep"
  cp -- "$work"/*.html "$work"/*.png "$keep"
fi
