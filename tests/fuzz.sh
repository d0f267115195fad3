#!/usr/bin/env bash
# Every file that ddpg reads, fuzzed with libFuzzer under the address and undefined-behaviour sanitizers.
#   tests/fuzz.sh [SECONDS]    for each target (20)
# What is found is left in build/fuzz/found; put it into tests/fuzz/corpus/TARGET when it is mended: the suite tries it from then on.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cd -- "$root"
cmake --preset fuzz >/dev/null
cmake --build build/fuzz -- -k 0 >build/fuzz.log 2>&1 || { tail -n 40 build/fuzz.log; exit 1; }
mkdir -p build/fuzz/found
code=0
for program in build/fuzz/tests/fuzz/*_fuzz; do
  name=$(basename -- "$program" _fuzz)
  new=build/fuzz/new/$name
  mkdir -p "$new"
  limits=(-max_total_time="${1:-20}" -timeout=10 -rss_limit_mb=600 -malloc_limit_mb=64 -max_len=30000)
  if "$program" "${limits[@]}" -artifact_prefix="build/fuzz/found/$name-" "$new" "tests/fuzz/corpus/$name" >"build/fuzz/$name.log" 2>&1; then
    echo "$name: $(grep -E '^Done' "build/fuzz/$name.log")"
  else
    echo "$name: FAILED"
    grep -avE '^#[0-9]+.*(NEW|REDUCE|pulse|RELOAD)|NEW_FUNC' "build/fuzz/$name.log" | head -n 60
    code=1
  fi
done
exit "$code"
