#!/usr/bin/env bash
# Every file that ddpg reads, fuzzed with libFuzzer under the address and undefined-behaviour sanitizers, two targets or so at a time.
#   tests/fuzz.sh [SECONDS [BUILD]]    SECONDS for each target (20); BUILD: a built folder with the fuzz targets; by default
#                                      build/fuzz, built here
# What is found is left in build/fuzz/found; put it into tests/fuzz/corpus/TARGET when it is mended: the suite tries it from then on.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cd -- "$root"
build=${2:-build/fuzz}
mkdir -p build/fuzz/found
if [[ -z ${2-} ]]; then
  cmake --preset fuzz >/dev/null
  cmake --build build/fuzz -- -k 0 >build/fuzz.log 2>&1 || { tail -n 40 build/fuzz.log; exit 1; }
fi

fuzz() {  # fuzz PROGRAM SECONDS
  local name new limits=(-max_total_time="$2" -timeout=10 -rss_limit_mb=600 -malloc_limit_mb=64 -max_len=30000)
  name=$(basename -- "$1" _fuzz)
  new=build/fuzz/new/$name
  mkdir -p "$new"
  if "$1" "${limits[@]}" -artifact_prefix="build/fuzz/found/$name-" "$new" "tests/fuzz/corpus/$name" >"build/fuzz/$name.log" 2>&1; then
    echo "$name: $(grep -E '^Done' "build/fuzz/$name.log")"
  else
    echo "$name: FAILED"
    grep -avE '^#[0-9]+.*(NEW|REDUCE|pulse|RELOAD)|NEW_FUNC' "build/fuzz/$name.log" | head -n 60
    return 1
  fi
}

code=0 running=0
for program in "$build"/tests/fuzz/*_fuzz; do
  ((running < $(nproc))) || { wait -n || code=1; running=$((running - 1)); }
  fuzz "$program" "${1:-20}" &
  running=$((running + 1))
done
while ((running > 0)); do wait -n || code=1; running=$((running - 1)); done
exit "$code"
