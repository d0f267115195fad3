#!/usr/bin/env bash
# Fails when a folder includes upward, when a comment or a document names a file that is not there, when a source includes what takes
# seconds to compile, and where a merge was not finished. The rooms of src/ stand on each other in one order, and a robot links the policy
# without the training: that holds only as long as no include points the other way.
# First shows on made-up trees that it can fail.
#   tests/layering.sh [ROOT]
set -euo pipefail
root=${1:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)}

# room: what it may include, beside itself and the public headers
rooms='support:
nn: deploy support
deploy:
policy: deploy nn support
draw: support
data: support
envs: draw support
agent: policy nn support
options: agent nn support
group: support
run: options agent data envs policy nn support
video: run envs policy support
export: run envs policy nn support
record: video run options agent envs policy nn support
report: record draw run options agent envs policy nn support
experiment: actors group report record run options agent envs policy nn support
actors: group run options agent envs policy nn support
program: actors group bench experiment report record export video run options agent envs policy nn support
cli:
include:
examples:'

violations() (  # every include that points upward below the folder $1, one per line
  cd -- "$1" || exit 1
  { grep -rnE --include='*.h' --include='*.cpp' '^[[:space:]]*#[[:space:]]*include[[:space:]]*("|<ddpg/)' src cli include examples ||
    [[ $? -eq 1 ]]; } | LC_ALL=C sort |
    awk -v rooms="$rooms" '
      BEGIN {
        lines = split(rooms, line, "\n")
        for (i = 1; i <= lines; ++i) {
          words = split(line[i], word, /:? +|:$/)
          known[word[1]] = 1
          may[word[1], word[1]] = may[word[1], "ddpg"] = may[word[1], "ddpg_policy"] = 1
          for (j = 2; j <= words; ++j) may[word[1], word[j]] = 1
        }
        delete may["deploy", "ddpg"]  # a library of its own, with headers of its own
      }
      {
        split($0, part, ":")
        split(part[1], folder, "/")
        from = folder[1] == "src" ? folder[2] : folder[1]
        match($0, /["<][^">]*/)
        path = substr($0, RSTART + 1, RLENGTH - 1)
        slash = index(path, "/")
        to = slash ? substr(path, 1, slash - 1) : from
        if (!(from in known)) problem = "is in an unknown room " from
        else if (to == ".." || to == ".") problem = "is not written from src/"
        else if (!slash && from != "examples") problem = "is not written from src/"
        else if (!((from, to) in may)) problem = "points upward: " from " may not include " to
        else next
        print part[1] ":" part[2] ": include of " path " " problem
      }'
)

# Every file or folder that a comment or a document below the folder $1 names and that does not exist, one per line. What is meant: names
# that end as sources do, and paths that begin with one of our folders; written in full or from any folder on the way. Not meant: what
# stands for a name (X_fuzz.cpp, NAME.toml, a*.h), files of others (mujoco/mujoco.h), and the project's own name.
stale() (
  cd -- "$1" || exit 1
  local list
  list=$(find . -name .git -prune -o -path ./build -prune -o -path ./runs -prune -o -print)
  { grep -rnE --include='*.h' --include='*.cpp' '//' src cli include bench tests examples
    grep -rnE --include='*.sh' --include='*.cmake' --include='*.txt' --include='*.py' '^ *#' src cli bench tests examples cmake CMakeLists.txt
    grep -nE '' /dev/null ./*.md
    grep -rnE --include='*.md' '' docs; } 2>/dev/null | LC_ALL=C sort |
    awk -v list="$list" '
      BEGIN {
        count = split(list, path, "\n")
        for (i = 1; i <= count; ++i) {
          sub(/^\.\//, "", path[i])
          if (!index(path[i], "/")) top[path[i]] = 1
          for (known[path[i]] = 1; (slash = index(path[i], "/")) > 0; known[path[i]] = 1) path[i] = substr(path[i], slash + 1)
        }
        known["mujoco/mujoco.h"] = known["GL/osmesa.h"] = known["linux/fs/ext4/ext4.h"] = known["ddpg.cpp"] = 1
        known["ddpg_policy.cpp"] = known["docs/results/table"] = 1  # written by src/deploy/two_files and bench/results/table
      }
      {
        split($0, part, ":")
        text = substr($0, length(part[1]) + length(part[2]) + 3)
        if (part[1] ~ /\.(h|cpp)$/) text = substr(text, index(text, "//"))
        while (match(text, /[A-Za-z0-9_+.\/-]+/)) {
          word = substr(text, RSTART, RLENGTH)
          text = substr(text, RSTART + RLENGTH)
          sub(/[.\/-]+$/, "", word)
          while (sub(/^\.?\.?\//, "", word)) {}
          folder = word
          sub(/\/.*/, "", folder)
          source = word ~ /[^.\/]\.(cpp|h|sh|cmake)$/
          if (!source && !(word ~ /\/[a-z]/ && folder in top && folder ~ /^(src|cli|include|bench|tests|examples|docs|cmake)$/)) continue
          if (word in known || substr(text, 1, 1) == "*" || word ~ /(^|[\/.])[A-Z]+([_.\/]|$)/) continue
          sub(/^\.\//, "", part[1])
          print part[1] ":" part[2] ": " word " is not there"
        }
      }'
)

# Includes of what takes the compiler seconds, outside of the files that hide it; and marks of a merge that was never finished.
heavy() (
  cd -- "$1" || exit 1
  { grep -rnE --include='*.h' --include='*.cpp' '^#include <(nlohmann/json\.hpp|CLI/)' src cli include |
      grep -vE '^src/(support/json\.cpp|program/(command_line\.cpp|flags\.cpp|grammar_errors\.(cpp|h))):' |
      sed -E 's/^([^:]*:[0-9]+):.*/\1: takes seconds to compile: use support\/json.h or program\/flags.h/'
    grep -rnE '^(<{7}|>{7}) ' src cli include bench tests examples docs cmake ./*.md | sed -E 's/^([^:]*:[0-9]+):.*/\1: a mark of an unfinished merge/'; } 2>/dev/null || true
)

heavy_test() {
  local tree found
  tree=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf -- '$tree'" RETURN
  mkdir -p -- "$tree/src/support" "$tree/src/program" "$tree/docs"
  printf '#include <nlohmann/json.hpp>\n' | tee "$tree/src/support/json.cpp" >"$tree/src/program/a.cpp"
  printf '#include <CLI/CLI.hpp>\n' | tee "$tree/src/program/flags.cpp" >"$tree/src/program/b.cpp"
  printf '<%.0s' 1 2 3 4 5 6 7 >"$tree/docs/a.md"
  printf ' HEAD\n' >>"$tree/docs/a.md"
  found=$(heavy "$tree" | LC_ALL=C sort | cut -d: -f1,2 | tr '\n' ' ')
  [[ $found == 'docs/a.md:1 src/program/a.cpp:1 src/program/b.cpp:1 ' ]] ||
    { printf 'layering: of three lines planted in a made-up tree it found %s\n' "$found"; exit 1; }
}

stale_test() {  # a tree in which some names are stale
  local tree
  tree=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf -- '$tree'" RETURN
  mkdir -p -- "$tree/src/run" "$tree/docs" "$tree/tests"
  printf '// See b.h, run/a.cpp and src/run/a.cpp; not X_fuzz.cpp.\n#include "gone.h"\n' >"$tree/src/run/a.cpp"
  printf '// Gone: gone.cpp, run/gone.h, src/gone.\n' >"$tree/src/run/b.h"
  printf '[a](../src/run/a.cpp) in src/run, tests/gone.sh, tests/fuzz_*.sh, ddpg.cpp, policy.onnx, either/or\n' >"$tree/docs/a.md"
  local found
  found=$(stale "$tree")
  [[ $found == $'docs/a.md:1: tests/gone.sh is not there\nsrc/run/b.h:1: gone.cpp is not there\nsrc/run/b.h:1: run/gone.h is not there\nsrc/run/b.h:1: src/gone is not there' ]] ||
    { printf 'layering: of the stale names planted in a made-up tree it found\n%s\n' "$found"; exit 1; }
}

self_test() {  # a tree in which every include but the marked ones is wrong
  local tree
  tree=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf -- '$tree'" RETURN
  local room
  for room in support nn deploy policy draw data envs agent options run video export record report experiment program; do mkdir -p -- "$tree/src/$room"; done
  mkdir -p -- "$tree/cli" "$tree/include/ddpg" "$tree/examples/one"
  local wrong=0
  plant() { printf '#include "%s"\n' "$2" >>"$tree/$1"; }
  wrong() { plant "$1" "$2"; wrong=$((wrong + 1)); }
  wrong src/support/a.h nn/a.h
  wrong src/nn/a.h agent/a.h
  wrong src/nn/a.h policy/a.h
  wrong src/agent/a.cpp run/a.h
  wrong src/agent/a.cpp envs/a.h
  wrong src/agent/a.cpp options/a.h
  wrong src/options/a.cpp run/a.h
  wrong src/run/a.cpp record/a.h
  wrong src/run/a.cpp experiment/a.h
  wrong src/report/a.cpp experiment/a.h
  wrong src/record/a.cpp program/a.h
  wrong cli/a.cpp program/a.h
  wrong src/envs/a.cpp nn/a.h
  wrong src/policy/a.cpp agent/a.h
  wrong src/draw/a.cpp envs/a.h
  wrong src/data/a.cpp agent/a.h
  wrong src/video/a.cpp agent/a.h
  wrong src/run/a.cpp video/a.h
  wrong src/export/a.cpp agent/a.h
  wrong src/policy/a.cpp export/a.h
  wrong src/run/a.cpp ../agent/a.h
  wrong src/run/a.cpp a.h
  wrong include/ddpg/a.h support/a.h
  wrong examples/one/main.cpp run/a.h
  wrong src/deploy/a.cpp support/a.h
  wrong src/deploy/a.cpp nn/a.h
  wrong src/deploy/a.cpp ddpg/a.h
  plant src/agent/a.cpp nn/a.h
  plant src/export/a.cpp run/a.h
  plant src/run/a.cpp options/a.h
  plant src/experiment/a.cpp record/a.h
  plant src/agent/a.cpp ddpg/a.h
  plant include/ddpg/a.h ddpg/b.h
  plant src/program/a.cpp record/a.h
  plant cli/a.cpp ddpg/program.h
  local found
  found=$(violations "$tree" | wc -l)
  [[ $found -eq $wrong ]] || { echo "layering: found $found of the $wrong wrong includes planted in a made-up tree"; exit 1; }
}

self_test
stale_test
heavy_test
found=$(violations "$root"; stale "$root"; heavy "$root")
[[ -z $found ]] || { printf '%s\n' "$found"; exit 1; }
echo "layering: no include points upward or is heavy, and no comment or document names a file that is not there"
