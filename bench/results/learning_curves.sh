#!/usr/bin/env bash
# Trains one task over several seeds and tests each policy on fresh starting states: the numbers of docs/results.md.
#   bench/results/learning_curves.sh OUT.csv ENV STEPS SEEDS EPISODES [train options...]
# Continues where it stopped: a seed whose row is in OUT.csv is not run again. DDPG names the program (default: ./ddpg at the repository's root).
set -euo pipefail
out=$1 environment=$2 steps=$3 seeds=$4 episodes=$5
shift 5
ddpg=${DDPG:-$(dirname "$0")/../../ddpg}
runs=${RUNS:-$(mktemp -d)}
[ -s "$out" ] || echo "environment,steps,seed,episodes,mean_return,std_return,seconds,options" >"$out"
for ((seed = 0; seed < seeds; seed++)); do
  grep -q "^$environment,$steps,$seed,$episodes,.*,\"$*\"\$" "$out" && continue
  run=$runs/$environment-$steps-$seed-$(printf '%s' "$*" | cksum | cut -d' ' -f1)
  train=$("$ddpg" train "$environment" --steps "$steps" --seed "$seed" --run "$run" --overwrite --json "$@" 2>/dev/null | tail -n 1)
  # test episodes from starting states that no training evaluation saw
  test=$("$ddpg" evaluate "$run" --episodes "$episodes" --seed $((1000 + seed)) --json 2>/dev/null | tail -n 1)
  field() { sed -E "s/.*\"$2\":([^,}]*).*/\1/" <<<"$1"; }
  echo "$environment,$steps,$seed,$episodes,$(field "$test" mean_return),$(field "$test" std_return),$(field "$train" seconds),\"$*\"" >>"$out"
done
# mean over the seeds, 95 % interval by Student's t, the worst seed
awk -F, -v e="$environment" -v s="$steps" -v o="\"$*\"" '
  BEGIN { split("12.71 4.30 3.18 2.78 2.57 2.45 2.36 2.31 2.26 2.23 2.20 2.18 2.16 2.14 2.13", t, " ") }
  $1 == e && $2 == s && $NF == o { n++; x[n] = $5; sum += $5; if (n == 1 || $5 < low) low = $5; if (n == 1 || $5 > high) high = $5 }
  END { m = sum / n; for (i in x) v += (x[i] - m) ^ 2; d = n > 1 ? t[n - 1 > 15 ? 15 : n - 1] * sqrt(v / (n - 1) / n) : 0
        printf "%s, %d steps, %d seeds: mean %.1f +- %.1f (95 %%), worst %.1f, best %.1f  %s\n", e, s, n, m, d, low, high, o }' "$out"
