# What ./ddpg needs of the system: finding out what is missing, and installing it. Part of that script, which provides say, die and root.
# shellcheck shell=bash disable=SC2154

# --- what is needed -------------------------------------------------------------------------------------------------------

compiles_cxx20() {  # CXX may carry a launcher or flags: it is split into words, as CMake does
  # shellcheck disable=SC2086
  printf '#include <concepts>\n#include <span>\n' | $1 -std=c++20 -x c++ -fsyntax-only - 2>/dev/null >&2
}

have_compiler() {
  if [[ -n ${CXX-} ]]; then
    compiles_cxx20 "$CXX" && return
    # the package g++ brings these two, and no other
    [[ " $CXX " =~ (^| |/)(g\+\+|c\+\+)\  ]] || die "CXX=$CXX does not compile C++20: name a compiler that is there and does, or unset CXX."
    return 1
  fi
  local name
  for name in c++ g++ clang++; do  # the order in which CMake looks
    command -v "$name" >/dev/null && { compiles_cxx20 "$name"; return; }
  done
  return 1
}

have_cmake() {  # 3.25 or newer, for the presets
  local version
  read -r _ _ version _ < <(cmake --version 2>/dev/null) || return 1
  local major=${version%%.*} rest=${version#*.}
  ((major > 3 || (major == 3 && ${rest%%.*} >= 25)))
}

have_tools() { have_compiler && have_cmake && command -v ninja >/dev/null; }

have_header() {  # where the compiler looks, or where CMake was told to look
  local prefix
  local IFS=:
  for prefix in /usr /usr/local ${CMAKE_PREFIX_PATH-}; do
    [[ -e $prefix/include/$1 ]] && return
  done
  return 1
}

have_library() {  # one that a program loads when it runs: $1 is the start of its file's name
  local cache
  cache=$(PATH=$PATH:/sbin ldconfig -p 2>/dev/null) && [[ $cache == *$'\n\t'"$1"* ]]
}

have_renderer() {  # OpenGL without a display: what draws MuJoCo's tasks
  have_library libOSMesa.so. && return
  have_library libEGL.so.1 && { have_library libEGL_nvidia.so. || compgen -G '/usr/lib/*/dri/swrast_dri.so' >/dev/null; }
}

records=  # set for what makes videos: training does without these packages
draws=    # set for what needs Cairo alone
jobs=     # set for what becomes a job of many processes
unpacks=  # set for what reads compressed data sets
find_missing_for_videos() {
  have_header cairo/cairo.h || missing+=(libcairo2-dev)
  command -v ffmpeg >/dev/null || missing+=(ffmpeg)
  have_renderer || missing+=(libegl1 libgl1-mesa-dri)
}

have_python_headers() {
  local file
  file=$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))' 2>/dev/null) && [[ -e $file/Python.h ]]
}

# Asked for once, by ./ddpg mpi, it is built in from then on.
wants_mpi() { [[ -n $jobs || -e $root/build/mpi ]]; }
have_mpi() { command -v mpicxx >/dev/null && command -v mpirun >/dev/null; }

missing=()
find_missing() {  # fills `missing` with Debian package names, for preset $1, for fetching `mujoco`, or for the `wheel`
  missing=()
  if [[ $1 == mujoco ]]; then
    python3 -m pip --version >/dev/null 2>&1 || missing+=(python3-pip)
    ((${#missing[@]} == 0))
    return
  fi
  if [[ $1 == wheel ]]; then
    have_python_headers || missing+=(python3-dev)
    python3 -m pip --version >/dev/null 2>&1 || missing+=(python3-pip)
    have_header zlib.h || missing+=(zlib1g-dev)
  fi
  [[ -z $records ]] || find_missing_for_videos
  [[ -z $unpacks ]] || have_header zlib.h || missing+=(zlib1g-dev)
  [[ -z $draws ]] || have_header cairo/cairo.h || missing+=(libcairo2-dev)
  ! wants_mpi || have_mpi || missing+=(libopenmpi-dev openmpi-bin)
  have_compiler || missing+=(g++)
  have_cmake || missing+=(cmake)
  command -v ninja >/dev/null || missing+=(ninja-build)
  have_header fmt/core.h || missing+=(libfmt-dev)
  have_header hwy/highway.h || missing+=(libhwy-dev)
  have_header CLI/CLI.hpp || missing+=(libcli11-dev)
  have_header toml++/toml.h || missing+=(libtomlplusplus-dev)
  have_header nlohmann/json.hpp || missing+=(nlohmann-json3-dev)
  if [[ $1 != release && $1 != wheel ]]; then
    have_header gtest/gtest.h || missing+=(libgtest-dev)
    have_header gmock/gmock.h || missing+=(libgmock-dev)
  fi
  ((${#missing[@]} == 0))
}

# --- getting it -----------------------------------------------------------------------------------------------------------

# Debian's name of each package, and its names for dnf (Fedora), pacman (Arch) and brew.
elsewhere='
g++                     gcc-c++            gcc            gcc
cmake                   cmake              cmake          cmake
ninja-build             ninja-build        ninja          ninja
libfmt-dev              fmt-devel          fmt            fmt
libhwy-dev              highway-devel      highway        highway
libcli11-dev            cli11-devel        cli11          cli11
libtomlplusplus-dev     tomlplusplus-devel tomlplusplus   tomlplusplus
nlohmann-json3-dev      json-devel         nlohmann-json  nlohmann-json
libgtest-dev            gtest-devel        gtest          googletest
libgmock-dev            gmock-devel        gtest          googletest
libcairo2-dev           cairo-devel        cairo          cairo
zlib1g-dev              zlib-devel         zlib           zlib
libopenmpi-dev          openmpi-devel      openmpi        open-mpi
openmpi-bin             openmpi            openmpi        open-mpi
ffmpeg                  ffmpeg-free        ffmpeg         ffmpeg
libegl1                 mesa-libEGL        mesa           mesa
libgl1-mesa-dri         mesa-dri-drivers   mesa           mesa
python3-pip             python3-pip        python-pip     python
python3-dev             python3-devel      python         python'

names_for() {  # what is missing, by the names in column $1 of that table
  local row names=
  while read -r -a row; do
    ((${#row[@]})) && [[ " ${missing[*]} " == *" ${row[0]} "* && " $names " != *" ${row[$1]} "* ]] && names+="${names:+ }${row[$1]}"
  done <<<"$elsewhere"
  printf '%s' "$names"
}

cannot_install() {
  say "missing: ${missing[*]}"
  if command -v apt-get >/dev/null; then
    say "$1. This gets what is missing on Debian 12 or newer, as root:"
    printf '\n    apt-get update && apt-get install --yes --no-install-recommends %s\n\n' "${missing[*]}" >&2
  else
    say "$1. ddpg needs Linux. Of these commands, one gets what is missing:"
    printf '\n    %s\n' "apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}" \
      "dnf install $(names_for 1)" "pacman -S --needed $(names_for 2)" "brew install $(names_for 3)" >&2
    printf '\n' >&2
  fi
  say "then start ./ddpg again."
  exit 1
}

has_terminal() { [[ -t 2 ]] && { : </dev/tty; } 2>/dev/null; }

install_missing() {  # what find_missing found for $1; returns when everything is there
  local as_root=() by=
  [[ ${DDPG_INSTALL-} != no ]] || cannot_install "DDPG_INSTALL=no keeps ./ddpg from installing it"
  command -v apt-get >/dev/null || cannot_install "There is no apt-get here to install it with"
  if ((EUID != 0)); then
    command -v sudo >/dev/null || cannot_install "You are not root, and there is no sudo"
    if sudo -n true 2>/dev/null; then as_root=(sudo -n)
    elif has_terminal; then as_root=(sudo)
    else cannot_install "You are not root, and sudo would have to ask for a password"; fi
    by=" through sudo"
  fi

  local log=$root/build/install.log
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 -o Acquire::Retries=2)
  local install=("${as_root[@]}" "${apt[@]}" install --no-install-recommends "${missing[@]}")
  say "installing ${missing[*]}, and what they need, on this system: apt-get$by (DDPG_INSTALL=no keeps ./ddpg from it)"
  if ! "${install[@]}" </dev/null >"$log" 2>&1 9>&-; then  # lists that are absent or old: fetch them, once
    "${as_root[@]}" "${apt[@]}" update </dev/null >>"$log" 2>&1 9>&-
    if ! "${install[@]}" </dev/null >>"$log" 2>&1 9>&-; then
      tail -n 15 -- "$log" >&2
      cannot_install "apt-get could not install it (offline?)"
    fi
  fi
  find_missing "$1" && return
  if [[ -n ${CXX-} && " ${missing[*]} " == *" g++ "* ]]; then die "CXX=$CXX does not compile C++20: name another, or unset it."; fi
  cannot_install "It was installed, but is older than needed (a C++20 compiler such as g++ 12, CMake 3.25)"
}
