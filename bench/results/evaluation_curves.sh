#!/usr/bin/env bash
# The papers' protocol: 10 test episodes without noise every 5,000 steps, for each seed. The curves of docs/results.md.
#   bench/results/evaluation_curves.sh FOLDER ENV STEPS SEEDS [train options...]
# SEEDS is a number (3: seeds 0, 1, 2) or a range (3-9). Keeps one curve a seed, FOLDER/ENV-STEPS-seedN.csv, and prints for each the score (mean of
# the last ten evaluations) and the best evaluation. Continues where it stopped: a seed whose curve is there is not run again. DDPG
# names the program (default: ./ddpg at the repository's root), RUNS the folder for run folders (default: runs/curves).
set -euo pipefail
folder=$1 environment=$2 steps=$3 seeds=$4
shift 4
ddpg=${DDPG:-$(dirname "$0")/../../ddpg}
runs=${RUNS:-runs/curves}
mkdir -p -- "$folder" "$runs"

curve() { printf '%s/%s-%s-seed%s.csv' "$folder" "$environment" "$steps" "$1"; }

for seed in $(if [[ $seeds == *-* ]]; then seq "${seeds%-*}" "${seeds#*-}"; else seq 0 $((seeds - 1)); fi); do
  if [[ ! -s $(curve "$seed") ]]; then
    run=$runs/$environment-$steps-$seed
    # --run DIR --overwrite: what an earlier try left half done is begun again
    "$ddpg" train "$environment" --steps "$steps" --seed "$seed" --set evaluation_interval=5000 --set evaluation_episodes=10 "$@" \
      --run "$run" --overwrite --quiet
    # the rows with an evaluation, in the columns that a curve needs
    awk -F, -v OFS=, '
      NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
      NR == 1 || $at["evaluation_episodes"] > 0 {
        print $at["step"], $at["evaluation_episodes"], $at["evaluation_mean_return"], $at["evaluation_std_return"], $at["evaluation_mean_length"], $at["evaluation_predicted_q"], $at["evaluation_discounted_return"], $at["seconds"]
      }' "$run/progress.csv" >"$(curve "$seed").part"
    mv -- "$(curve "$seed").part" "$(curve "$seed")"
  fi
  awk -F, -v seed="$seed" -v name="$environment" '
    NR > 1 { value[n++] = $3; if (n == 1 || $3 > best) { best = $3; at = $1 } last = $1; seconds = $8 }
    END { k = n < 10 ? n : 10; for (i = n - k; i < n; i++) sum += value[i]
          printf "%s, seed %s, %d steps: score %.1f, best evaluation %.1f at %d, %.0f s\n", name, seed, last, sum / k, best, at, seconds }' "$(curve "$seed")"
done
