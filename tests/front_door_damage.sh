#!/usr/bin/env bash
# Tests what ./ddpg does where something is damaged or in its way, against the stand-in project of tests/front_door.sh.
# shellcheck disable=SC2016  # `all` evaluates what it is given
set -uo pipefail
# shellcheck source=tests/front_door_stand_in.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/front_door_stand_in.sh"

make_project
run "$project/ddpg" first
check "the first start builds" all 'is 0' 'prints first' 'says configuring'

# --- other ways to start it -----------------------------------------------------------------------------------------------
run bash -c "cd / && bash <'$project/ddpg'"
check "as the input of bash it says how it is started" all 'is 2' 'prints ""' 'says "start it as ./ddpg"'
run sh -c "cd / && sh <'$project/ddpg'"
check "as the input of sh, too" all 'is 2' 'prints ""' 'says "start it as ./ddpg"'
run sh "$project/ddpg" of_sh
check "sh ddpg goes on in bash" all 'is 0' 'prints of_sh' silent
run bash --posix "$project/ddpg" of_posix
check "so does a bash that plays sh" all 'is 0' 'prints of_posix' silent

# --- what is damaged ------------------------------------------------------------------------------------------------------
built=$project/build/release
size=$(stat -c %s "$built/build.ninja")
truncate -s $((size / 2)) "$built/build.ninja"
run "$project/ddpg" whole
check "a build.ninja that was cut short is made anew" all 'is 0' 'prints whole' 'says configuring'
truncate -s 100 "$built/CMakeFiles/rules.ninja"
run "$project/ddpg" whole
check "so are Ninja's rules" all 'is 0' 'prints whole' 'says "building anew"'
for damage in 'truncate -s 0' 'truncate -s 1000'; do
  run bash -c "$damage '$built/ddpg' && touch '$built/ddpg' && exec '$project/ddpg' repaired"
  check "a program that was cut short ($damage) is built again" all 'is 0' 'prints repaired' 'says "was damaged" || says building'  # Ninja 1.12 sees it itself
done
truncate -s 200 "$built/CMakeFiles/ddpg.dir/main.cpp.o"
touch "$built/CMakeFiles/ddpg.dir/main.cpp.o"
run "$project/ddpg" repaired
check "an object that was cut short, too" all 'is 0' 'prints repaired'
printf 'add_library(part STATIC part.cpp)\ntarget_link_libraries(ddpg part)\n' >>"$project/CMakeLists.txt"
echo 'int part() { return 0; }' >"$project/part.cpp"
sed -i '1i int part();' "$project/main.cpp"
sed -i 's/std::puts(argv\[1\]);/std::puts(argv[1] + part());/' "$project/main.cpp"
run "$project/ddpg" whole
truncate -s 0 "$built/libpart.a"
touch "$project/main.cpp"
run "$project/ddpg" repaired
check "and an archive that is empty" all 'is 0' 'prints repaired' 'says "building anew"'
chmod -x "$built/ddpg"
run "$project/ddpg" repaired
check "a program that may not be executed" all 'is 0' 'prints repaired' 'says "was damaged"'
rm -- "$built/ddpg"
mkdir -- "$built/ddpg"
run "$project/ddpg" repaired
check "a folder in its place" all 'is 0' 'prints repaired' 'says "was damaged"'
touch -d '+2 years' "$project/main.cpp" "$project/CMakeLists.txt"
run "$project/ddpg" future
check "sources dated in the future are dated now" all 'is 0' 'prints future' 'says "dated in the future, and dated now instead: CMakeLists.txt and 1 more files" || says "instead: main.cpp and 1"'
run "$project/ddpg" future
check "once" all 'is 0' 'prints future' silent

# A compiler launcher that leaves a server behind, as sccache does.
printf '#!/bin/sh\n(sleep 300 >/dev/null 2>&1 </dev/null & echo $! >"%s")\nexec "$@"\n' "$work/server" >"$work/launcher"
chmod +x "$work/launcher"
rm -rf -- "$project/build"
CMAKE_CXX_COMPILER_LAUNCHER=$work/launcher run "$project/ddpg" launched
check "a compiler launcher may leave a server" all 'is 0' 'prints launched' 'kill -0 "$(<"$work/server")"'
run flock --nonblock "$project/build/release.lock" true
check "which does not hold the lock" is 0
kill "$(<"$work/server")"

# --- what is in the way ---------------------------------------------------------------------------------------------------
odd_path() {  # odd_path CHARACTER: started in a folder whose path has it
  mkdir -p -- "$work/odd/x$1y/cmake"
  cp -R -- "$project/ddpg" "$project/CMakePresets.json" "$project/CMakeLists.txt" "$project"/*.cpp "$work/odd/x$1y"
  cp -R -- "$project/cmake/front_door" "$work/odd/x$1y/cmake"
  run "$work/odd/x$1y/ddpg" odd
}
for character in "'" '&' '`' '<' '>' '^' '*' '"' ';' $'\\' '|' $'\n'; do
  odd_path "$character"
  check "a path with $character is refused in clear words" all 'is 1' 'prints ""' 'says "cannot build in a folder whose path holds"' '[[ ! -e $work/odd/x${character}y/build ]]'
done
odd_path '$#%(+é=@~'
check "other odd characters are none of these" all 'is 0' 'prints odd'
run "$work/odd/x\$#%(+é=@~y/ddpg" again
check "and nothing is built again there" all 'is 0' 'prints again' silent
make_project
: >"$project/build"
run "$project/ddpg" version
check "a build that is a file is named" all 'is 1' 'prints ""' 'says "/build is a file"'
rm -- "$project/build"
ln -s nowhere "$project/build"
run "$project/ddpg" version
check "a build that is a link to nothing is named" all 'is 1' 'prints ""' 'says "/build is a link that leads to no folder"'
rm -- "$project/build"
mkdir -p -- "$project/build/release.log"
run "$project/ddpg" version
check "so is a folder in place of the log" all 'is 1' 'prints ""' 'says "release.log is a folder"'
rmdir -- "$project/build/release.log"
: >"$project/build/release"
run "$project/ddpg" version
check "and a file in place of the folder that is built in" all 'is 1' 'prints ""' 'says "build/release is a file"'
rm -- "$project/build/release"
mkdir -p -- "$project/build/release.lock"
run "$project/ddpg" version
check "so is what stands in place of the lock" all 'is 1' 'prints ""' 'says "release.lock: remove it"'
rm -rf -- "$project/build"
CXX=typo run "$project/ddpg" version
check "a compiler that is not there is named, and nothing is installed" all 'is 1' 'prints ""' 'says "CXX=typo does not compile C++20"' '! says installing' '! says g++'

report
